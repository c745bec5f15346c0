import { beforeAll, describe, expect, test } from "vitest";

import { ruleText } from "@/features/recurrence/rule";

import { loadDateReaders, type DateReader } from "./chrono";
import { parseLine } from "./parse";
import { pieceKey, type Language, type ParseContext } from "./types";

const readers = new Map<Language, readonly DateReader[]>();
beforeAll(async () => {
  for (const language of ["en", "de", "ar"] as const) readers.set(language, await loadDateReaders(language, true));
});

/** Tuesday, 9 March 2027, 10:00 in Berlin. */
const BASE: ParseContext = {
  now: new Date("2027-03-09T09:00:00Z"),
  timeZone: "Europe/Berlin",
  language: "en",
  dayFirst: true,
  ignored: new Set(),
};

function parse(text: string, context: Partial<ParseContext> = {}) {
  const full = { ...BASE, ...context };
  return parseLine(text, full, readers.get(full.language) ?? []);
}

/** What was understood, in one line. */
function summary(text: string, context: Partial<ParseContext> = {}): string {
  const line = parse(text, context);
  const parts = [line.title];
  if (line.due) parts.push(line.due.time ? `${line.due.date} ${line.due.time}` : line.due.date);
  if (line.recurrence) {
    parts.push(ruleText(line.recurrence.rule));
    if (line.recurrence.mode !== "skip_missed") parts.push(line.recurrence.mode);
    if (line.recurrence.endDate) parts.push(`until ${line.recurrence.endDate}`);
  }
  if (line.priority) parts.push(`!${line.priority}`);
  if (line.category) parts.push(`@${line.category}`);
  parts.push(...line.tags.map((tag) => `#${tag}`));
  for (const reminder of line.reminders) {
    parts.push(reminder.kind === "before" ? `-${reminder.seconds}s` : `at ${reminder.moment.toISOString()}`);
  }
  return parts.join(" | ");
}

test("the line of the tour", () => {
  expect(summary("pay rent every month on the 1st at 9:00 #home !high remind 1h before")).toBe(
    "pay rent | 2027-04-01 09:00 | FREQ=MONTHLY;BYMONTHDAY=1 | !high | @home | -3600s",
  );
});

describe("English dates", () => {
  test.each([
    ["buy milk", "buy milk"],
    ["buy milk tomorrow", "buy milk | 2027-03-10"],
    ["buy milk today at 18:30", "buy milk | 2027-03-09 18:30"],
    ["call mum on friday at 5pm", "call mum | 2027-03-12 17:00"],
    ["friday call mum at 9", "call mum | 2027-03-12 09:00"],
    ["call mum on tuesday", "call mum | 2027-03-16"],
    ["call mum tuesday at 18:00", "call mum | 2027-03-09 18:00"],
    ["call mum tuesday at 9:00", "call mum | 2027-03-16 09:00"],
    ["call mum at 9:00", "call mum | 2027-03-10 09:00"],
    ["call mum at 18:00", "call mum | 2027-03-09 18:00"],
    ["send report by next monday", "send report | 2027-03-15"],
    ["dentist 3 May 14:15", "dentist | 2027-05-03 14:15"],
    ["dentist on 3/5 at 2pm", "dentist | 2027-05-03 14:00"],
    ["dentist 1 Jan", "dentist | 2028-01-01"],
    ["renew passport in May", "renew passport | 2027-05-01"],
    ["tax 2027-05-31", "tax | 2027-05-31"],
    ["stretch in 2 hours", "stretch | 2027-03-09 12:00"],
    ["stretch in 3 days", "stretch | 2027-03-12"],
    ["pay invoice at the end of the month", "pay invoice at | 2027-03-31"],
    ["meeting tomorrow 14:00-15:30", "meeting tomorrow 14:00-15:30 | 2027-03-10 14:00"],
    ["film tonight", "film | 2027-03-09 20:00"],
  ])("%s", (text, expected) => {
    expect(summary(text)).toBe(expected);
  });
});

describe("what is no date stays in the title", () => {
  test.each([
    "ask May about lunch",
    "march to the shop",
    "buy sun cream",
    "buy 4 eggs",
    "read chapter 12",
    "pay 2026 taxes",
    "review last week's numbers",
    "run for 30 minutes",
    "prepare tomorrow's agenda",
    "write daily report",
    "read the weekly news",
    "wait a second",
    "call 0171 2345678",
    "buy version 3.4",
    "issue #12",
    "remind me to breathe",
    "remind Anna 1h before",
  ])("%s", (text) => {
    expect(summary(text)).toBe(text);
  });
});

describe("English recurrence", () => {
  test.each([
    ["stand-up every weekday at 9:30", "stand-up | 2027-03-10 09:30 | FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"],
    ["water plants every 2 weeks", "water plants | 2027-03-09 | FREQ=WEEKLY;INTERVAL=2"],
    ["bins every other tuesday", "bins | 2027-03-09 | FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"],
    ["gym every mon, wed and fri at 7", "gym | 2027-03-10 07:00 | FREQ=WEEKLY;BYDAY=MO,WE,FR"],
    ["invoice on the last day of every month", "invoice | 2027-03-31 | FREQ=MONTHLY;BYMONTHDAY=-1"],
    ["invoice every last day of the month", "invoice | 2027-03-31 | FREQ=MONTHLY;BYMONTHDAY=-1"],
    ["club every 3rd friday", "club | 2027-03-19 | FREQ=MONTHLY;BYDAY=3FR"],
    ["club on the second tuesday of every month", "club | 2027-03-09 | FREQ=MONTHLY;BYDAY=2TU"],
    ["pay on the last weekday of each month", "pay | 2027-03-31 | FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"],
    ["pay every 1st and 15th", "pay | 2027-03-15 | FREQ=MONTHLY;BYMONTHDAY=1,15"],
    ["birthday every march 3rd", "birthday | 2028-03-03 | FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=3"],
    ["vitamins daily at 8", "vitamins | 2027-03-10 08:00 | daily"],
    ["vitamins every morning", "vitamins | 2027-03-10 09:00 | daily"],
    ["backup monthly", "backup | 2027-03-09 | monthly"],
    ["read mondays and thursdays", "read | 2027-03-11 | FREQ=WEEKLY;BYDAY=MO,TH"],
    ["haircut every! 6 weeks", "haircut | 2027-03-09 | FREQ=WEEKLY;INTERVAL=6 | from_completion"],
    ["filter every 3 months after completion", "filter | 2027-03-09 | FREQ=MONTHLY;INTERVAL=3 | from_completion"],
    ["course every monday until 3 May", "course | 2027-03-15 | FREQ=WEEKLY;BYDAY=MO | until 2027-05-03"],
    ["course every monday starting 1 april", "course | 2027-04-05 | FREQ=WEEKLY;BYDAY=MO"],
    ["pills every day for 10 times", "pills | 2027-03-09 | FREQ=DAILY;COUNT=10"],
    ["report every quarter", "report | 2027-03-09 | FREQ=MONTHLY;INTERVAL=3"],
  ])("%s", (text, expected) => {
    expect(summary(text)).toBe(expected);
  });
});

describe("German", () => {
  test.each([
    [
      "Miete zahlen jeden Monat am 1. um 9:00 #zuhause !hoch erinnere mich 1 Std vorher",
      "Miete zahlen | 2027-04-01 09:00 | FREQ=MONTHLY;BYMONTHDAY=1 | !high | @home | -3600s",
    ],
    ["Müll jeden Montag", "Müll | 2027-03-15 | FREQ=WEEKLY;BYDAY=MO"],
    ["Blumen alle 2 Wochen", "Blumen | 2027-03-09 | FREQ=WEEKLY;INTERVAL=2"],
    ["Müll jeden zweiten Dienstag", "Müll | 2027-03-09 | FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"],
    ["Sport montags und donnerstags um 18 Uhr", "Sport | 2027-03-11 18:00 | FREQ=WEEKLY;BYDAY=MO,TH"],
    ["Rechnung am letzten Tag jedes Monats", "Rechnung | 2027-03-31 | FREQ=MONTHLY;BYMONTHDAY=-1"],
    ["Treffen jeden ersten Montag im Monat", "Treffen | 2027-04-05 | FREQ=MONTHLY;BYDAY=1MO"],
    ["Geburtstag jeden 3. März", "Geburtstag | 2028-03-03 | FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=3"],
    ["Vitamine täglich", "Vitamine | 2027-03-09 | daily"],
    ["Zahnarzt morgen um 14:15", "Zahnarzt | 2027-03-10 14:15"],
    ["Zahnarzt am 3. Mai", "Zahnarzt | 2027-05-03"],
    ["Bericht bis Freitag", "Bericht | 2027-03-12"],
    ["täglichen Bericht schreiben", "täglichen Bericht schreiben"],
    ["Mai anrufen", "Mai anrufen"],
    ["Kurs jeden Montag bis 31.12.", "Kurs | 2027-03-15 | FREQ=WEEKLY;BYDAY=MO | until 2027-12-31"],
    ["dehnen in 2 Stunden", "dehnen | 2027-03-09 12:00"],
    ["call mum tomorrow", "call mum | 2027-03-10"],
  ])("%s", (text, expected) => {
    expect(summary(text, { language: "de" })).toBe(expected);
  });
});

describe("Arabic", () => {
  test.each([
    [
      "دفع الإيجار كل شهر في اليوم 1 #المنزل !عالية",
      "دفع الإيجار | 2027-04-01 | FREQ=MONTHLY;BYMONTHDAY=1 | !high | @home",
    ],
    ["رياضة كل يوم", "رياضة | 2027-03-09 | daily"],
    ["تنظيف كل أسبوعين", "تنظيف | 2027-03-09 | FREQ=WEEKLY;INTERVAL=2"],
    ["اجتماع كل الاثنين", "اجتماع | 2027-03-15 | FREQ=WEEKLY;BYDAY=MO"],
    ["شراء الحليب غدا", "شراء الحليب | 2027-03-10"],
    ["شراء الحليب #تسوق", "شراء الحليب | #تسوق"],
  ])("%s", (text, expected) => {
    expect(summary(text, { language: "ar" })).toBe(expected);
  });
});

describe("signs and reminders", () => {
  test.each([
    ["essay #Uni #uni #deep-work p1", "essay | !high | #uni | #deep-work"],
    ["meet tomorrow at 14:00 remind 1d and 30 min before", "meet | 2027-03-10 14:00 | -86400s | -1800s"],
    ["meet tomorrow remind me at 8:30", "meet | 2027-03-10 | at 2027-03-10T07:30:00.000Z"],
    ["meet every day at 14:00 remind me at 13:00", "meet | 2027-03-09 14:00 | daily | -3600s"],
    ["remind me tomorrow at 8:00 to call", "to call | at 2027-03-10T07:00:00.000Z"],
    ["wow!!! #", "wow!!! #"],
  ])("%s", (text, expected) => {
    expect(summary(text)).toBe(expected);
  });
});

test("a piece that is not wanted goes back to the title", () => {
  const text = "call mum tomorrow #home";
  const [due] = parse(text).pieces;
  expect(due && pieceKey(due)).toBe("due:tomorrow");
  expect(summary(text, { ignored: new Set(["due:tomorrow"]) })).toBe("call mum tomorrow | @home");
});

test("pieces name their words", () => {
  const text = "pay rent every month on the 1st at 9:00 #home !high remind 1h before";
  expect(parse(text).pieces.map(({ kind, text: words }) => [kind, words])).toEqual([
    ["recurrence", "every month on the 1st"],
    ["due", "at 9:00"],
    ["category", "#home"],
    ["priority", "!high"],
    ["reminder", "remind 1h before"],
  ]);
});

test("hours from now are hours, also where the clocks change between", () => {
  const line = parse("stretch in 2 hours", { now: new Date("2027-03-28T00:30:00Z") });
  expect(line.due).toEqual({ date: "2027-03-28", time: "04:30", moment: new Date("2027-03-28T02:30:00Z") });
});

test("the day is that of the person's zone", () => {
  const now = new Date("2027-03-09T22:30:00Z");
  expect(summary("buy milk tomorrow", { now, timeZone: "Asia/Tokyo" })).toBe("buy milk | 2027-03-11");
  expect(summary("buy milk tomorrow", { now, timeZone: "America/Los_Angeles" })).toBe("buy milk | 2027-03-10");
});

test("month comes first where the person writes so", async () => {
  const american = await loadDateReaders("en", false);
  const line = parseLine("dentist 3/5", { ...BASE, dayFirst: false }, american);
  expect(line.due?.date).toBe("2028-03-05");
});
