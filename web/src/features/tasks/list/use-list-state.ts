"use client";

import { useCallback, useMemo, useRef, useState, useEffect } from "react";

import type { Task } from "@/gen/errand/v1/task_pb";

import { identityOf } from "../data/identity";
import { NOTHING_SELECTED, selectedTasks, type Selection } from "./selection";

/** What a list knows beside its tasks: the row that keys work on, the selected ones, and the one that is renamed. */
export interface ListState {
  activeId: string | undefined;
  activeIndex: number;
  selection: Selection;
  selected: readonly Task[];
  renamingId: string | undefined;
  setActive: (id: string) => void;
  setSelection: (change: (selection: Selection) => Selection) => void;
  clearSelection: () => void;
  setRenaming: (id: string | undefined) => void;
}

export function useListState(tasks: readonly Task[]): ListState {
  const [wantedId, setActive] = useState<string>();
  const [selection, setSelection] = useState(NOTHING_SELECTED);
  const [renamingId, setRenaming] = useState<string>();
  const lastIndex = useRef(0);

  const foundIndex = indexOf(tasks, wantedId);
  // The row at which the person was is gone: the one that took its place is the next to work on.
  // eslint-disable-next-line react-hooks/refs -- the place is only needed once the row has gone
  const activeIndex = foundIndex >= 0 ? foundIndex : Math.min(lastIndex.current, tasks.length - 1);
  useEffect(() => {
    if (activeIndex >= 0) lastIndex.current = activeIndex;
  }, [activeIndex]);

  const selected = useMemo(() => selectedTasks(selection, tasks), [selection, tasks]);
  const clearSelection = useCallback(() => setSelection(NOTHING_SELECTED), []);
  return {
    activeId: tasks[activeIndex]?.id,
    activeIndex,
    selection,
    selected,
    renamingId: tasks[indexOf(tasks, renamingId)]?.id,
    setActive,
    setSelection,
    clearSelection,
    setRenaming,
  };
}

function indexOf(tasks: readonly Task[], id: string | undefined): number {
  if (id === undefined) return -1;
  const identity = identityOf(id);
  return tasks.findIndex((task) => identityOf(task.id) === identity);
}
