"use client";

import { useSyncExternalStore } from "react";

/**
 * Whether shortcuts of plain characters are on. Who dictates, or whose hand trembles, turns them off (WCAG 2.1.4); it is
 * kept in this browser, since it is a matter of the device.
 */
export function characterShortcutsOn(): boolean {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
}

export function useCharacterShortcuts(): [on: boolean, set: (on: boolean) => void] {
  const on = useSyncExternalStore(subscribe, characterShortcutsOn, () => true);
  return [on, setCharacterShortcuts];
}

function setCharacterShortcuts(on: boolean): void {
  try {
    if (on) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, "off");
  } catch {
    // A browser that keeps nothing keeps the shortcuts on.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("storage", listener);
  };
}

const listeners = new Set<() => void>();
const KEY = "errand.character-shortcuts";
