import type { Due, Reminder, Task } from "@/gen/errand/v1/task_pb";
import { Priority, ReminderState, TaskStatus } from "@/gen/errand/v1/task_pb";
import { dateText, momentText } from "@/server/rest/moment";

export type PriorityWord = "low" | "medium" | "high";
export type StatusWord = "pending" | "completed";

/** A task as the REST API shows it. Every key is always there; times are of UTC and end with `Z`. */
export interface TaskJson {
  id: string;
  title: string;
  description: string | null;
  priority: PriorityWord;
  category: string;
  status: StatusWord;
  completed: boolean;
  dueDate: string | null;
  createdAt: string | null;
  updatedAt: string | null;
  userId: string;
  recurringRule: string | null;
  recurringEndDate: string | null;
  parentTaskId: string | null;
  reminderAt: string | null;
  reminderSent: boolean;
  tags: string[];
}

/** The task of a user for the REST API. */
export function taskJson(task: Task, userId: string): TaskJson {
  const reminder = shownReminder(task);
  return {
    id: task.id,
    title: task.title,
    description: task.description || null,
    priority: priorityWord(task.priority),
    category: task.category,
    status: task.status === TaskStatus.COMPLETED ? "completed" : "pending",
    completed: task.status === TaskStatus.COMPLETED,
    dueDate: dueText(task.due),
    createdAt: task.createdAt ? momentText(task.createdAt) : null,
    updatedAt: task.updatedAt ? momentText(task.updatedAt) : null,
    userId,
    recurringRule: task.recurringRule || null,
    recurringEndDate: task.recurringEndDate ? dateText(task.recurringEndDate) : null,
    parentTaskId: task.parentTaskId || null,
    reminderAt: reminder ? reminderText(reminder) : null,
    reminderSent: reminder?.state === ReminderState.SENT,
    tags: [...task.tags],
  };
}

/** A task that is due on a day is shown as due at its midnight in UTC. */
export function dueText(due: Due | undefined): string | null {
  if (due?.when.case === "time") return momentText(due.when.value);
  if (due?.when.case === "date") return dateText(due.when.value);
  return null;
}

/**
 * The one reminder that the REST API shows of a task that may have several: the next to go off, else the last that
 * did.
 */
export function shownReminder(task: Task): Reminder | undefined {
  const inOrder = task.reminders.toSorted((one, other) => momentOf(one) - momentOf(other));
  return inOrder.find(({ state }) => state === ReminderState.SCHEDULED) ?? inOrder.at(-1);
}

/** When a reminder goes off. */
export function reminderText(reminder: Reminder): string | null {
  if (reminder.when.case === "time") return momentText(reminder.when.value);
  return reminder.fireAt ? momentText(reminder.fireAt) : null;
}

function momentOf(reminder: Reminder): number {
  const moment = reminder.when.case === "time" ? reminder.when.value : reminder.fireAt;
  return moment ? Number(moment.seconds) * 1_000_000 + moment.nanos / 1000 : Infinity;
}

function priorityWord(priority: Priority): PriorityWord {
  if (priority === Priority.LOW) return "low";
  return priority === Priority.HIGH ? "high" : "medium";
}
