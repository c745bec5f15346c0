import { splitPress } from "@/components/keys";

/** What of a key press matters here; a KeyboardEvent has it all. */
export interface KeyPress {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** How one press is written in a shortcut: `k`, `?`, `mod+k`, `shift+arrowdown`. Nothing for a modifier by itself. */
export function pressName(press: KeyPress, apple: boolean): string | undefined {
  const key = latinKey(press);
  if (MODIFIERS.has(key)) return undefined;
  const parts: string[] = [];
  const mod = apple ? press.metaKey : press.ctrlKey;
  const other = apple ? press.ctrlKey : press.metaKey;
  if (other) return undefined;
  if (mod) parts.push("mod");
  // What Alt or Shift makes of a character is another character already, such as `?` or `#`.
  const character = key.length === 1 && !/[a-z]/.test(key);
  if (press.altKey && !character) parts.push("alt");
  if (press.shiftKey && !character) parts.push("shift");
  return [...parts, key].join("+");
}

/** A shortcut as pressName would write its presses, whatever the order and case it was given in. */
export function normalShortcut(keys: string): string[] {
  return keys
    .trim()
    .split(/\s+/)
    .map((press) => {
      const parts = splitPress(press.toLowerCase());
      const key = parts.at(-1) ?? "";
      const held = ["mod", "alt", "shift"].filter((modifier) => parts.slice(0, -1).includes(modifier));
      return [...held, key].join("+");
    });
}

export type Match<Item> = { kind: "none" } | { kind: "begun" } | { kind: "found"; item: Item };

/**
 * What the presses so far mean among shortcuts; of two with the same keys the later one holds. Presses that begin a
 * longer shortcut are kept until the next press, unless they are one by themselves.
 */
export function matchShortcut<Item extends { presses: string[] }>(
  pressed: readonly string[],
  shortcuts: readonly Item[],
): Match<Item> {
  let begun = false;
  for (const item of shortcuts.toReversed()) {
    if (!pressed.every((press, index) => item.presses[index] === press)) continue;
    if (item.presses.length === pressed.length) return { kind: "found", item };
    begun = true;
  }
  return begun ? { kind: "begun" } : { kind: "none" };
}

/** Whether a shortcut is made of plain characters, which speech input and a cat can press as well. */
export function isCharacterShortcut(presses: readonly string[]): boolean {
  return presses.some((press) => press.length === 1);
}

/** On a keyboard with other letters, those that stand at the place of Latin ones count as these. */
function latinKey(press: KeyPress): string {
  if (press.key === " ") return "space";
  const letter = /^Key([A-Z])$/.exec(press.code)?.[1];
  if (letter && press.key.length === 1 && /[^\u0000-\u024f]/.test(press.key)) return letter.toLowerCase();
  return press.key.toLowerCase();
}

const MODIFIERS = new Set(["control", "shift", "alt", "meta", "altgraph", "capslock", "dead", "process"]);
