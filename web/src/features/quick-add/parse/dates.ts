import { addDays, dateInZone, momentInZone, wallClock, type IsoDate } from "@/components/calendar";
import { daysInMonth } from "@/features/recurrence/first-date";

import type { DateReader } from "./chrono";
import type { Line } from "./line";
import { findMoments, type FoundMoment } from "./moments";
import type { ClockTime, Language, ParseContext } from "./types";

export interface ReadDates {
  date: IsoDate | null;
  time: ClockTime | null;
  /** Counted from now: `in 2 hours`. */
  moment: Date | null;
  /** The last day of a series: `until 3 March`. */
  until: IsoDate | null;
}

/** Reads when a task is due: one date and one time, wherever they stand in the line. */
export function readDates(
  line: Line,
  context: ParseContext,
  readers: readonly DateReader[],
  recurs: boolean,
): ReadDates {
  const read: ReadDates = { date: null, time: null, moment: readFromNow(line, context), until: null };
  if (read.moment) return read;
  read.date = readLastOfMonth(line, context);
  // Each moment that is taken changes what the rest means: read until nothing more is found.
  for (let round = 0; round < MOST_PIECES; round += 1) {
    const found = findMoments(line.rest, context, readers).find((moment) => isWanted(moment, read, line, recurs));
    if (!found) break;
    if (!takeMoment(found, read, line, recurs)) break;
  }
  return read;
}

function isWanted(moment: FoundMoment, read: ReadDates, line: Line, recurs: boolean): boolean {
  if (recurs && read.until === null && isUntil(moment, line)) return moment.date !== null;
  return (moment.date === null || read.date === null) && (moment.time === null || read.time === null);
}

function takeMoment(moment: FoundMoment, read: ReadDates, line: Line, recurs: boolean): boolean {
  const until = recurs && read.until === null && isUntil(moment, line);
  // The words of a range stay in the title: they say more than the due does.
  if (!line.take(until ? "recurrence" : "due", moment.start, moment.end, moment.range)) return false;
  if (until) {
    read.until = moment.date;
    return true;
  }
  read.date = moment.date ?? read.date;
  read.time = moment.time ?? read.time;
  return true;
}

function isUntil(moment: FoundMoment, line: Line): boolean {
  return /^(?:until|till|bis|حتى)\s/iu.test(line.text.slice(moment.start, moment.end));
}

/** `in 2 hours` is a moment and no wall time: a change of clocks between does not move it. */
function readFromNow(line: Line, context: ParseContext): Date | null {
  for (const pattern of [FROM_NOW[context.language], FROM_NOW.en]) {
    const match = pattern.exec(line.rest);
    if (!match || !line.take("due", match.index, match.index + match[0].length)) continue;
    const amount = match[1] === undefined ? 1 : Number(match[1].replace(",", "."));
    const minutes = amount * (/^(?:h|st|ساع)/iu.test(match[2] ?? "") ? 60 : 1);
    return new Date(Math.round((context.now.getTime() + minutes * MINUTE) / MINUTE) * MINUTE);
  }
  return null;
}

function readLastOfMonth(line: Line, context: ParseContext): IsoDate | null {
  const match = LAST_OF_MONTH[context.language].exec(line.rest) ?? LAST_OF_MONTH.en.exec(line.rest);
  if (!match || !line.take("due", match.index, match.index + match[0].length)) return null;
  const today = dateInZone(context.now, context.timeZone);
  const next = /next|nächst|القادم/iu.test(match[0]);
  const month = next ? addDays(`${today.slice(0, 8)}01`, daysInMonth(today)) : today;
  return `${month.slice(0, 8)}${daysInMonth(month)}`;
}

/** The next moment at which clocks show a time: today's, or tomorrow's where that has passed. */
export function nextDateWithTime(time: ClockTime, context: ParseContext): IsoDate {
  const now = wallClock(context.now, context.timeZone);
  return momentInZone(now.date, time, context.timeZone) > context.now ? now.date : addDays(now.date, 1);
}

const FROM_NOW: Record<Language, RegExp> = {
  en: /(?<![\p{L}\p{N}])in\s+(?:an?|(\d+(?:\.\d+)?))\s*(h|hours?|hrs?|m|min|mins|minutes?)(?![\p{L}\p{N}])(?!\s+(?:before|vorher))/iu,
  de: /(?<![\p{L}\p{N}])in\s+(?:einer|(\d+(?:[.,]\d+)?))\s*(h|std\.?|stunden?|min\.?|minuten?)(?![\p{L}\p{N}])/iu,
  ar: /(?<![\p{L}\p{N}])(?:بعد|خلال)\s+(?:(\d+)\s+)?(ساعة|ساعات|دقيقة|دقائق)(?![\p{L}\p{N}])/iu,
};
const LAST_OF_MONTH: Record<Language, RegExp> = {
  en: /(?<![\p{L}\p{N}])(?:(?:on|by)\s+)?(?:the\s+)?(?:last\s+day|end)\s+of\s+(?:the|this|next)\s+month(?!\p{L})/iu,
  de: /(?<![\p{L}\p{N}])(?:am\s+letzten\s+tag\s+des\s+(?:nächsten\s+)?monats|(?:am\s+)?(?:monatsende|ende\s+des\s+monats))(?!\p{L})/iu,
  ar: /(?<![\p{L}\p{N}])(?:في\s+)?(?:آخر\s+يوم\s+(?:من|في)\s+الشهر|نهاية\s+الشهر)(?:\s+القادم)?(?!\p{L})/iu,
};
const MOST_PIECES = 4;
const MINUTE = 60_000;
