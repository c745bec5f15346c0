import { plainRule, WORKDAYS, type Frequency } from "@/features/recurrence/rule";

import { monthlyDays, weeklyOn, word, type Phrase } from "./phrases";
import { anyWeekday, ARABIC, numberOf, weekdaysIn } from "./vocabulary";

const DAY = `(?:يوم\\s+)?${anyWeekday(ARABIC)}`;
const DAYS = `${DAY}(?:(?:\\s*[،,]\\s*|\\s+و\\s*)${DAY})*`;
const NUMBER = `[\\d٠-٩]{1,4}|${Object.keys(ARABIC.numbers).join("|")}`;

/** How Arabic says that a task comes back; the first phrase that matches counts. */
export const ARABIC_PHRASES: readonly Phrase[] = [
  [
    "كل\\s+شهر\\s+في\\s+(?:اليوم\\s+)?([\\d٠-٩]{1,2})",
    ([, day]) => ({ rule: monthlyDays([numberOf(day ?? "", ARABIC) ?? 1]) }),
  ],
  ["(?:كل\\s+شهر\\s+في\\s+)?(?:آخر|اخر)\\s+يوم\\s+(?:من|في)\\s+كل\\s+شهر", () => ({ rule: monthlyDays([-1]) })],
  [`كل\\s+(${DAYS})`, ([, days]) => ({ rule: weeklyOn(weekdaysIn(days ?? "", ARABIC)) })],
  [`كل\\s+أسبوعين\\s+(?:في\\s+)?(${DAYS})`, ([, days]) => ({ rule: weeklyOn(weekdaysIn(days ?? "", ARABIC), 2) })],
  [`كل\\s+أسبوع\\s+(?:في\\s+)?(${DAYS})`, ([, days]) => ({ rule: weeklyOn(weekdaysIn(days ?? "", ARABIC)) })],
  ["كل\\s+(?:يوم\\s+عمل|أيام\\s+العمل)", () => ({ rule: weeklyOn(WORKDAYS) })],
  ["كل\\s+صباح", () => ({ rule: word("daily"), time: "09:00" })],
  ["كل\\s+مساء", () => ({ rule: word("daily"), time: "19:00" })],
  [
    "كل\\s+(يومين|[أا]سبوعين|شهرين|سنتين|عامين)",
    ([, unit]) => ({
      rule: plainRule(UNITS.find(([start]) => new RegExp(`^(?:${start})`, "u").test(unit ?? ""))?.[1] ?? "daily", 2),
    }),
  ],
  [
    `كل\\s+(?:(${NUMBER})\\s+)?(يوما?ً?|[أا]يام|[أا]سبوعا?ً?|[أا]سابيع|شهرا?ً?|[أا]شهر|شهور|سنة|سنوات|عام)`,
    ([, every, unit]) => ({
      rule: word(
        UNITS.find(([start]) => new RegExp(`^(?:${start})`, "u").test(unit ?? ""))?.[1] ?? "daily",
        every === undefined ? 1 : (numberOf(every, ARABIC) ?? 1),
      ),
    }),
  ],
  ["يومي[اً]{1,2}", () => ({ rule: word("daily"), adverb: true })],
  ["[أا]سبوعي[اً]{1,2}", () => ({ rule: word("weekly"), adverb: true })],
  ["شهري[اً]{1,2}", () => ({ rule: word("monthly"), adverb: true })],
  ["سنوي[اً]{1,2}", () => ({ rule: word("yearly"), adverb: true })],
];

const UNITS: readonly [string, Frequency][] = [
  ["يوم|[أا]يام", "daily"],
  ["[أا]سبوع|[أا]سابيع", "weekly"],
  ["شهر|[أا]شهر|شهور", "monthly"],
  ["سن|عام", "yearly"],
];
