/** The tags with those of a text added, as the server writes them: trimmed, in lower case, each once, ten at most. */
export function tagsWith(tags: readonly string[], text: string): string[] {
  const added = text
    .split(",")
    .map((tag) => tag.trim().replace(/^#+/, "").trim().normalize("NFC").toLowerCase())
    .filter((tag) => tag !== "" && tag.length <= 50);
  return [...new Set([...tags, ...added])].slice(0, 10);
}
