import { momentInZone, type IsoDate } from "@/components/calendar";

import type { DateReader } from "./chrono";
import { nextDateWithTime } from "./dates";
import type { Line } from "./line";
import { findMoments } from "./moments";
import type { Language, ParseContext, ParsedReminder } from "./types";

/** A reminder as it was read. One before the due counts only where there is a due; a time alone is of the due's day. */
export type ReadReminder = ParsedReminder | { kind: "time"; time: string };

/** Reads `remind 1h before`, `remind me 1 day and 1 hour before` and `remind me tomorrow at 8`. */
export function readReminders(line: Line, context: ParseContext, readers: readonly DateReader[]): ReadReminder[] {
  const read = readBefore(line, context.language);
  for (const language of languages(context.language)) {
    for (const match of line.rest.matchAll(AT[language])) {
      const from = match.index + match[0].length;
      const [moment] = findMoments(line.rest.slice(from), context, readers);
      if (!moment || moment.start > 0 || read.length === MAX_REMINDERS) continue;
      if (moment.time === null || !line.take("reminder", match.index, from + moment.end)) continue;
      if (moment.date === null) read.push({ kind: "time", time: moment.time });
      else read.push({ kind: "at", moment: momentInZone(moment.date, moment.time, context.timeZone) });
    }
  }
  return read;
}

/** What a reminder that was read means for a task with this due. Nothing if it needs one that is not there. */
export function reminderFor(
  read: ReadReminder,
  due: { date: IsoDate; time: string | null; moment?: Date } | null,
  recurs: boolean,
  context: ParseContext,
): ParsedReminder | null {
  if (read.kind === "at") return read;
  if (read.kind === "before") return due ? read : null;
  const date = due?.date ?? nextDateWithTime(read.time, context);
  const moment = momentInZone(date, read.time, context.timeZone);
  if (due?.time && recurs) {
    const before = (momentInZone(due.date, due.time, context.timeZone).getTime() - moment.getTime()) / 1000;
    if (before >= 0) return { kind: "before", seconds: before };
  }
  return { kind: "at", moment };
}

function readBefore(line: Line, own: Language): ReadReminder[] {
  const read: ReadReminder[] = [];
  for (const language of languages(own)) {
    for (const match of line.rest.matchAll(BEFORE[language])) {
      if (!line.take("reminder", match.index, match.index + match[0].length)) continue;
      for (const amount of match[0].matchAll(AMOUNTS[language])) {
        const seconds = Number(latin(amount[1] ?? "1").replace(",", ".")) * (secondsOf(amount[2] ?? "") ?? 0);
        const known = read.some((each) => each.kind === "before" && each.seconds === seconds);
        if (!known && read.length < MAX_REMINDERS) read.push({ kind: "before", seconds });
      }
    }
  }
  return read;
}

function secondsOf(unit: string): number | undefined {
  return UNITS.find(([pattern]) => pattern.test(unit))?.[1];
}

function latin(text: string): string {
  return text.replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x0660));
}

function languages(own: Language): Language[] {
  return own === "en" ? ["en"] : [own, "en"];
}

const EN_AMOUNT = "(?:\\d+(?:\\.\\d+)?|an?)\\s*(?:m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)";
const DE_AMOUNT = "(?:\\d+(?:[.,]\\d+)?|eine?[nr]?)\\s*(?:m|min\\.?|minuten?|h|std\\.?|stunden?|t|tage?n?|w|wochen?)";
const AR_AMOUNT = "(?:[\\d٠-٩]+\\s+)?(?:دقيقة|دقائق|ساعة|ساعات|يوم|أيام|أسبوع|أسابيع)";

const BEFORE: Record<Language, RegExp> = {
  en: new RegExp(
    `(?<![\\p{L}\\p{N}])remind(?:er|ers)?(?:\\s+me)?\\s+${EN_AMOUNT}(?:\\s*(?:,|and|&)\\s*${EN_AMOUNT})*(?:\\s+(?:before|earlier|ahead|prior|in advance))(?!\\p{L})`,
    "giu",
  ),
  de: new RegExp(
    `(?<![\\p{L}\\p{N}])(?:erinner(?:e|ung|n)?(?:\\s+mich)?)\\s+${DE_AMOUNT}(?:\\s*(?:,|und|&)\\s*${DE_AMOUNT})*\\s+(?:vorher|davor|zuvor|früher)(?!\\p{L})`,
    "giu",
  ),
  ar: new RegExp(`(?<![\\p{L}\\p{N}])(?:ذكرني|ذكّرني|تذكير)\\s+قبل\\s+${AR_AMOUNT}(?!\\p{L})`, "giu"),
};
const AMOUNTS: Record<Language, RegExp> = {
  en: /(?<![\p{L}\p{N}])(?:(\d+(?:\.\d+)?)|an?)\s*(m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)(?!\p{L})/giu,
  de: /(?<![\p{L}\p{N}])(?:(\d+(?:[.,]\d+)?)|eine?[nr]?)\s*(m|min\.?|minuten?|h|std\.?|stunden?|t|tage?n?|w|wochen?)(?!\p{L})/giu,
  ar: /(?:([\d٠-٩]+)\s+)?(دقيقة|دقائق|ساعة|ساعات|يوم|أيام|أسبوع|أسابيع)/giu,
};
const AT: Record<Language, RegExp> = {
  en: /(?<![\p{L}\p{N}])remind(?:er)?(?:\s+me)?\s+(?=at|on|to(?:day|morrow|night)|\d)/giu,
  de: /(?<![\p{L}\p{N}])erinner(?:e|ung|n)?(?:\s+mich)?\s+(?=um|am|heute|morgen|\d)/giu,
  ar: /(?<![\p{L}\p{N}])(?:ذكرني|ذكّرني|تذكير)\s+/giu,
};
const UNITS: readonly [RegExp, number][] = [
  [/^(?:w|أسبوع|أسابيع)/iu, 604_800],
  [/^(?:d|t|يوم|أيام)/iu, 86_400],
  [/^(?:h|st|ساع)/iu, 3_600],
  [/^(?:m|دق)/iu, 60],
];
const MAX_REMINDERS = 5;
