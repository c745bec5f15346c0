import type { Task } from "@/gen/errand/v1/task_pb";

import { differences, hasValue } from "./fields";
import type { TaskField, TaskFields, TaskPatch } from "./types";

/** A task that is being written: what the person has touched, and what became of the task meanwhile. */
export interface DraftState {
  /** The task as it is now, as far as the page knows: what the draft is an edit of. */
  base: Task;
  touched: TaskPatch;
  /** Fields that the person has touched and that someone else has changed since. */
  changedElsewhere: readonly TaskField[];
}

export function newDraft(task: Task): DraftState {
  return { base: task, touched: {}, changedElsewhere: [] };
}

/** The person writes. A field that is as the task has it again counts as untouched. */
export function touch<Field extends TaskField>(state: DraftState, field: Field, value: TaskFields[Field]): DraftState {
  if (!hasValue(state.base, field, value)) return { ...state, touched: { ...state.touched, [field]: value } };
  return untouch(state, field);
}

/** The task's own value of a field again. */
export function untouch(state: DraftState, field: TaskField): DraftState {
  const touched = Object.fromEntries(Object.entries(state.touched).filter(([name]) => name !== field));
  return { ...state, touched, changedElsewhere: state.changedElsewhere.filter((other) => other !== field) };
}

/** Takes a later state of the task: it changes no field that the person has touched, but tells of it. */
export function rebase(state: DraftState, task: Task): DraftState {
  if (task === state.base) return state;
  if (task.id !== state.base.id) return newDraft(task);
  if (task.version < state.base.version) return state;
  const changed = differences(state.base, task);
  let result: DraftState = { ...state, base: task };
  for (const field of changed) {
    if (!Object.hasOwn(state.touched, field)) continue;
    const isSame = hasValue(task, field, state.touched[field]);
    if (isSame) result = untouch(result, field);
    else if (!result.changedElsewhere.includes(field)) {
      result = { ...result, changedElsewhere: [...result.changedElsewhere, field] };
    }
  }
  return result;
}

/** The value that a form shows. */
export function valueOf<Field extends TaskField>(state: DraftState, field: Field): TaskFields[Field] {
  if (Object.hasOwn(state.touched, field)) return state.touched[field] as TaskFields[Field];
  return state.base[field] as TaskFields[Field];
}
