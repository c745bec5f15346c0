import type { MessageInitShape } from "@bufbuild/protobuf";

import { addDays } from "@/components/calendar";
import { TaskStatus, type Task } from "@/gen/errand/v1/task_pb";
import { TrashFilter, type TaskFilterSchema } from "@/gen/errand/v1/task_service_pb";

import { calendarDate, hasPassed, isDueWithin, today, type Clock, type DayRange } from "./day";
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
  const status = statusOf(query.view);
  return (
    (task.deletedAt !== undefined) === (query.view === "trash") &&
    (status === undefined || task.status === status) &&
    isAmong(query.priorities, task.priority) &&
    isAmong(query.categories, task.category) &&
    query.tags.every((tag) => task.tags.includes(tag)) &&
    isDueIn(task, query.view, clock) &&
    isFound(task, query.search)
  );
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

function isDueIn(task: Task, view: View, clock: Clock): boolean {
  if (!followsTheClock(view)) return true;
  if (!task.due) return false;
  const range = rangeOf(view, clock);
  return range ? isDueWithin(task.due, range, clock.zone) : hasPassed(task.due, clock);
}

function isFound(task: Task, search: string | undefined): boolean {
  if (!search) return true;
  const words = searchWords(search);
  if (words.length === 0) return true;
  let text = searchTexts.get(task);
  if (text === undefined) searchTexts.set(task, (text = searchText(task.title, task.description)));
  return words.every((word) => text.includes(word));
}

function isAmong<Value>(accepted: readonly Value[], value: Value): boolean {
  return accepted.length === 0 || accepted.includes(value);
}

const searchTexts = new WeakMap<Task, string>();
