import { clone, create, equals, type MessageInitShape } from "@bufbuild/protobuf";

import { ReminderSchema, TaskSchema, type Task } from "@/gen/errand/v1/task_pb";

import type { TaskField, TaskFields, TaskPatch } from "./types";

export const TASK_FIELDS: readonly TaskField[] = [
  "title",
  "description",
  "priority",
  "category",
  "tags",
  "due",
  "recurringRule",
  "recurrenceMode",
  "recurringEndDate",
  "reminders",
];

/** The fields that a patch names, an absent value included. */
export function fieldsIn(patch: TaskPatch): TaskField[] {
  return TASK_FIELDS.filter((field) => Object.hasOwn(patch, field));
}

/** The server's names of the fields. */
export function maskOf(patch: TaskPatch): string[] {
  return fieldsIn(patch).map((field) => field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

/** A patch as a message takes it. */
export function patchInit(patch: TaskPatch): MessageInitShape<typeof TaskSchema> {
  const { tags, reminders, due, recurringEndDate, ...rest } = patch;
  return {
    ...rest,
    ...(tags && { tags: [...tags] }),
    ...(reminders && { reminders: [...reminders] }),
    ...(due && { due }),
    ...(recurringEndDate && { recurringEndDate }),
  };
}

/** The task as it will be: what the page shows until the server has answered. */
export function patched(task: Task, patch: TaskPatch): Task {
  const result = withValues(task, patch);
  result.title = result.title.trim();
  return result;
}

/** What a person can write of a task, for a patch. */
export function pick(task: Task, fields: readonly TaskField[] = TASK_FIELDS): TaskPatch {
  return Object.fromEntries(fields.map((field) => [field, task[field]]));
}

/** The fields in which two states of a task differ. What the server alone decides of a reminder does not count. */
export function differences(left: Task, right: Task, fields: readonly TaskField[] = TASK_FIELDS): TaskField[] {
  return fields.filter((field) => !equals(TaskSchema, only(left, field), only(right, field)));
}

/** Whether a value of a field is what the task has, to the last space. */
export function hasValue<Field extends TaskField>(task: Task, field: Field, value: TaskFields[Field]): boolean {
  return differences(task, withValues(task, { [field]: value }), [field]).length === 0;
}

function withValues(task: Task, patch: TaskPatch): Task {
  const wanted = create(TaskSchema, patchInit(patch));
  const result = clone(TaskSchema, task);
  for (const field of fieldsIn(patch)) copyField(field, wanted, result);
  return result;
}

function only(task: Task, field: TaskField): Task {
  const result = create(TaskSchema);
  copyField(field, task, result);
  result.reminders = result.reminders.map((reminder) =>
    create(ReminderSchema, { id: reminder.id, when: reminder.when }),
  );
  return result;
}

function copyField(field: TaskField, from: Task, to: Task): void {
  Object.assign(to, { [field]: from[field] });
}
