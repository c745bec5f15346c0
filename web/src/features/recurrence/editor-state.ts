import { utcMidnight, weekdayOf, type IsoDate, type WeekdayNumber } from "@/components/calendar";

import { daysInMonth } from "./first-date";
import { hasWeekdays, parseRule, plainRule, ruleText, WORKDAYS, type Frequency, type Rule } from "./rule";

/** Which day of the month or year: that of the due, certain days, or the nth weekday. 8 stands for any workday. */
export type MonthlyPattern =
  | { kind: "sameDay" }
  | { kind: "days"; days: number[] }
  | { kind: "nth"; ordinal: Ordinal; weekday: WeekdayNumber | typeof ANY_WORKDAY };

export type Ordinal = 1 | 2 | 3 | 4 | 5 | -1;
export const ORDINALS: readonly Ordinal[] = [1, 2, 3, 4, 5, -1];
export const ANY_WORKDAY = 8;

export type SeriesEnd = { kind: "never" } | { kind: "date"; date: IsoDate } | { kind: "count"; count: number };

/** A rule as the editor shows it. */
export interface EditorState {
  frequency: Frequency;
  interval: number;
  /** Of a weekly rule. Empty: the weekday of the due. */
  weekdays: WeekdayNumber[];
  /** Of a monthly or yearly rule. */
  pattern: MonthlyPattern;
  /** Of a yearly rule. Empty: the month of the due. */
  months: number[];
  end: SeriesEnd;
}

/** What of a task makes it recur. */
export interface Recurrence {
  rule: string;
  endDate: IsoDate | null;
}

export const FIRST_STATE: EditorState = {
  frequency: "weekly",
  interval: 1,
  weekdays: [],
  pattern: { kind: "sameDay" },
  months: [],
  end: { kind: "never" },
};

/** What the editor shows for a task's rule. Nothing if the rule has more to it than the editor knows. */
export function editorStateOf({ rule: text, endDate }: Recurrence): EditorState | undefined {
  const rule = parseRule(text);
  if (!rule) return undefined;
  const end = endOf(rule, endDate);
  const own = ownPattern(rule);
  if (!end || !own) return undefined;
  return { ...FIRST_STATE, frequency: rule.frequency, interval: rule.interval, end, ...own };
}

/** The rule that the editor's state means for a task with this due date. */
export function recurrenceOf(state: EditorState, due: IsoDate): Recurrence {
  const endDate = state.end.kind === "date" ? state.end.date : null;
  const count = state.end.kind === "count" ? { count: state.end.count } : {};
  const rule: Rule = { ...plainRule(state.frequency, state.interval), ...partsOf(state, due), ...count };
  const plain = rule.months.length + rule.monthDays.length + rule.weekdays.length === 0;
  const clamped = isSameDay(state) && (state.frequency === "monthly" || state.frequency === "yearly");
  if (state.interval === 1 && state.end.kind !== "count" && (plain || clamped)) {
    return { rule: state.frequency, endDate };
  }
  return { rule: ruleText(rule), endDate };
}

function partsOf(state: EditorState, due: IsoDate): Partial<Rule> {
  if (state.frequency === "daily") return {};
  if (state.frequency === "weekly") {
    const only = state.weekdays.length === 1 && state.weekdays[0] === weekdayOf(due);
    const weekdays = [...state.weekdays].sort((a, b) => a - b).map((weekday) => ({ weekday }));
    return only ? {} : { weekdays };
  }
  if (isSameDay(state)) return clampedDay(state, due);
  const months =
    state.frequency === "monthly"
      ? []
      : state.months.length > 0
        ? [...state.months].sort((a, b) => a - b)
        : [monthOf(due)];
  const { pattern } = state;
  if (pattern.kind === "days") return { months, monthDays: pattern.days };
  if (pattern.kind === "sameDay") return { months, monthDays: [dayOf(due)] };
  if (pattern.weekday === ANY_WORKDAY) {
    return { months, weekdays: WORKDAYS.map((weekday) => ({ weekday })), setPositions: [pattern.ordinal] };
  }
  return { months, weekdays: [{ weekday: pattern.weekday, ordinal: pattern.ordinal }] };
}

/** An RRULE leaves out months that are too short; the last of the days that there are is what the words do. */
function clampedDay(state: EditorState, due: IsoDate): Partial<Rule> {
  const day = dayOf(due);
  if (state.frequency === "monthly" && day > 28) {
    return { monthDays: Array.from({ length: day - 27 }, (_, index) => 28 + index), setPositions: [-1] };
  }
  if (state.frequency === "yearly" && day === 29 && monthOf(due) === 2) {
    return { months: [2], monthDays: [28, 29], setPositions: [-1] };
  }
  return {};
}

function isSameDay(state: EditorState): boolean {
  return state.pattern.kind === "sameDay" && (state.frequency === "monthly" || state.months.length === 0);
}

function endOf(rule: Rule, endDate: IsoDate | null): SeriesEnd | undefined {
  if (rule.count !== undefined) return endDate === null ? { kind: "count", count: rule.count } : undefined;
  if (rule.until !== undefined) {
    const day = /^(\d{4})(\d{2})(\d{2})$/.exec(rule.until);
    return day && endDate === null ? { kind: "date", date: `${day[1]}-${day[2]}-${day[3]}` } : undefined;
  }
  return endDate === null ? { kind: "never" } : { kind: "date", date: endDate };
}

function ownPattern(rule: Rule): Partial<EditorState> | undefined {
  const { frequency, months, monthDays, weekdays, setPositions } = rule;
  const [position] = setPositions;
  const [weekday] = weekdays;
  if (frequency === "daily") return months.length + monthDays.length + weekdays.length === 0 ? {} : undefined;
  if (frequency === "weekly") {
    if (months.length + monthDays.length + setPositions.length > 0) return undefined;
    return { weekdays: weekdays.map((each) => each.weekday) };
  }
  if (frequency === "monthly" && months.length > 0) return undefined;
  if (isClamped(rule)) return { pattern: { kind: "sameDay" } };
  if (frequency === "yearly" && months.length === 0 && monthDays.length + weekdays.length > 0) return undefined;
  if (setPositions.length > 0) {
    const known = setPositions.length === 1 && monthDays.length === 0 && isOrdinal(position);
    return known && hasWeekdays(rule, WORKDAYS)
      ? { months, pattern: { kind: "nth", ordinal: position, weekday: ANY_WORKDAY } }
      : undefined;
  }
  if (monthDays.length > 0) return weekday ? undefined : { months, pattern: { kind: "days", days: monthDays } };
  if (!weekday) return { months, pattern: { kind: "sameDay" } };
  return weekdays.length === 1 && isOrdinal(weekday.ordinal)
    ? { months, pattern: { kind: "nth", ordinal: weekday.ordinal, weekday: weekday.weekday } }
    : undefined;
}

/** Whether the days are 28 up to some day, of which the last counts, as this editor writes them. */
export function isClamped(rule: Rule): boolean {
  return (
    rule.setPositions.length === 1 &&
    rule.setPositions[0] === -1 &&
    rule.weekdays.length === 0 &&
    rule.monthDays.length > 1 &&
    rule.monthDays.every((day, index) => day === 28 + index)
  );
}

/** Which of its weekday in the month a date is; the last one where it is. */
export function nthWeekdayOf(date: IsoDate): { ordinal: Ordinal; weekday: WeekdayNumber } {
  const day = dayOf(date);
  const last = day + 7 > daysInMonth(date);
  return { ordinal: last ? -1 : (Math.ceil(day / 7) as Ordinal), weekday: weekdayOf(date) };
}

function isOrdinal(value: number | undefined): value is Ordinal {
  return ORDINALS.includes(value as Ordinal);
}

function dayOf(date: IsoDate): number {
  return utcMidnight(date).getUTCDate();
}

function monthOf(date: IsoDate): number {
  return utcMidnight(date).getUTCMonth() + 1;
}
