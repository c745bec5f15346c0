import { plainRule, WEEKEND, WORKDAYS, type Frequency, type Rule } from "@/features/recurrence/rule";

import { monthlyDays, nthWeekday, weeklyOn, word, type Phrase } from "./phrases";
import { anyWeekday, ENGLISH, numberOf, weekdaysIn } from "./vocabulary";

const DAY = anyWeekday(ENGLISH);
const DAYS = `${DAY}(?:(?:\\s*(?:,|and|&|,\\s*and)\\s*|\\s+)${DAY})*`;
const EVERY = "(?:every|each)(!?)";
const NUMBER = `\\d{1,4}|${Object.keys(ENGLISH.numbers).join("|")}`;
const NTH = "first|second|third|fourth|fifth|last|1st|2nd|3rd|4th|5th";
const DATE = "\\d{1,2}(?:st|nd|rd|th)";
const DATES = `${DATE}(?:(?:\\s*,\\s*|\\s*(?:and|&)\\s*)(?:the\\s+)?${DATE})*`;
const MONTH = `(?:${ENGLISH.months.join("|")})`;
const OF_MONTH = "\\s+(?:of|in)\\s+(?:the|each|every)\\s+month";

/** How English says that a task comes back; the first phrase that matches counts. */
export const ENGLISH_PHRASES: readonly Phrase[] = [
  // every month on the 1st and 15th · every 2 months on the last day · monthly on the second tuesday
  [
    `(?:${EVERY}(?:\\s+(${NUMBER}|other))?\\s+months?|monthly)\\s+on\\s+(?:the\\s+)?(?:(${DATES})|(last)\\s+day|(${NTH})\\s+(${DAY}|weekday|workday|working day))`,
    ([, bang, every, dates, lastDay, nth, day]) => {
      const rule = dates ? monthlyDays(numbersIn(dates)) : lastDay ? monthlyDays([-1]) : nthOf(nth, day);
      return rule && { rule: { ...rule, interval: interval(every) }, bang };
    },
  ],
  // every first monday of the month · on the last weekday of every month
  [
    `(?:(?:${EVERY}|on)\\s+)?(?:the\\s+)?(${NTH})\\s+(${DAY}|weekday|workday|working day)\\s+(?:of|in)\\s+(the|each|every)\\s+month`,
    ([whole, bang, nth, day, of]) => {
      if (of?.toLowerCase() === "the" && !/^(?:every|each)/i.test(whole ?? "")) return undefined;
      const rule = nthOf(nth, day);
      return rule && { rule, bang };
    },
  ],
  // on the last day of each month · every last day
  [`(?:on\\s+)?(?:the\\s+)?last\\s+day\\s+of\\s+(?:each|every)\\s+month`, () => ({ rule: monthlyDays([-1]) })],
  [`${EVERY}\\s+last\\s+day(?:${OF_MONTH})?`, ([, bang]) => ({ rule: monthlyDays([-1]), bang })],
  // every march 3rd · every 3 march
  [
    `${EVERY}\\s+(?:(${MONTH})\\s+(\\d{1,2})(?:st|nd|rd|th)?|(\\d{1,2})(?:st|nd|rd|th)?\\s+(?:of\\s+)?(${MONTH}))(?!\\d)`,
    ([, bang, month1, day1, day2, month2]) => {
      const month =
        ENGLISH.months.findIndex((name) => new RegExp(`^(?:${name})$`, "i").test(month1 ?? month2 ?? "")) + 1;
      const day = Number(day1 ?? day2);
      return { rule: { ...plainRule("yearly"), months: [month], monthDays: [day] }, bang };
    },
  ],
  // every 1st and 15th · on the 1st of every month
  [
    `${EVERY}\\s+(${DATES})(?!\\s+${DAY})(?:${OF_MONTH})?`,
    ([, bang, dates]) => ({ rule: monthlyDays(numbersIn(dates)), bang }),
  ],
  [
    `(?:on\\s+)?(?:the\\s+)?(${DATES})\\s+of\\s+(?:each|every)\\s+month`,
    ([, dates]) => ({ rule: monthlyDays(numbersIn(dates)) }),
  ],
  // every third friday: of the month. Every second one: one of two.
  [
    `${EVERY}\\s+(first|third|fourth|fifth|last|1st|2nd|3rd|4th|5th)\\s+(${DAY})`,
    ([, bang, nth, day]) => {
      const rule = nthOf(nth, day);
      return rule && { rule, bang };
    },
  ],
  // every other tuesday · every mon, wed and fri
  [
    `${EVERY}\\s+(?:(other|second|${NUMBER})\\s+)?(${DAYS})`,
    ([, bang, every, days]) => ({ rule: weeklyOn(weekdaysIn(days ?? "", ENGLISH), interval(every)), bang }),
  ],
  // every 2 weeks on monday and friday
  [
    `(?:${EVERY}(?:\\s+(other|second|${NUMBER}))?\\s+weeks?|weekly)\\s+on\\s+(${DAYS})`,
    ([, bang, every, days]) => ({ rule: weeklyOn(weekdaysIn(days ?? "", ENGLISH), interval(every)), bang }),
  ],
  [`${EVERY}\\s+(?:weekdays?|workdays?|working\\s+days?)`, ([, bang]) => ({ rule: weeklyOn(WORKDAYS), bang })],
  [`${EVERY}\\s+weekends?`, ([, bang]) => ({ rule: weeklyOn(WEEKEND), bang })],
  [
    `${EVERY}\\s+(morning|noon|afternoon|evening|night)`,
    ([, bang, part]) => ({ rule: word("daily"), bang, time: DAY_PARTS[part?.toLowerCase() ?? ""] }),
  ],
  [
    `${EVERY}\\s+fortnight|(?:bi-?weekly|fortnightly)`,
    ([, bang]) => ({ rule: plainRule("weekly", 2), bang, adverb: !bang }),
  ],
  [`${EVERY}\\s+quarter|quarterly`, ([, bang]) => ({ rule: plainRule("monthly", 3), bang })],
  [
    `${EVERY}\\s+(?:(other|second|third|${NUMBER})\\s+)?(days?|weeks?|months?|years?)`,
    ([, bang, every, unit]) => ({
      rule: word(UNITS[unit?.[0]?.toLowerCase() ?? ""] ?? "daily", interval(every)),
      bang,
    }),
  ],
  // mondays and fridays
  [
    `(?:on\\s+)?((?:mon|tues|wednes|thurs|fri|satur|sun)days(?:(?:\\s*,\\s*|\\s+and\\s+)${DAY})*)`,
    ([, days]) => ({ rule: weeklyOn(weekdaysIn(days ?? "", ENGLISH)) }),
  ],
  ["(?:on\\s+)?weekdays", () => ({ rule: weeklyOn(WORKDAYS) })],
  [
    "(daily|weekly|monthly|yearly|annually)",
    ([, adverb]) => ({ rule: word(ADVERBS[adverb?.toLowerCase() ?? ""] ?? "daily"), adverb: true }),
  ],
];

function nthOf(nth: string | undefined, day: string | undefined): Rule | undefined {
  const ordinal = ORDINALS[nth?.toLowerCase() ?? ""];
  if (ordinal === undefined || day === undefined) return undefined;
  return nthWeekday(ordinal, weekdaysIn(day, ENGLISH)[0]);
}

function interval(text: string | undefined): number {
  if (text === undefined) return 1;
  const lower = text.toLowerCase();
  if (lower === "other" || lower === "second") return 2;
  if (lower === "third") return 3;
  return numberOf(lower, ENGLISH) ?? 1;
}

function numbersIn(text: string | undefined): number[] {
  return (text?.match(/\d+/g) ?? []).map(Number);
}

const ORDINALS: Record<string, 1 | 2 | 3 | 4 | 5 | -1 | undefined> = {
  first: 1,
  "1st": 1,
  second: 2,
  "2nd": 2,
  third: 3,
  "3rd": 3,
  fourth: 4,
  "4th": 4,
  fifth: 5,
  "5th": 5,
  last: -1,
};
const UNITS: Record<string, Frequency | undefined> = { d: "daily", w: "weekly", m: "monthly", y: "yearly" };
const ADVERBS: Record<string, Frequency | undefined> = {
  daily: "daily",
  weekly: "weekly",
  monthly: "monthly",
  yearly: "yearly",
  annually: "yearly",
};
const DAY_PARTS: Record<string, string | undefined> = {
  morning: "09:00",
  noon: "12:00",
  afternoon: "15:00",
  evening: "19:00",
  night: "21:00",
};
