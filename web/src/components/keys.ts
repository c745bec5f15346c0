import { useSyncExternalStore } from "react";

/** The keys whose names are words, and so have a translation. */
export type NamedKey = "ctrl" | "alt" | "shift" | "enter" | "escape" | "space" | "delete" | "backspace" | "up" | "down";

/** What is to be pressed: presses one after the other, each of keys that are held together, as they are to be shown. */
export function keyParts(keys: string, apple: boolean, name: (key: NamedKey) => string): string[][] {
  return keys.split(" ").map((press) => splitPress(press).map((key) => keyLabel(key, apple, name)));
}

/** Whether this machine's keyboard has a command key. A server can't know, and says no. */
export function useIsApple(): boolean {
  return useSyncExternalStore(neverChanges, isApple, () => false);
}

/** The keys of one press. A plus at the end is the key itself. */
export function splitPress(press: string): string[] {
  if (press === "+") return ["+"];
  if (press.endsWith("++")) return [...press.slice(0, -2).split("+"), "+"];
  return press.split("+");
}

/** Whether the browser runs on a machine of Apple's. */
export function isApple(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}

function keyLabel(key: string, apple: boolean, name: (key: NamedKey) => string): string {
  const lower = key.toLowerCase();
  if (lower === "mod") return apple ? "⌘" : name("ctrl");
  if (apple && lower === "alt") return "⌥";
  if (apple && lower === "shift") return "⇧";
  const named = NAMED[lower];
  if (named) return name(named);
  return key.length === 1 ? key.toUpperCase() : key;
}

const NAMED: Record<string, NamedKey | undefined> = {
  alt: "alt",
  shift: "shift",
  enter: "enter",
  escape: "escape",
  space: "space",
  delete: "delete",
  backspace: "backspace",
  arrowup: "up",
  arrowdown: "down",
};

const neverChanges = () => () => undefined;
