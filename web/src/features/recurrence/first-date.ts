import { addDays, utcMidnight, weekdayOf, type IsoDate } from "@/components/calendar";

import type { Rule, RuleWeekday } from "./rule";

/**
 * The first date from `from` on that a rule allows, whatever its interval: where a series of it begins. The series
 * itself is the server's to compute. Nothing if there is none within nine years.
 */
export function firstDate(rule: Rule, from: IsoDate): IsoDate | undefined {
  for (let days = 0; days < SEARCHED_DAYS; days += 1) {
    const date = addDays(from, days);
    if (allows(rule, date)) return date;
  }
  return undefined;
}

function allows(rule: Rule, date: IsoDate): boolean {
  if (rule.setPositions.length === 0) return inSet(rule, date);
  if (!inSet(rule, date)) return false;
  const set = daysOfPeriod(rule, date).filter((day) => inSet(rule, day));
  const position = set.indexOf(date);
  return rule.setPositions.some((wanted) => position === (wanted > 0 ? wanted - 1 : set.length + wanted));
}

function inSet(rule: Rule, date: IsoDate): boolean {
  const month = Number(date.slice(5, 7));
  if (rule.months.length > 0 && !rule.months.includes(month)) return false;
  const day = Number(date.slice(8));
  const length = daysInMonth(date);
  if (rule.monthDays.length > 0 && !rule.monthDays.some((each) => day === (each > 0 ? each : length + 1 + each))) {
    return false;
  }
  return rule.weekdays.length === 0 || rule.weekdays.some((each) => isWeekday(each, date, day, length));
}

/** An ordinal of a yearly rule without months counts in the year; Errand's editors make none, so months do for all. */
function isWeekday({ weekday, ordinal }: RuleWeekday, date: IsoDate, day: number, length: number): boolean {
  if (weekdayOf(date) !== weekday) return false;
  if (ordinal === undefined) return true;
  const fromStart = Math.ceil(day / 7);
  const fromEnd = -Math.ceil((length + 1 - day) / 7);
  return ordinal === fromStart || ordinal === fromEnd;
}

function daysOfPeriod(rule: Rule, date: IsoDate): IsoDate[] {
  if (rule.frequency === "yearly" && rule.months.length === 0) {
    return Array.from({ length: 366 }, (_, day) => addDays(`${date.slice(0, 4)}-01-01`, day)).filter((each) =>
      each.startsWith(date.slice(0, 4)),
    );
  }
  return Array.from({ length: daysInMonth(date) }, (_, day) => addDays(`${date.slice(0, 8)}01`, day));
}

export function daysInMonth(date: IsoDate): number {
  const midnight = utcMidnight(date);
  return new Date(Date.UTC(midnight.getUTCFullYear(), midnight.getUTCMonth() + 1, 0)).getUTCDate();
}

const SEARCHED_DAYS = 9 * 366;
