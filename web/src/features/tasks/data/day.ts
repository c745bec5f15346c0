import { timestampMs } from "@bufbuild/protobuf/wkt";

import { addDays, dateInZone, type IsoDate, momentInZone } from "@/components/calendar";
import type { Due } from "@/gen/errand/v1/task_pb";
import type { Date as CalendarDate } from "@/gen/google/type/date_pb";

/** The moment, and how the person counts days. */
export interface Clock {
  /** In milliseconds. */
  now: number;
  /** The person's IANA zone. */
  zone: string;
}

/** The date that the person has. It is asked for often, and no zone changes its date within a minute. */
export function today(clock: Clock): IsoDate {
  const minute = Math.floor(clock.now / MINUTE);
  if (lastToday?.minute !== minute || lastToday.zone !== clock.zone) {
    lastToday = { minute, zone: clock.zone, date: dateInZone(new Date(clock.now), clock.zone) };
  }
  return lastToday.date;
}

/** The first and the last day that are meant; both included, each may be open. */
export interface DayRange {
  first?: IsoDate;
  last?: IsoDate;
}

/** Tells of a due whether it falls on these days in a zone. An all-day due has one date wherever the reader is. */
export function dueWithin({ first, last }: DayRange, zone: string): (due: Due) => boolean {
  const start = first === undefined ? -Infinity : midnight(first, zone);
  const end = last === undefined ? Infinity : midnight(addDays(last, 1), zone);
  return ({ when }) => {
    if (when.case === "date") {
      const date = isoDate(when.value);
      return (first === undefined || first <= date) && (last === undefined || date <= last);
    }
    if (when.case !== "time") return false;
    const time = timestampMs(when.value);
    return start <= time && time < end;
  };
}

/** Tells of a due whether it lies before now: the moment itself, or the date before the person's today. */
export function passedBy(clock: Clock): (due: Due) => boolean {
  const day = today(clock);
  return ({ when }) => {
    if (when.case === "date") return isoDate(when.value) < day;
    return when.case === "time" && timestampMs(when.value) < clock.now;
  };
}

/** The moment itself in milliseconds, or where the date begins in the due's own zone: what lists are sorted by. */
export function startsAt(due: Due): number {
  if (due.when.case === "date") return midnight(isoDate(due.when.value), due.timeZone || "UTC");
  return due.when.case === "time" ? timestampMs(due.when.value) : 0;
}

export function isoDate(date: CalendarDate): IsoDate {
  const pad = (value: number, length: number) => String(value).padStart(length, "0");
  return `${pad(date.year, 4)}-${pad(date.month, 2)}-${pad(date.day, 2)}`;
}

export function calendarDate(date: IsoDate): { year: number; month: number; day: number } {
  const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
  return { year, month, day };
}

/** The first moment of a date. Finding it takes long enough to remember it. */
function midnight(date: IsoDate, zone: string): number {
  const key = `${date} ${zone}`;
  let moment = midnights.get(key);
  if (moment === undefined) {
    moment = momentInZone(date, "00:00", zone).getTime();
    if (midnights.size >= REMEMBERED) midnights.clear();
    midnights.set(key, moment);
  }
  return moment;
}

let lastToday: { minute: number; zone: string; date: IsoDate } | undefined;
const MINUTE = 60_000;
const midnights = new Map<string, number>();
const REMEMBERED = 20_000;
