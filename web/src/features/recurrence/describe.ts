import type { useTranslations } from "next-intl";

import { utcMidnight, type IsoDate } from "@/components/calendar";

import { isClamped } from "./editor-state";
import { hasWeekdays, parseRule, WEEKEND, WORKDAYS, type Rule, type RuleWeekday } from "./rule";

/** The words of the feature, as `useTranslations("recurrence")` gives them. */
export type RecurrenceWords = ReturnType<typeof useTranslations<"recurrence">>;

/** Which occurrence follows a completed one, as the API names it. */
export type Mode = "skip_missed" | "every_occurrence" | "from_completion";

export interface DescribedRecurrence {
  rule: string;
  mode?: Mode;
  endDate?: IsoDate | null;
  /** The due, where it is known: a plain monthly rule falls on its day. */
  due?: IsoDate | undefined;
}

/** How a task comes back, in words: `Every 2 weeks on Monday and Friday, until 3 Mar 2027`. */
export function describeRecurrence(recurrence: DescribedRecurrence, locale: string, t: RecurrenceWords): string {
  const rule = parseRule(recurrence.rule);
  if (!rule) return t("words.custom");
  const words = new Words(locale, t);
  const parts = [words.when(rule, recurrence.due)];
  if (rule.count !== undefined) parts.push(t("words.count", { count: rule.count }));
  const until = recurrence.endDate ?? dateOfUntil(rule.until);
  if (until) parts.push(t("words.until", { date: words.date(until) }));
  if (recurrence.mode === "from_completion") parts.push(t("words.fromCompletion"));
  if (recurrence.mode === "every_occurrence") parts.push(t("words.everyOccurrence"));
  return parts.join(t("words.separator"));
}

class Words {
  constructor(
    private readonly locale: string,
    private readonly t: RecurrenceWords,
  ) {}

  when(rule: Rule, due: IsoDate | undefined): string {
    const { t } = this;
    const interval = rule.interval;
    const set = this.weekdaySet(rule);
    if (rule.frequency === "daily") {
      return this.limited(rule, set ?? t("words.daily", { interval }));
    }
    if (rule.frequency === "weekly") {
      if (rule.weekdays.length === 0) {
        if (!due) return t("words.weekly", { interval });
        return interval === 1
          ? t("words.everyWeekdays", { days: this.list([this.weekdayOf(due)]) })
          : t("words.weeklyOn", { interval, days: this.weekdayOf(due) });
      }
      const days = this.list(rule.weekdays.map((each) => this.weekday(each)));
      if (interval === 1) return this.limited(rule, set ?? t("words.everyWeekdays", { days }));
      return t("words.weeklyOn", { interval, days: set ? t("words.workdays") : days });
    }
    return rule.frequency === "monthly" ? this.monthly(rule, due) : this.yearly(rule, due);
  }

  date(date: IsoDate): string {
    return this.format(date, { dateStyle: "medium" });
  }

  private monthly(rule: Rule, due: IsoDate | undefined): string {
    const { interval } = rule;
    const days = this.daysOfMonth(rule) ?? (due && this.monthDay(Number(due.slice(8))));
    const text = days ? this.t("words.monthlyOn", { interval, days }) : this.t("words.monthly", { interval });
    return this.limited(rule, text);
  }

  private yearly(rule: Rule, due: IsoDate | undefined): string {
    const { interval } = rule;
    const [month] = rule.months;
    const [day] = rule.monthDays;
    const oneDay = rule.monthDays.length === 1 && rule.weekdays.length === 0 && rule.months.length === 1;
    const plain = rule.monthDays.length + rule.weekdays.length + rule.months.length === 0;
    if (oneDay && day !== undefined && month !== undefined && day > 0) {
      return this.t("words.yearlyOn", { interval, date: this.dayAndMonth(month, day) });
    }
    if (plain && due) {
      const date = this.dayAndMonth(Number(due.slice(5, 7)), Number(due.slice(8)));
      return this.t("words.yearlyOn", { interval, date });
    }
    const days = this.daysOfMonth(rule);
    if (!days) return this.limited(rule, this.t("words.yearly", { interval }));
    const text = this.t("words.yearlyOn", { interval, date: days });
    return rule.months.length > 0 ? this.limited(rule, text) : text;
  }

  /** Adds the months to which a rule keeps. */
  private limited(rule: Rule, text: string): string {
    if (rule.months.length === 0) return text;
    const months = this.list(rule.months.map((month) => this.format(isoMonth(month), { month: "long" })));
    return this.t("words.inMonths", { text, months });
  }

  private daysOfMonth(rule: Rule): string | undefined {
    const [position] = rule.setPositions;
    if (isClamped(rule)) return this.t("words.dayOrLast", { day: this.monthDay(27 + rule.monthDays.length) });
    if (rule.monthDays.length > 0) return this.list(rule.monthDays.map((day) => this.monthDay(day)));
    if (rule.setPositions.length === 1 && position !== undefined && hasWeekdays(rule, WORKDAYS)) {
      return this.t("words.nthWorkday", { ordinal: ordinalName(position) });
    }
    if (rule.weekdays.length === 0) return undefined;
    return this.list(
      rule.weekdays.map((each) =>
        each.ordinal === undefined
          ? this.t("words.everyWeekdayOf", { weekday: this.weekday(each) })
          : this.t("words.nthWeekday", { ordinal: ordinalName(each.ordinal), weekday: this.weekday(each) }),
      ),
    );
  }

  private monthDay(day: number): string {
    if (day === -1) return this.t("words.lastDay");
    return day > 0 ? this.t("words.monthDay", { day }) : this.t("words.monthDayFromEnd", { day: -day });
  }

  private weekdaySet(rule: Rule): string | undefined {
    if (rule.interval === 1 && rule.weekdays.length === 7) return this.t("words.daily", { interval: 1 });
    if (hasWeekdays(rule, WORKDAYS)) return this.t("words.everyWorkday");
    return hasWeekdays(rule, WEEKEND) && rule.interval === 1 ? this.t("words.everyWeekend") : undefined;
  }

  private weekday({ weekday }: RuleWeekday): string {
    // The first of January 2024 was a Monday.
    return this.format(`2024-01-0${weekday}`, { weekday: "long" });
  }

  private weekdayOf(date: IsoDate): string {
    return this.format(date, { weekday: "long" });
  }

  private dayAndMonth(month: number, day: number): string {
    return this.format(`${isoMonth(month).slice(0, 8)}${String(day).padStart(2, "0")}`, {
      day: "numeric",
      month: "long",
    });
  }

  private list(texts: readonly string[]): string {
    return new Intl.ListFormat(this.locale, { type: "conjunction" }).format(texts);
  }

  private format(date: IsoDate, options: Intl.DateTimeFormatOptions): string {
    return new Intl.DateTimeFormat(this.locale, { ...options, timeZone: "UTC" }).format(utcMidnight(date));
  }
}

function ordinalName(ordinal: number): string {
  return ordinal === -1 ? "last" : ordinal >= 1 && ordinal <= 5 ? `n${ordinal}` : "other";
}

function dateOfUntil(until: string | undefined): IsoDate | undefined {
  return until && `${until.slice(0, 4)}-${until.slice(4, 6)}-${until.slice(6, 8)}`;
}

/** A day of the month in a leap year. */
function isoMonth(month: number): IsoDate {
  return `2024-${String(month).padStart(2, "0")}-01`;
}
