"use client";

/** The search over tasks, in the header. The feature tasks fills it. */
export function SearchSlot() {
  return null;
}
