"use client";

import { createContext, use } from "react";

import type { Task } from "@/gen/errand/v1/task_pb";

/** What can be done from a row. It is one object for as long as the list is there, so rows need not be drawn anew. */
export interface RowActions {
  open: (task: Task) => void;
  /** Completes a task, or reopens it. */
  toggleDone: (task: Task) => void;
  remove: (task: Task) => void;
  restore: (task: Task) => void;
  skip: (task: Task) => void;
  select: (task: Task) => void;
  selectTo: (task: Task) => void;
  /** Makes it the row that keys work on. */
  activate: (task: Task) => void;
  beginRename: (task: Task) => void;
  /** Ends the edit of a title; with text it is the new one. */
  endRename: (task: Task, title?: string) => void;
  setPriority: (task: Task, priority: Task["priority"]) => void;
  /** Moves the due by whole days from today; null takes it away. */
  setDueDay: (task: Task, daysFromToday: number | null) => void;
}

export const RowActionsContext = createContext<RowActions | null>(null);

export function useRowActions(): RowActions {
  const actions = use(RowActionsContext);
  if (!actions) throw new Error("a row stands in a list");
  return actions;
}
