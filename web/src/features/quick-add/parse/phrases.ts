import type { WeekdayNumber } from "@/components/calendar";
import type { Ordinal } from "@/features/recurrence/editor-state";
import { plainRule, WORKDAYS, type Frequency, type Rule } from "@/features/recurrence/rule";

import type { ClockTime } from "./types";

/** What a phrase of recurrence means. */
export interface PhraseMeaning {
  rule: Rule;
  /** `!` after every: counted from completion. */
  bang?: string | undefined;
  time?: ClockTime | undefined;
  /** A word such as daily, which may as well describe the thing: it counts only where nothing but more of a date follows. */
  adverb?: boolean;
}

/** A pattern, and what it means; nothing where it turns out to mean something else. */
export type Phrase = readonly [
  pattern: string,
  meaning: (groups: readonly (string | undefined)[]) => PhraseMeaning | undefined,
];

/** One of the server's words where the interval allows it. */
export function word(frequency: Frequency, interval = 1): Rule {
  return { ...plainRule(frequency, interval), word: interval === 1 };
}

export function weeklyOn(weekdays: readonly WeekdayNumber[], interval = 1): Rule {
  const sorted = [...weekdays].sort((a, b) => a - b);
  return { ...plainRule("weekly", interval), weekdays: sorted.map((weekday) => ({ weekday })) };
}

export function monthlyDays(days: readonly number[], interval = 1): Rule {
  return { ...plainRule("monthly", interval), monthDays: [...new Set(days)] };
}

/** The nth weekday of the month; without a weekday, the nth working day. */
export function nthWeekday(ordinal: Ordinal, weekday: WeekdayNumber | undefined): Rule {
  if (weekday !== undefined) return { ...plainRule("monthly"), weekdays: [{ weekday, ordinal }] };
  return { ...plainRule("monthly"), weekdays: WORKDAYS.map((each) => ({ weekday: each })), setPositions: [ordinal] };
}
