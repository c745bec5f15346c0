/**
 * A text as it is compared in searches and sorting, equal to what the server makes of it: Unicode's NFKC, full case
 * folding and NFKC again, until nothing changes any more. The four letters of the Turkish i are one.
 */
export function fold(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  let folded = foldOnce(text);
  for (;;) {
    const again = foldOnce(folded);
    if (again === folded) return folded;
    folded = again;
  }
}

/** The folded words of a search, without repeats. */
export function searchWords(search: string): string[] {
  return [...new Set(fold(search).split(WHITE_SPACE).filter(Boolean))];
}

/** What is searched of a task: title and description, folded, on lines of their own. */
export function searchText(title: string, description: string): string {
  return description ? `${fold(title)}\n${fold(description)}` : fold(title);
}

/** What titles are sorted by: folded, and cut to the bytes that the server keeps. */
export function titleKey(title: string): string {
  const folded = fold(title);
  // No character of UTF-16 takes more than three bytes.
  if (folded.length * 3 <= TITLE_KEY_BYTES) return folded;
  const bytes = new TextEncoder().encodeInto(folded, new Uint8Array(TITLE_KEY_BYTES));
  return folded.slice(0, bytes.read);
}

/** Compares by code points, which is the order of the bytes of UTF-8. */
export function compareCodePoints(left: string, right: string): number {
  const shorter = Math.min(left.length, right.length);
  for (let index = 0; index < shorter; index += 1) {
    const [a, b] = [left.charCodeAt(index), right.charCodeAt(index)];
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

function foldOnce(text: string): string {
  let folded = "";
  for (const character of text.normalize("NFKC")) folded += foldCharacter(character);
  return folded.replaceAll("ı", "i").replaceAll("i\u0307", "i").normalize("NFKC");
}

/** JavaScript has no case folding. Upper case and then lower case is the same for all but a few characters. */
function foldCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  // Of Cherokee the upper case is what is folded to.
  if ((code >= 0x13a0 && code <= 0x13ff) || (code >= 0xab70 && code <= 0xabbf)) return character.toUpperCase();
  return character.toUpperCase().toLowerCase().replaceAll("ς", "σ");
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 127) return false;
  return true;
}

/** The halves of characters beyond U+FFFF come after all others. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** White space as Rust has it: JavaScript's also has U+FEFF, and lacks U+0085. */
const WHITE_SPACE = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
const TITLE_KEY_BYTES = 1024;
