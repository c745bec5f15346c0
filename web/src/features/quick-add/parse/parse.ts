import { addDays, dateInZone, momentInZone, wallClock, type IsoDate } from "@/components/calendar";
import { firstDate } from "@/features/recurrence/first-date";

import type { DateReader } from "./chrono";
import { nextDateWithTime, readDates, type ReadDates } from "./dates";
import { Line } from "./line";
import { readRecurrence, type ReadRecurrence } from "./recurrence";
import { readReminders, reminderFor } from "./reminders";
import { readSigns } from "./signs";
import type { ParseContext, ParsedDue, ParsedLine } from "./types";

/**
 * Understands a line such as `pay rent every month on the 1st at 9:00 #home !high remind 1h before`. What can mean
 * several times means the next one that is to come; what may be no date at all stays in the title.
 */
export function parseLine(text: string, context: ParseContext, readers: readonly DateReader[]): ParsedLine {
  const line = new Line(text, context.ignored);
  const signs = readSigns(line);
  const reminders = readReminders(line, context, readers);
  const recurrence = readRecurrence(line, context.language);
  const dates = readDates(line, context, readers, recurrence !== null);
  const due = dueOf(dates, recurrence, context);
  const kept = reminders.map((reminder) => reminderFor(reminder, due, recurrence !== null, context));
  if (kept.includes(null)) {
    // A reminder before a due that is not there can't be: its words are the title's.
    const without = line.pieces
      .filter((piece) => piece.kind === "reminder")
      .map((piece) => `reminder:${piece.text.toLowerCase()}`);
    return parseLine(text, { ...context, ignored: new Set([...context.ignored, ...without]) }, readers);
  }
  return {
    title: line.title(),
    due,
    recurrence: recurrence && due ? { rule: recurrence.rule, mode: recurrence.mode, endDate: dates.until } : null,
    ...signs,
    reminders: kept.filter((reminder) => reminder !== null),
    pieces: line.sortedPieces(),
  };
}

function dueOf(dates: ReadDates, recurrence: ReadRecurrence | null, context: ParseContext): ParsedDue | null {
  if (dates.moment) {
    const { date, time } = wallClock(dates.moment, context.timeZone);
    return { date, time, moment: dates.moment };
  }
  const time = dates.time ?? recurrence?.time ?? null;
  if (!recurrence) {
    if (dates.date === null && time === null) return null;
    return { date: dates.date ?? nextDateWithTime(time ?? "", context), time };
  }
  const from = dates.date ?? dateInZone(context.now, context.timeZone);
  const first = firstDate(recurrence.rule, from) ?? from;
  return { date: dates.date === null ? comingDate(first, time, recurrence, context) : first, time };
}

/** The first date of a series whose time has not passed. */
function comingDate(first: IsoDate, time: string | null, recurrence: ReadRecurrence, context: ParseContext): IsoDate {
  if (time === null || momentInZone(first, time, context.timeZone) > context.now) return first;
  return firstDate(recurrence.rule, addDays(first, 1)) ?? first;
}
