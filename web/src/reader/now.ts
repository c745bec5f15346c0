"use client";

import { useSyncExternalStore } from "react";

import { usePreferences } from "./preferences";

/** The moment, in milliseconds, at the last full minute. Components that use it are drawn again each minute. */
export function useNow(): number {
  const { renderedAt } = usePreferences();
  return useSyncExternalStore(subscribe, currentMinute, () => Math.floor(renderedAt / MINUTE) * MINUTE);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) {
    schedule();
    document.addEventListener("visibilitychange", tick);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", tick);
  };
}

function tick(): void {
  schedule();
  for (const listener of listeners) listener();
}

/** A timer of a page in the background, or of a machine that slept, comes late; the next one is right again. */
function schedule(): void {
  clearTimeout(timer);
  timer = setTimeout(tick, MINUTE - (Date.now() % MINUTE) + 10);
}

function currentMinute(): number {
  return Math.floor(Date.now() / MINUTE) * MINUTE;
}

let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();
const MINUTE = 60_000;
