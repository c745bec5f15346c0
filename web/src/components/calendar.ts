/** A date as `YYYY-MM-DD`, of no zone. */
export type IsoDate = string;

/** Weekdays as numbers: 1 is Monday, 7 is Sunday, as in the API. */
export type WeekdayNumber = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** Midnight UTC of a date: a moment to format with the zone UTC, and to count days with. */
export function utcMidnight(date: IsoDate): Date {
  return new Date(`${date}T00:00:00Z`);
}

/** Whether the text is a date that the calendar has. */
export function isIsoDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const midnight = utcMidnight(text);
  return !Number.isNaN(midnight.getTime()) && toIso(midnight) === text;
}

export function addDays(date: IsoDate, days: number): IsoDate {
  const midnight = utcMidnight(date);
  midnight.setUTCDate(midnight.getUTCDate() + days);
  return toIso(midnight);
}

/** The same day some months on; the last one of a month that is too short. */
export function addMonths(date: IsoDate, months: number): IsoDate {
  const midnight = utcMidnight(date);
  const day = midnight.getUTCDate();
  midnight.setUTCDate(1);
  midnight.setUTCMonth(midnight.getUTCMonth() + months);
  const last = new Date(Date.UTC(midnight.getUTCFullYear(), midnight.getUTCMonth() + 1, 0)).getUTCDate();
  midnight.setUTCDate(Math.min(day, last));
  return toIso(midnight);
}

/** How many days lie between two dates; below 0 if `to` comes first. */
export function daysBetween(from: IsoDate, to: IsoDate): number {
  return Math.round((utcMidnight(to).getTime() - utcMidnight(from).getTime()) / DAY);
}

export function weekdayOf(date: IsoDate): WeekdayNumber {
  return (utcMidnight(date).getUTCDay() || 7) as WeekdayNumber;
}

/** The day on which the week of a date begins. */
export function startOfWeek(date: IsoDate, first: WeekdayNumber): IsoDate {
  return addDays(date, -((weekdayOf(date) - first + 7) % 7));
}

/** The six weeks that a calendar shows for the month of a date, each of seven days. */
export function monthGrid(date: IsoDate, first: WeekdayNumber): IsoDate[][] {
  const start = startOfWeek(`${date.slice(0, 8)}01`, first);
  return Array.from({ length: 6 }, (_, week) => Array.from({ length: 7 }, (__, day) => addDays(start, week * 7 + day)));
}

/** The date that clocks show in a zone at a moment. */
export function dateInZone(moment: Date, timeZone: string): IsoDate {
  return wallClock(moment, timeZone).date;
}

/** Date and time, as `HH:MM`, that clocks show in a zone at a moment. */
export function wallClock(moment: Date, timeZone: string): { date: IsoDate; time: string } {
  const parts = new Intl.DateTimeFormat("en-CA-u-ca-gregory-nu-latn", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(moment);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? "";
  return {
    date: `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}`,
    time: `${part("hour")}:${part("minute")}`,
  };
}

/**
 * The moment at which clocks in a zone show this date and time. One that a clock change skips moves to the later side,
 * one that comes twice is the first, as the server has it.
 */
export function momentInZone(date: IsoDate, time: string, timeZone: string): Date {
  const wanted = Date.parse(`${date}T${time}:00Z`);
  const before = wanted - offsetAt(wanted - DAY, timeZone);
  const after = wanted - offsetAt(wanted + DAY, timeZone);
  const [early, late] = before < after ? [before, after] : [after, before];
  if (early + offsetAt(early, timeZone) === wanted) return new Date(early);
  if (late + offsetAt(late, timeZone) === wanted) return new Date(late);
  return new Date(before);
}

/** By how much the clocks of a zone are ahead of UTC at a moment, in milliseconds, to the minute. */
function offsetAt(moment: number, timeZone: string): number {
  const wall = wallClock(new Date(moment), timeZone);
  return Date.parse(`${wall.date}T${wall.time}:00Z`) - Math.floor(moment / MINUTE) * MINUTE;
}

function toIso(midnight: Date): IsoDate {
  return midnight.toISOString().slice(0, 10);
}

const MINUTE = 60_000;
const DAY = 86_400_000;
