"use client";

import { useEffect, useMemo, useRef } from "react";

import { addDays } from "@/components/calendar";
import { TaskStatus, type Task } from "@/gen/errand/v1/task_pb";
import { useFormat } from "@/reader/format";

import { isDraft, useTaskActions } from "../data";
import { updateAsking } from "../detail/scope-question";
import { showTask } from "../views/use-view-filter";
import { dueOnDay } from "./due-day";
import type { RowActions } from "./row-actions";
import { extended, toggled } from "./selection";
import type { ListState } from "./use-list-state";

/** The actions of the rows of a list. The object stays the same, whatever the list becomes. */
export function useStableRowActions(tasks: readonly Task[], state: ListState): RowActions {
  const actions = useTaskActions();
  const { today } = useFormat();
  const latest = useRef({ tasks, state, actions, today });
  useEffect(() => {
    latest.current = { tasks, state, actions, today };
  });
  return useMemo<RowActions>(() => {
    const now = () => latest.current;
    return {
      // One that the server does not know yet can't be read; a moment later it can.
      open: (task) => {
        if (!isDraft(task)) showTask(task.id);
      },
      toggleDone: (task) => {
        const { complete, reopen } = now().actions;
        void (task.status === TaskStatus.COMPLETED ? reopen(task) : complete(task));
      },
      remove: (task) => void now().actions.remove(task),
      restore: (task) => void now().actions.restore(task),
      skip: (task) => void now().actions.skip(task),
      select: (task) => now().state.setSelection((selection) => toggled(selection, task.id)),
      selectTo: (task) => now().state.setSelection((selection) => extended(selection, task.id, now().tasks)),
      activate: (task) => now().state.setActive(task.id),
      beginRename: (task) => {
        now().state.setActive(task.id);
        now().state.setRenaming(task.id);
      },
      endRename: (task, title) => {
        now().state.setRenaming(undefined);
        const wanted = title?.trim();
        if (wanted && wanted !== task.title) void now().actions.update(task, { title: wanted });
        // The input is gone at the next drawing, and the focus with it.
        requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-task-id="${task.id}"]`)?.focus());
      },
      setPriority: (task, priority) => void now().actions.update(task, { priority }),
      setDueDay: (task, days) => {
        const due = days === null ? undefined : dueOnDay(task, addDays(now().today, days));
        void updateAsking(now().actions, task, { due });
      },
    };
  }, []);
}
