import { timestampDate } from "@bufbuild/protobuf/wkt";

import { dateInZone, wallClock, type IsoDate } from "@/components/calendar";
import type { Due } from "@/gen/errand/v1/task_pb";

import { createFormat, type Format } from "./format-text";

/**
 * When a task is due, in the reader's language and the task's own zone, which is named where clocks there show another
 * time than the reader's: `Tomorrow, 9:00 (New York)`. Nothing without a due.
 */
export function dueText(due: Due | undefined, format: Format, now: Date = new Date()): string | undefined {
  switch (due?.when.case) {
    case "date":
      return format.day(isoDateOf(due.when.value));
    case "time": {
      const moment = timestampDate(due.when.value);
      const zone = due.timeZone || format.timeZone;
      if (sameClock(moment, zone, format.timeZone)) return format.dayTime(moment);
      const there = createFormat(format.locale, zone, dateInZone(now, zone));
      return `${there.dayTime(moment)} (${zoneCity(zone)})`;
    }
    default:
      return undefined;
  }
}

/** A date of the API as `YYYY-MM-DD`. */
export function isoDateOf(date: { year: number; month: number; day: number }): IsoDate {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${String(date.year).padStart(4, "0")}-${two(date.month)}-${two(date.day)}`;
}

/** The place that a zone is named after: `New York` of `America/New_York`. */
export function zoneCity(zone: string): string {
  return (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
}

function sameClock(moment: Date, one: string, other: string): boolean {
  if (one === other) return true;
  const [here, there] = [wallClock(moment, one), wallClock(moment, other)];
  return here.date === there.date && here.time === there.time;
}
