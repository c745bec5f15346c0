import { timestampDate, timestampFromDate } from "@bufbuild/protobuf/wkt";

import { momentInZone, wallClock, type IsoDate } from "@/components/calendar";
import type { Due } from "@/gen/errand/v1/task_pb";
import { isoDateOf } from "@/reader/due-text";

import { calendarDate } from "../data/day";
import type { TaskFields } from "../data/types";

/** A due as a person sets it. */
export interface DueParts {
  date: IsoDate;
  /** None is all day. */
  time: string | null;
  timeZone: string;
}

/** The parts of a due; without one, today in the reader's zone. */
export function partsOf(due: Due | undefined, reader: { today: IsoDate; timeZone: string }): DueParts {
  // An empty zone is that of the reader.
  const timeZone = [due?.timeZone, reader.timeZone].find(Boolean) ?? "UTC";
  switch (due?.when.case) {
    case "date":
      return { date: isoDateOf(due.when.value), time: null, timeZone };
    case "time":
      return { ...wallClock(timestampDate(due.when.value), timeZone), timeZone };
    default:
      return { date: reader.today, time: null, timeZone };
  }
}

/** The due that the parts mean. */
export function dueOf({ date, time, timeZone }: DueParts): NonNullable<TaskFields["due"]> {
  if (time === null) return { when: { case: "date", value: calendarDate(date) }, timeZone };
  return { when: { case: "time", value: timestampFromDate(momentInZone(date, time, timeZone)) }, timeZone };
}
