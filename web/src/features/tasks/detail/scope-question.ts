"use client";

import { createStore } from "@/components/store";
import type { Task } from "@/gen/errand/v1/task_pb";

import type { SeriesScope, TaskActions, TaskPatch } from "../data/types";

/** A change of a recurring task's due, which waits for the person to say what it is for. */
export interface ScopeQuestion {
  task: Task;
  answer: (scope: SeriesScope | undefined) => void;
}

/** The question that is open. */
export function useScopeQuestion(): ScopeQuestion | null {
  return store.use();
}

/**
 * Updates a task. Where the due of a recurring one changes, the person is asked first whether the series moves along;
 * nothing changes if they would rather not say.
 */
export async function updateAsking(
  actions: Pick<TaskActions, "update">,
  task: Task,
  patch: TaskPatch,
): Promise<Task | undefined> {
  const moves = task.recurringRule !== "" && patch.due !== undefined && patch.recurringRule === undefined;
  if (!moves) return actions.update(task, patch);
  const scope = await new Promise<SeriesScope | undefined>((resolve) => {
    store.get()?.answer(undefined);
    store.set({
      task,
      answer: (answered) => {
        store.set(null);
        resolve(answered);
      },
    });
  });
  return scope && actions.update(task, patch, { scope });
}

const store = createStore<ScopeQuestion | null>(null);
