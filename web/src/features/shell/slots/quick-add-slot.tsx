"use client";

import { QuickAddButton } from "@/features/quick-add/quick-add-button";

/** Where it stands: in the sidebar, or in the bar of a phone. */
export interface QuickAddSlotProps {
  place: "sidebar" | "bar";
}

/** The button that adds a task. */
export function QuickAddSlot({ place }: QuickAddSlotProps) {
  return <QuickAddButton place={place} />;
}
