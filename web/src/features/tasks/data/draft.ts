"use client";

import { useCallback, useMemo, useState } from "react";

import type { Task } from "@/gen/errand/v1/task_pb";

import { newDraft, rebase, touch, untouch, valueOf } from "./draft-merge";
import { TASK_FIELDS } from "./fields";
import type { TaskField, TaskFields, TaskPatch } from "./types";

/** A form over a task, into which changes from elsewhere come without touching what the person writes. */
export interface TaskForm {
  /** The task that `patch` is a change of; give both to `update`. */
  base: Task;
  values: TaskFields;
  /** What the person has changed and not saved. */
  patch: TaskPatch;
  isDirty: boolean;
  /** Fields that the person has touched and that someone else has changed since. */
  changedElsewhere: readonly TaskField[];
  set: <Field extends TaskField>(field: Field, value: TaskFields[Field]) => void;
  /** Takes the task's own value of a field. */
  revert: (field: TaskField) => void;
  /** Forgets what is not saved. */
  reset: () => void;
}

export function useDraft(task: Task): TaskForm {
  const [kept, setKept] = useState(() => newDraft(task));
  const state = rebase(kept, task);
  if (state !== kept) setKept(state);

  const set: TaskForm["set"] = useCallback((field, value) => setKept((before) => touch(before, field, value)), []);
  const revert = useCallback((field: TaskField) => setKept((before) => untouch(before, field)), []);
  const reset = useCallback(() => setKept((before) => newDraft(before.base)), []);
  return useMemo(
    () => ({
      base: state.base,
      values: Object.fromEntries(TASK_FIELDS.map((field) => [field, valueOf(state, field)])) as unknown as TaskFields,
      patch: state.touched,
      isDirty: Object.keys(state.touched).length > 0,
      changedElsewhere: state.changedElsewhere,
      set,
      revert,
      reset,
    }),
    [state, set, revert, reset],
  );
}
