import { plainRule, WEEKEND, WORKDAYS, type Frequency, type Rule } from "@/features/recurrence/rule";

import { monthlyDays, nthWeekday, weeklyOn, word, type Phrase } from "./phrases";
import { anyWeekday, GERMAN, numberOf, weekdaysIn } from "./vocabulary";

const DAY = anyWeekday(GERMAN);
const DAYS = `${DAY}(?:(?:\\s*(?:,|und|&)\\s*|\\s+)${DAY})*`;
const EVERY = "jede[nrsm]?(!?)";
const ALL = "alle(!?)";
const NUMBER = `\\d{1,4}|${Object.keys(GERMAN.numbers).join("|")}`;
const NTH = "erste|zweite|dritte|vierte|fünfte|letzte|[1-5]\\.";
const DATES = `\\d{1,2}\\.(?:\\s*(?:,|und|&)\\s*\\d{1,2}\\.)*`;
const MONTH = `(?:${GERMAN.months.join("|")})`;
const EACH_MONTH = "(?:\\s+(?:im|des|jedes|jeden)\\s+monats?)";
const WORKDAY = "werktag|arbeitstag";

/** How German says that a task comes back; the first phrase that matches counts. */
export const GERMAN_PHRASES: readonly Phrase[] = [
  // jeden Monat am 1. und 15. · alle 2 Monate am letzten Tag · monatlich am zweiten Dienstag
  [
    `(?:${EVERY}\\s+(?:(zweiten)\\s+)?monat|${ALL}\\s+(${NUMBER})\\s+monate|monatlich)\\s+(?:am|zum)\\s+(?:(${DATES})(?!\\s*(?:${MONTH}|\\d))|(letzten)\\s+tag|(${NTH})n?\\s+(${DAY}|${WORKDAY}))`,
    ([, bang1, second, bang2, every, dates, lastDay, nth, day]) => {
      const rule = dates ? monthlyDays(numbersIn(dates)) : lastDay ? monthlyDays([-1]) : nthOf(nth, day);
      return rule && { rule: { ...rule, interval: second ? 2 : interval(every) }, bang: bang1 ?? bang2 };
    },
  ],
  // jeden ersten Montag im Monat · am letzten Werktag jedes Monats
  [
    `(?:${EVERY}|am)\\s+(${NTH})n?\\s+(${DAY}|${WORKDAY})\\s+(im|des|jedes|jeden)\\s+monats?`,
    ([whole, bang, nth, day, of]) => {
      if (!/^jede/i.test(whole ?? "") && !/^jede/i.test(of ?? "")) return undefined;
      const rule = nthOf(nth, day);
      return rule && { rule, bang };
    },
  ],
  ["am\\s+letzten\\s+tag\\s+(?:jedes|jeden)\\s+monats?", () => ({ rule: monthlyDays([-1]) })],
  [`${EVERY}\\s+letzten\\s+tag(?:${EACH_MONTH})?`, ([, bang]) => ({ rule: monthlyDays([-1]), bang })],
  [`am\\s+(${DATES})\\s+(?:jedes|jeden)\\s+monats?`, ([, dates]) => ({ rule: monthlyDays(numbersIn(dates)) })],
  // jeden 3. März
  [
    `${EVERY}\\s+(\\d{1,2})\\.\\s*(${MONTH})`,
    ([, bang, day, name]) => {
      const month = GERMAN.months.findIndex((each) => new RegExp(`^(?:${each})$`, "iu").test(name ?? "")) + 1;
      return { rule: { ...plainRule("yearly"), months: [month], monthDays: [Number(day)] }, bang };
    },
  ],
  [
    `${EVERY}\\s+(${DATES})(?!\\s*(?:${DAY}|\\d))(?:${EACH_MONTH})?`,
    ([, bang, dates]) => ({ rule: monthlyDays(numbersIn(dates)), bang }),
  ],
  // jeden dritten Freitag: im Monat. Jeden zweiten: einen von zweien.
  [
    `${EVERY}\\s+(erste|dritte|vierte|fünfte|letzte|[1-5]\\.)n?\\s+(${DAY})`,
    ([, bang, nth, day]) => {
      const rule = nthOf(nth, day);
      return rule && { rule, bang };
    },
  ],
  [
    `${EVERY}\\s+(?:(zweiten)\\s+)?(${DAYS})`,
    ([, bang, second, days]) => ({ rule: weeklyOn(weekdaysIn(days ?? "", GERMAN), second ? 2 : 1), bang }),
  ],
  // alle 2 Wochen am Montag und Freitag · jede Woche Dienstag
  [
    `(?:${EVERY}\\s+(?:(zweite)\\s+)?woche|${ALL}\\s+(${NUMBER})\\s+wochen|wöchentlich)\\s+(?:am\\s+)?(${DAYS})`,
    ([, bang1, second, bang2, every, days]) => ({
      rule: weeklyOn(weekdaysIn(days ?? "", GERMAN), second ? 2 : interval(every)),
      bang: bang1 ?? bang2,
    }),
  ],
  [`(?:${EVERY}\\s+(?:${WORKDAY})|werktags|an\\s+werktagen)`, ([, bang]) => ({ rule: weeklyOn(WORKDAYS), bang })],
  [`${EVERY}\\s+wochenende`, ([, bang]) => ({ rule: weeklyOn(WEEKEND), bang })],
  [
    `${EVERY}\\s+(morgen|mittag|nachmittag|abend)`,
    ([, bang, part]) => ({ rule: word("daily"), bang, time: DAY_PARTS[part?.toLowerCase() ?? ""] }),
  ],
  [`${EVERY}\\s+quartal|vierteljährlich`, ([, bang]) => ({ rule: plainRule("monthly", 3), bang })],
  [
    `${EVERY}\\s+(?:(zweite|dritte)[nrs]?\\s+)?(tag|woche|monat|jahr)(?!\\p{L})`,
    ([, bang, nth, unit]) => ({
      rule: word(UNITS[unit?.[0]?.toLowerCase() ?? ""] ?? "daily", nth ? (/^z/i.test(nth) ? 2 : 3) : 1),
      bang,
    }),
  ],
  [
    `${ALL}\\s+(${NUMBER})\\s+(tage|wochen|monate|jahre)`,
    ([, bang, every, unit]) => ({
      rule: word(UNITS[unit?.[0]?.toLowerCase() ?? ""] ?? "daily", interval(every)),
      bang,
    }),
  ],
  // montags und freitags
  [
    "(?:montags|dienstags|mittwochs|donnerstags|freitags|samstags|sonnabends|sonntags)(?:\\s*(?:,|und)\\s*\\p{L}+tags|\\s*(?:,|und)\\s*mittwochs)*",
    ([days]) => ({ rule: weeklyOn(weekdaysIn(days ?? "", GERMAN)) }),
  ],
  [
    "(täglich|wöchentlich|monatlich|jährlich)",
    ([, adverb]) => ({ rule: word(UNITS[adverb?.[0]?.toLowerCase() ?? ""] ?? "daily"), adverb: true }),
  ],
];

function nthOf(nth: string | undefined, day: string | undefined): Rule | undefined {
  const ordinal = ORDINALS[nth?.toLowerCase() ?? ""];
  if (ordinal === undefined || day === undefined) return undefined;
  return nthWeekday(ordinal, weekdaysIn(day, GERMAN)[0]);
}

function interval(text: string | undefined): number {
  return text === undefined ? 1 : (numberOf(text, GERMAN) ?? 1);
}

function numbersIn(text: string | undefined): number[] {
  return (text?.match(/\d+/g) ?? []).map(Number);
}

const ORDINALS: Record<string, 1 | 2 | 3 | 4 | 5 | -1 | undefined> = {
  erste: 1,
  "1.": 1,
  zweite: 2,
  "2.": 2,
  dritte: 3,
  "3.": 3,
  vierte: 4,
  "4.": 4,
  fünfte: 5,
  "5.": 5,
  letzte: -1,
};
const UNITS: Record<string, Frequency | undefined> = { t: "daily", w: "weekly", m: "monthly", j: "yearly" };
const DAY_PARTS: Record<string, string | undefined> = {
  morgen: "09:00",
  mittag: "12:00",
  nachmittag: "15:00",
  abend: "19:00",
};
