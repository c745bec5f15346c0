import { timestampDate } from "@bufbuild/protobuf/wkt";

import type { IsoDate } from "@/components/calendar";
import { TaskStatus, type Task } from "@/gen/errand/v1/task_pb";
import { isoDateOf } from "@/reader/due-text";
import type { Format } from "@/reader/format";

/** How near a due is: what its colour says. */
export type DueTone = "overdue" | "today" | "soon" | "later";

/** The day on which a task is due for the reader. */
export function dueDay(task: Task, format: Format): IsoDate | undefined {
  switch (task.due?.when.case) {
    case "date":
      return isoDateOf(task.due.when.value);
    case "time":
      return format.isoDate(timestampDate(task.due.when.value));
    default:
      return undefined;
  }
}

/** How near the due of a task is; later for one that is done. */
export function dueTone(task: Task, format: Format, now: number): DueTone {
  const day = dueDay(task, format);
  if (day === undefined || task.status === TaskStatus.COMPLETED || task.deletedAt) return "later";
  if (day < format.today) return "overdue";
  if (task.due?.when.case === "time" && timestampDate(task.due.when.value).getTime() < now) return "overdue";
  if (day === format.today) return "today";
  return format.day(day) === format.weekday(day, "long") || isTomorrow(day, format.today) ? "soon" : "later";
}

function isTomorrow(day: IsoDate, today: IsoDate): boolean {
  return Date.parse(day) - Date.parse(today) === 86_400_000;
}

export const DUE_CLASSES: Record<DueTone, string> = {
  overdue: "text-due-overdue",
  today: "text-due-today",
  soon: "text-due-soon",
  later: "text-ink-muted",
};
