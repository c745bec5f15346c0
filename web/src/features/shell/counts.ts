"use client";

import type { CountedView } from "./navigation";

/** How many tasks each view has, nothing until it is known. */
export function useCounts(): Record<CountedView, number> | undefined {
  return undefined;
}
