import type { MessageInitShape } from "@bufbuild/protobuf";

import { addDays } from "@/components/calendar";
import { TaskStatus, type Due, type Task } from "@/gen/errand/v1/task_pb";
import { TrashFilter, type TaskFilterSchema } from "@/gen/errand/v1/task_service_pb";

import { calendarDate, dueWithin, passedBy, today, type Clock, type DayRange } from "./day";
import { searchText, searchWords } from "./fold";
import type { ListQuery, View } from "./types";

/** What the server is asked for. */
export function filterOf(query: ListQuery, clock: Clock): MessageInitShape<typeof TaskFilterSchema> {
  const status = statusOf(query.view);
  const range = rangeOf(query.view, clock);
  return {
    statuses: status === undefined ? [] : [status],
    priorities: [...query.priorities],
    categories: [...query.categories],
    tags: [...query.tags],
    search: query.search ?? "",
    trash: query.view === "trash" ? TrashFilter.ONLY : TrashFilter.EXCLUDE,
    ...(range && {
      due: {
        timeZone: clock.zone,
        ...(range.first && { firstDate: calendarDate(range.first) }),
        ...(range.last && { lastDate: calendarDate(range.last) }),
      },
    }),
    ...(query.view === "overdue" && { due: { timeZone: clock.zone, overdue: true } }),
  };
}

/** Whether a task belongs to a list, by the server's own rules. */
export function belongs(task: Task, query: ListQuery, clock: Clock): boolean {
  return membership(query, clock)(task);
}

/** The same for many tasks: what follows from query and clock alone is found once. */
export function membership(query: ListQuery, clock: Clock): (task: Task) => boolean {
  const { view, priorities, categories, tags } = query;
  const status = statusOf(view);
  const words = searchWords(query.search ?? "");
  const isDueThen = dueTest(view, clock);
  return (task) =>
    (task.deletedAt !== undefined) === (view === "trash") &&
    (status === undefined || task.status === status) &&
    isAmong(priorities, task.priority) &&
    isAmong(categories, task.category) &&
    tags.every((tag) => task.tags.includes(tag)) &&
    isDueThen(task.due) &&
    isFound(task, words);
}

/** Whether time alone brings tasks to the view or takes them from it. */
export function followsTheClock(view: View): boolean {
  return view === "today" || view === "upcoming" || view === "overdue";
}

function statusOf(view: View): TaskStatus | undefined {
  if (view === "trash") return undefined;
  return view === "completed" ? TaskStatus.COMPLETED : TaskStatus.PENDING;
}

function rangeOf(view: View, clock: Clock): DayRange | undefined {
  if (view === "today") return { first: today(clock), last: today(clock) };
  return view === "upcoming" ? { first: addDays(today(clock), 1) } : undefined;
}

function dueTest(view: View, clock: Clock): (due: Due | undefined) => boolean {
  if (!followsTheClock(view)) return () => true;
  const range = rangeOf(view, clock);
  const test = range ? dueWithin(range, clock.zone) : passedBy(clock);
  return (due) => due !== undefined && test(due);
}

function isFound(task: Task, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  let text = searchTexts.get(task);
  if (text === undefined) searchTexts.set(task, (text = searchText(task.title, task.description)));
  return words.every((word) => text.includes(word));
}

function isAmong<Value>(accepted: readonly Value[], value: Value): boolean {
  return accepted.length === 0 || accepted.includes(value);
}

const searchTexts = new WeakMap<Task, string>();
