import type { ParsedResult } from "chrono-node";

import { addDays, dateInZone, wallClock, type IsoDate } from "@/components/calendar";

import type { DateReader } from "./chrono";
import { findShortDate } from "./short-date";
import type { Language, ParseContext } from "./types";

/** A date, a time of day, or both, as the text has them. */
export interface FoundMoment {
  start: number;
  end: number;
  date: IsoDate | null;
  time: string | null;
  /** Whether the date was named by its weekday. */
  weekday: boolean;
  /** A range: only its start counts, and its words stay in the title. */
  range: boolean;
}

/** The moments that a text names, without those that are likely no date at all. */
export function findMoments(text: string, context: ParseContext, readers: readonly DateReader[]): FoundMoment[] {
  const today = dateInZone(context.now, context.timeZone);
  // Chrono reads the clock of the machine: it gets the person's day at noon, far from where clocks change.
  const reference = new Date(Number(today.slice(0, 4)), Number(today.slice(5, 7)) - 1, Number(today.slice(8)), 12);
  const short = context.language === "de" ? findShortDate(text, today) : undefined;
  if (short) {
    const lead = leadBefore(text, short.start, context.language);
    return [{ ...short, start: short.start - lead, time: null, weekday: false, range: false }];
  }
  for (const reader of readers) {
    const found = reader
      .parse(text, reference, { forwardDate: true })
      .filter((result) => isDate(result, text, context.language))
      .map((result) => momentOf(result, text, context, today))
      .filter((moment) => moment !== undefined);
    if (found.length > 0) return found;
  }
  return [];
}

function momentOf(result: ParsedResult, text: string, context: ParseContext, today: IsoDate): FoundMoment | undefined {
  const { start } = result;
  const weekday = start.isCertain("weekday") && !start.isCertain("day");
  const relative = /\b(today|heute|tonight|tomorrow|morgen)\b|اليوم|غد/iu.test(result.text);
  const hasDate = weekday || relative || start.isCertain("day") || start.isCertain("month");
  const part = dayPart(result.text);
  const hasTime = start.isCertain("hour") || part !== undefined;
  if (!hasDate && !hasTime) return undefined;
  const number = (unit: "year" | "month" | "day" | "hour" | "minute") => start.get(unit) ?? 0;
  let date = hasDate ? `${pad(number("year"), 4)}-${pad(number("month"))}-${pad(number("day"))}` : null;
  const time = start.isCertain("hour") ? `${pad(number("hour"))}:${pad(number("minute"))}` : (part ?? null);
  const now = wallClock(context.now, context.timeZone).time;
  const passed = date === today && weekday && (time === null || time <= now);
  if (passed && date) date = addDays(date, 7);
  if (date !== null && date < today && !isWritten(result)) return undefined;
  const lead = leadBefore(text, result.index, context.language);
  return {
    start: result.index - lead,
    end: result.index + result.text.length,
    date,
    time,
    weekday,
    range: Boolean(result.end),
  };
}

/** Whether a result is meant as a date: a word alone that is a name or a verb as well is not, without more. */
function isDate(result: ParsedResult, text: string, language: Language): boolean {
  const words = result.text.trim();
  const after = text.slice(result.index + result.text.length);
  if (/^['’]s\b/.test(after) || /^[-/]\p{L}/u.test(after)) return false;
  if (/^(?:for|last|past|vor|letzte[nrsm]?|vergangene[nrsm]?|seit)\s/iu.test(words)) return false;
  if (/^an?\s|\s(?:ago|before|earlier|vorher|davor)$/iu.test(words)) return false;
  const lead = text.slice(0, result.index);
  const led = LEADS[language].test(lead) || LEADS.en.test(lead);
  // An hour must look like one: `9:00`, `9am`, `at 9`, and not the number of things.
  if (/^\d{1,2}$/.test(words)) return led;
  if (/^\d{4}$/.test(words)) return false;
  if (/^\d+[.,]\d+$/.test(words)) return isShortDate(words, language) || led;
  const alone = /^\p{L}+\.?$/u.test(words);
  if (!alone) return true;
  if (/^(?:now|jetzt|الآن)$/iu.test(words)) return false;
  const onlyMonth =
    result.start.isCertain("month") &&
    !result.start.isCertain("day") &&
    !/^(?:today|tomorrow|heute|morgen)/iu.test(words);
  if (onlyMonth || AMBIGUOUS.test(words)) return led;
  return true;
}

/** 3.4. is a date in German; 3.4 in English is a number. */
function isShortDate(words: string, language: Language): boolean {
  const [day, month] = words.split(/[.,]/).map(Number);
  return language === "de" && words.includes(".") && (day ?? 0) <= 31 && (month ?? 13) <= 12 && (month ?? 0) > 0;
}

/** Whether a date is written out, so that one in the past is meant. */
function isWritten(result: ParsedResult): boolean {
  return (
    result.start.isCertain("year") &&
    result.start.isCertain("month") &&
    result.start.isCertain("day") &&
    /\d{4}/.test(result.text)
  );
}

/** How much before a moment belongs to it: the preposition. */
function leadBefore(text: string, index: number, language: Language): number {
  const before = text.slice(0, index);
  return (LEADS[language].exec(before) ?? LEADS.en.exec(before))?.[0].length ?? 0;
}

function dayPart(words: string): string | undefined {
  return DAY_PARTS.find(([pattern]) => pattern.test(words))?.[1];
}

function pad(number: number, length = 2): string {
  return String(number).padStart(length, "0");
}

const LEADS: Record<Language, RegExp> = {
  en: /(?<![\p{L}\p{N}])(?:due\s+)?(?:on|at|by|in|before|from|starting(?:\s+(?:on|from))?|this|until|till|due)\s+(?:the\s+)?$/iu,
  de: /(?<![\p{L}\p{N}])(?:fällig\s+)?(?:am|um|bis(?:\s+zum)?|im|ab(?:\s+dem)?|vor|von|vom|diesen|fällig)\s+(?:dem\s+|den\s+)?$/iu,
  ar: /(?<![\p{L}\p{N}])(?:في|يوم|الساعة|قبل|حتى|من|بحلول)\s+(?:يوم\s+)?$/u,
};

const AMBIGUOUS =
  /^(?:sun|sat|wed|mon|mar|may|march|dec|second|sec|die?|mi|do|so|mo|fr|sa|mai|august|april|june|أحد)\.?$/iu;

const DAY_PARTS: readonly [RegExp, string][] = [
  [/tonight|heute\s+(?:abend|nacht)|الليلة/iu, "20:00"],
  [/after\s*noon|nachmittags?|بعد\s+الظهر/iu, "15:00"],
  [/\bnoon|midday|(?<!\p{L})mittags?|الظهر/iu, "12:00"],
  [/evening|abends?|مساء/iu, "19:00"],
  [/this\s+morning|in\s+the\s+morning|\bmorning|vormittags?|früh|morgens|صباح/iu, "09:00"],
  [/\bnight|nachts?/iu, "21:00"],
];
