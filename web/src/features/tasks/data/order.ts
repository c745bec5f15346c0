import type { Timestamp } from "@bufbuild/protobuf/wkt";

import type { Task } from "@/gen/errand/v1/task_pb";

import { startsAt } from "./day";
import { compareCodePoints, titleKey } from "./fold";
import type { Sort, SortField, View } from "./types";

/** Which of two tasks comes first: below 0 the left one. Equal to the server's order. */
export type Compare = (left: Task, right: Task) => number;

/** All sorts, ascending before descending. */
export const SORTS: readonly Sort[] = (["created", "updated", "due", "priority", "title"] as const).flatMap((field) => [
  field,
  `-${field}` as const,
]);

/** How a view is sorted unless the person says otherwise. */
export function defaultSort(view: View): Sort {
  if (view === "all") return "-created";
  return view === "completed" || view === "trash" ? "-updated" : "due";
}

/** The server's name of a sort. */
export function orderBy(sort: Sort): string {
  const { field, descending } = split(sort);
  return `${ORDER_FIELDS[field]}${descending ? " desc" : ""}`;
}

/** Ties are sorted by id, in the same direction. Tasks without a due come last in both directions. */
export function comparison(sort: Sort): Compare {
  const { field, descending } = split(sort);
  const ascending = COMPARISONS[field];
  const sign = descending ? -1 : 1;
  return (left, right) => {
    if (field === "due" && Boolean(left.due) !== Boolean(right.due)) return left.due ? -1 : 1;
    return sign * (ascending(left, right) || compareIds(left.id, right.id));
  };
}

function split(sort: Sort): { field: SortField; descending: boolean } {
  const descending = sort.startsWith("-");
  return { field: (descending ? sort.slice(1) : sort) as SortField, descending };
}

function compareTimes(left: Timestamp | undefined, right: Timestamp | undefined): number {
  const seconds = (left?.seconds ?? 0n) - (right?.seconds ?? 0n);
  if (seconds !== 0n) return seconds < 0n ? -1 : 1;
  return (left?.nanos ?? 0) - (right?.nanos ?? 0);
}

/** Dues at the same millisecond can still differ. */
function compareDues(left: Task, right: Task): number {
  if (left.due?.when.case === "time" && right.due?.when.case === "time") {
    return compareTimes(left.due.when.value, right.due.when.value);
  }
  return left.due && right.due ? startsAt(left.due) - startsAt(right.due) : 0;
}

function compareIds(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

function keyOf(task: Task): string {
  let key = titleKeys.get(task);
  if (key === undefined) titleKeys.set(task, (key = titleKey(task.title)));
  return key;
}

const titleKeys = new WeakMap<Task, string>();

const COMPARISONS: Record<SortField, Compare> = {
  created: (left, right) => compareTimes(left.createdAt, right.createdAt),
  updated: (left, right) => compareTimes(left.updatedAt, right.updatedAt),
  due: compareDues,
  priority: (left, right) => left.priority - right.priority,
  title: (left, right) => compareCodePoints(keyOf(left), keyOf(right)),
};

const ORDER_FIELDS: Record<SortField, string> = {
  created: "created_at",
  updated: "updated_at",
  due: "due",
  priority: "priority",
  title: "title",
};
