"use client";

/** Where it stands: in the sidebar, or in the bar of a phone. */
export interface QuickAddSlotProps {
  place: "sidebar" | "bar";
}

/** The button that adds a task. The feature quick-add fills it. */
export function QuickAddSlot({ place }: QuickAddSlotProps) {
  return <span data-place={place} hidden />;
}
