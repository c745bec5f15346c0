import { timestampDate, timestampFromDate } from "@bufbuild/protobuf/wkt";

import { momentInZone, wallClock, type IsoDate } from "@/components/calendar";
import type { Task } from "@/gen/errand/v1/task_pb";

import { calendarDate } from "../data/day";
import type { TaskFields } from "../data/types";

/** The due of a task on another day: at the same time of day in its zone, where it has one. */
export function dueOnDay(task: Task, day: IsoDate): NonNullable<TaskFields["due"]> {
  const { due } = task;
  if (due?.when.case !== "time")
    return { when: { case: "date", value: calendarDate(day) }, timeZone: due?.timeZone ?? "" };
  const zone = due.timeZone || "UTC";
  const { time } = wallClock(timestampDate(due.when.value), zone);
  return { when: { case: "time", value: timestampFromDate(momentInZone(day, time, zone)) }, timeZone: due.timeZone };
}
