import { create } from "@bufbuild/protobuf";
import { TimestampSchema, type Timestamp } from "@bufbuild/protobuf/wkt";

import { DateSchema, type Date as CalendarDate } from "@/gen/google/type/date_pb";

const MOMENT =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:([Zz])|([+-])(\d{2}):?(\d{2}))?)?$/;

/**
 * The moment that a text names, `undefined` if it names none. A date alone is its midnight; a time without a zone is one
 * of UTC. What is finer than a microsecond is cut off, as nothing in Errand keeps it.
 */
export function parseMoment(text: string): Timestamp | undefined {
  const parts = MOMENT.exec(text.trim());
  if (parts === null) return undefined;
  const number = (index: number) => Number(parts[index] ?? 0);
  const [hour, minute, second] = [number(4), number(5), number(6)];
  const midnight = midnightOf(number(1), number(2), number(3));
  if (midnight === undefined || hour > 23 || minute > 59 || second > 59) return undefined;
  if (number(10) > 23 || number(11) > 59) return undefined;
  const offset = (parts[9] === "-" ? -1 : 1) * (number(10) * 3600 + number(11) * 60);
  const seconds = midnight / 1000 + hour * 3600 + minute * 60 + second - offset;
  const micros = Number((parts[7] ?? "").slice(0, 6).padEnd(6, "0"));
  return create(TimestampSchema, { seconds: BigInt(seconds), nanos: micros * 1000 });
}

/** The date that a text names in UTC, `undefined` if it names none. */
export function parseDate(text: string): CalendarDate | undefined {
  const moment = parseMoment(text);
  if (moment === undefined) return undefined;
  const date = new Date(Number(moment.seconds) * 1000);
  return create(DateSchema, { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() });
}

/** `YYYY-MM-DDTHH:MM:SSZ`, with six digits after the second where there is more than nothing. */
export function momentText({ seconds, nanos }: Timestamp): string {
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  const micros = Math.trunc(nanos / 1000);
  return micros === 0 ? `${whole}Z` : `${whole}.${String(micros).padStart(6, "0")}Z`;
}

/** A date as its midnight in UTC: the API knows no dates without a time. */
export function dateText({ year, month, day }: CalendarDate): string {
  const digits = (value: number, length: number) => String(value).padStart(length, "0");
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}T00:00:00Z`;
}

/** Milliseconds since 1970, `undefined` for a day that no calendar has. */
function midnightOf(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.getTime() : undefined;
}
