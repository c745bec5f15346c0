"use client";

import { useTaskStats } from "@/features/tasks/data/reads";

import type { CountedView } from "./navigation";

/** How many tasks each view has, nothing until it is known. */
export function useCounts(): Record<CountedView, number> | undefined {
  const { value } = useTaskStats();
  return value && { today: value.dueToday, overdue: value.overdue, all: value.pending };
}
