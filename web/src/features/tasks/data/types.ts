import type { ConnectError } from "@connectrpc/connect";
import type { MessageInitShape } from "@bufbuild/protobuf";

import type { DateSchema } from "@/gen/google/type/date_pb";
import type { DueSchema, Priority, RecurrenceMode, ReminderSchema, Task } from "@/gen/errand/v1/task_pb";

/** What a list of tasks is for. All but `completed` and `trash` show what is still to do. */
export type View = "today" | "upcoming" | "overdue" | "all" | "completed" | "trash";

export const VIEWS: readonly View[] = ["today", "upcoming", "overdue", "all", "completed", "trash"];

export type SortField = "created" | "updated" | "due" | "priority" | "title";

/** What a list is sorted by; with a minus from the greatest to the least. */
export type Sort = SortField | `-${SortField}`;

/** Which tasks, and in which order. All that is set must hold; an empty list says nothing. */
export interface ListQuery {
  view: View;
  /** Every word of it stands in title or description, whatever the case. */
  search?: string;
  /** One of these. */
  priorities: readonly Priority[];
  /** One of these. */
  categories: readonly string[];
  /** All of these. */
  tags: readonly string[];
  sort: Sort;
}

/** A list as far as it is read. */
export interface TaskList {
  tasks: readonly Task[];
  status: "loading" | "ready" | "error";
  error?: ConnectError;
  hasNext: boolean;
  isFetchingNext: boolean;
  /** Reads on, unless it does already or everything is read. */
  fetchNext: () => void;
  refetch: () => void;
}

/** What a person can write of a task. */
export interface TaskFields {
  title: string;
  description: string;
  priority: Priority;
  category: string;
  tags: readonly string[];
  due: MessageInitShape<typeof DueSchema> | undefined;
  recurringRule: string;
  recurrenceMode: RecurrenceMode;
  recurringEndDate: MessageInitShape<typeof DateSchema> | undefined;
  reminders: readonly MessageInitShape<typeof ReminderSchema>[];
}

export type TaskField = keyof TaskFields;

/** A task to be made. */
export type TaskDraft = Partial<TaskFields> & { title: string };

/** What is to change of a task. A field that is there with `undefined` is cleared. */
export type TaskPatch = Partial<TaskFields>;

/** Which tasks of a series a new due is for. */
export type SeriesScope = "this-and-following" | "this-occurrence";

/** Until when, or for how many milliseconds, a reminder is put off. */
export type SnoozeTime = { until: Date } | { delayMs: number };

/** What several tasks at once can be told. */
export interface BulkActions {
  complete: (tasks: readonly Task[]) => Promise<BulkResult>;
  remove: (tasks: readonly Task[]) => Promise<BulkResult>;
  update: (tasks: readonly Task[], patch: TaskPatch) => Promise<BulkResult>;
}

export interface BulkResult {
  done: number;
  failed: number;
}

/**
 * What can be done with tasks. Each shows at once, and goes back with a message if the server refuses it: then the
 * promise gives `undefined`. None of them throws.
 */
export interface TaskActions {
  create: (draft: TaskDraft) => Promise<Task | undefined>;
  update: (task: Task, patch: TaskPatch, options?: { scope?: SeriesScope }) => Promise<Task | undefined>;
  complete: (task: Task) => Promise<Task | undefined>;
  reopen: (task: Task) => Promise<Task | undefined>;
  /** Puts it in the trash. */
  remove: (task: Task) => Promise<Task | undefined>;
  /** Takes it out of the trash. */
  restore: (task: Task) => Promise<Task | undefined>;
  /** Moves a recurring task on without completing it. It can't be undone. */
  skip: (task: Task) => Promise<Task | undefined>;
  /** Puts off the reminder that a notification told of. */
  snooze: (notificationId: string, time: SnoozeTime) => Promise<boolean>;
  bulk: BulkActions;
}

export type UndoKind = "create" | "edit" | "complete" | "reopen" | "delete" | "restore";

/** Something that can be undone. */
export interface UndoEntry {
  id: string;
  kind: UndoKind;
  /** How many tasks it was done to. */
  count: number;
  /** The title of the task, of the first if there are several. */
  title: string;
}

export interface Undo {
  /** The oldest first. */
  entries: readonly UndoEntry[];
  /** Undoes the last, or the one with this id. */
  undo: (id?: string) => Promise<void>;
}

/** Two changed the same fields of a task. */
export interface Conflict {
  id: string;
  /** The task as it was when the person began. */
  base: Task;
  /** The task as the person wants it. */
  mine: Task;
  /** The task as someone else made it meanwhile. */
  theirs: Task;
  /** The fields in which both differ. */
  fields: readonly TaskField[];
}

export interface ConflictChoice {
  /** The one to be shown; the others wait. */
  conflict: Conflict | undefined;
  keepMine: () => void;
  keepTheirs: () => void;
}
