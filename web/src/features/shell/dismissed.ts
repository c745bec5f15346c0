"use client";

import { useSyncExternalStore } from "react";

/** Whether something has been waved off in this browser, and how to wave it off. It is not shown before that is known. */
export function useDismissed(what: string): [dismissed: boolean, dismiss: () => void] {
  const key = `errand.dismissed ${what}`;
  const dismissed = useSyncExternalStore(
    subscribe,
    () => read(key),
    () => true,
  );
  return [dismissed, () => write(key)];
}

function read(key: string): boolean {
  try {
    return localStorage.getItem(key) !== null || waved.has(key);
  } catch {
    return waved.has(key);
  }
}

function write(key: string): void {
  waved.add(key);
  try {
    localStorage.setItem(key, "yes");
  } catch {
    // A browser that keeps nothing asks again on the next page.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

const waved = new Set<string>();
const listeners = new Set<() => void>();
