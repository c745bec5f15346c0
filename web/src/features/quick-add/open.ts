"use client";

import { createStore } from "@/components/store";

/** Opens the line in which a task is written. */
export function openQuickAdd(): void {
  store.set(true);
}

export function closeQuickAdd(): void {
  store.set(false);
}

/** Whether the line is open. */
export function useQuickAddOpen(): boolean {
  return store.use();
}

const store = createStore(false);
