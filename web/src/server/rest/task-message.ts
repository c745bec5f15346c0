import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { TimestampSchema } from "@bufbuild/protobuf/wkt";

import type { DueSchema, ReminderSchema, Task, TaskSchema } from "@/gen/errand/v1/task_pb";
import type { Moment, TaskFields } from "@/server/rest/body";
import { momentText, parseDate } from "@/server/rest/moment";
import { dueText, reminderText, shownReminder } from "@/server/rest/task-json";

type TaskInit = Exclude<MessageInitShape<typeof TaskSchema>, Task>;
type DueInit = MessageInitShape<typeof DueSchema>;
type ReminderInit = MessageInitShape<typeof ReminderSchema>;

/** What of a task changes, and to what. */
export interface TaskPatch {
  readonly task: TaskInit;
  readonly paths: string[];
}

/** The task that a body asks for. */
export function newTask(fields: TaskFields): TaskInit {
  return patchOf(fields, undefined).task;
}

/** Whether what a body asks for depends on how the task is now. */
export function dependsOnTask(fields: TaskFields): boolean {
  return Boolean(fields.dueDate) || fields.reminderAt !== undefined;
}

/**
 * What a body changes. The REST API shows less of a task than there is: one reminder of several, the midnight of a day,
 * no zone. What comes back as it was shown is no change, and what is not shown stays.
 */
export function patchOf(fields: TaskFields, present: Task | undefined): TaskPatch {
  const task: TaskInit = {};
  const paths: string[] = [];
  const set = <Name extends keyof TaskInit>(path: string, name: Name, value: TaskInit[Name]) => {
    task[name] = value;
    paths.push(path);
  };
  const { title, description, priority, category, tags, dueDate, recurringRule, recurringEndDate, reminderAt } = fields;
  if (title !== undefined) set("title", "title", title);
  if (description !== undefined) set("description", "description", description);
  if (priority !== undefined) set("priority", "priority", priority);
  if (category !== undefined) set("category", "category", category);
  if (tags !== undefined) set("tags", "tags", tags);
  if (dueDate === null) set("due", "due", undefined);
  if (dueDate && !isShown(dueDate, present && dueText(present.due))) set("due", "due", dueOf(dueDate, present));
  if (recurringRule !== undefined) set("recurring_rule", "recurringRule", recurringRule);
  if (recurringEndDate !== undefined) set("recurring_end_date", "recurringEndDate", recurringEndDate ?? undefined);
  const reminders = reminderAt === undefined ? undefined : remindersOf(reminderAt, present);
  if (reminders !== undefined) set("reminders", "reminders", reminders);
  return { task, paths };
}

/** A task that is due on a day stays so when it moves to the midnight of another one. */
function dueOf(moment: Moment, present: Task | undefined): DueInit {
  const timeZone = present?.due?.timeZone ?? "";
  const text = textOf(moment);
  const day = present?.due?.when.case === "date" && text.endsWith("T00:00:00Z") ? parseDate(text) : undefined;
  if (day !== undefined) return { when: { case: "date", value: day }, timeZone };
  return { when: { case: "time", value: moment }, timeZone };
}

/** The reminders as they become, `undefined` if they stay. One that stays keeps its id, and with it its state. */
function remindersOf(moment: Moment | null, present: Task | undefined): ReminderInit[] | undefined {
  if (moment === null) return [];
  const shown = present && shownReminder(present);
  if (isShown(moment, shown && reminderText(shown))) return undefined;
  const others = (present?.reminders ?? []).filter((reminder) => reminder !== shown);
  return [...others, { when: { case: "time", value: moment } }];
}

function isShown(moment: Moment, shown: string | null | undefined): boolean {
  return textOf(moment) === shown;
}

function textOf(moment: Moment): string {
  return momentText(create(TimestampSchema, moment));
}
