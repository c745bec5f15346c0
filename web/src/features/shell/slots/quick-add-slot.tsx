"use client";

/** Where it stands: in the sidebar, or in the bar of a phone. */
export type QuickAddPlace = "sidebar" | "bar";

/** The button that adds a task. The feature quick-add fills it. */
export function QuickAddSlot(_: { place: QuickAddPlace }) {
  return null;
}
