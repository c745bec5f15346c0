"use client";

import { createStore } from "@/components/store";

/** What lies over the page, opened by keys or from elsewhere than where it stands. */
export type Overlay = "palette" | "shortcuts" | null;

/** The overlay that is open. */
export function useOverlay(): Overlay {
  return store.use();
}

/** Opens an overlay in place of another; null closes it. */
export function showOverlay(overlay: Overlay): void {
  store.set(overlay);
}

const store = createStore<Overlay>(null);
