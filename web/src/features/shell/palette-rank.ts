export interface Rankable {
  label: string;
  keywords?: string;
}

/** The items that a query finds, the best first. Letters count without accents and case; an empty query finds all. */
export function rank<Item extends Rankable>(query: string, items: readonly Item[]): Item[] {
  const wanted = fold(query);
  if (wanted === "") return [...items];
  return items
    .map((item) => ({
      item,
      score: Math.max(score(wanted, fold(item.label)), score(wanted, fold(item.keywords ?? "")) - 1),
    }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item);
}

function score(wanted: string, text: string): number {
  if (text.startsWith(wanted)) return 6;
  const words = text.split(/\s+/);
  if (words.some((word) => word.startsWith(wanted))) return 5;
  if (wanted.split(/\s+/).every((part) => words.some((word) => word.startsWith(part)))) return 4;
  if (text.includes(wanted)) return 3;
  return inOrder(wanted.replaceAll(" ", ""), text) ? 2 : 0;
}

/** Whether the letters come one after the other, each a word's first or next to the one before. */
function inOrder(letters: string, text: string): boolean {
  const initials = text
    .split(/\s+/)
    .map((word) => word.charAt(0))
    .join("");
  return letters.length > 1 && initials.includes(letters);
}

function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
}
