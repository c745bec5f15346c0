import type { WeekdayNumber } from "@/components/calendar";

export type Frequency = "daily" | "weekly" | "monthly" | "yearly";

/** A weekday of a rule, or the nth of its kind in the month or year; below 0 counts from the end. */
export interface RuleWeekday {
  weekday: WeekdayNumber;
  ordinal?: number;
}

/** An RRULE of the kinds that the server takes, or one of its four words. */
export interface Rule {
  frequency: Frequency;
  /** Whether it is one of the four words: steps from the first due, clamped where a month is too short. */
  word: boolean;
  interval: number;
  months: number[];
  monthDays: number[];
  weekdays: RuleWeekday[];
  setPositions: number[];
  count?: number;
  /** As the rule writes it: `20301231` or `20301231T225959Z`. */
  until?: string;
  weekStart?: WeekdayNumber;
}

export const FREQUENCIES: readonly Frequency[] = ["daily", "weekly", "monthly", "yearly"];
export const WORKDAYS: readonly WeekdayNumber[] = [1, 2, 3, 4, 5];
export const WEEKEND: readonly WeekdayNumber[] = [6, 7];
export const MAX_INTERVAL = 9_999;
export const MAX_COUNT = 99_999;

/** A rule of one frequency and no more, to be spread. */
export function plainRule(frequency: Frequency, interval = 1): Rule {
  return { frequency, word: false, interval, months: [], monthDays: [], weekdays: [], setPositions: [] };
}

/** Reads a rule as the server stores it. Nothing if it is none. */
export function parseRule(text: string): Rule | undefined {
  const plain = text
    .trim()
    .toUpperCase()
    .replace(/^RRULE:/, "");
  const word = FREQUENCIES.find((frequency) => frequency.toUpperCase() === plain);
  if (word) return { ...plainRule(word), word: true };
  const parts = new Map(plain.split(";").map((part) => part.split("=", 2) as [string, string | undefined]));
  const frequency = FREQUENCIES.find((each) => each.toUpperCase() === parts.get("FREQ"));
  if (!frequency || [...parts.keys()].some((name) => !KNOWN.has(name))) return undefined;
  const numbers = (name: string) => (parts.get(name)?.split(",") ?? []).map(Number);
  const weekdays = (parts.get("BYDAY")?.split(",") ?? []).map(parseWeekday);
  if (weekdays.includes(undefined)) return undefined;
  const rule: Rule = {
    ...plainRule(frequency, Number(parts.get("INTERVAL") ?? 1)),
    months: numbers("BYMONTH"),
    monthDays: numbers("BYMONTHDAY"),
    weekdays: weekdays as RuleWeekday[],
    setPositions: numbers("BYSETPOS"),
  };
  const count = parts.get("COUNT");
  const until = parts.get("UNTIL");
  const start = parseWeekday(parts.get("WKST") ?? "");
  if (count !== undefined) rule.count = Number(count);
  if (until !== undefined) rule.until = until;
  if (start) rule.weekStart = start.weekday;
  const all = [rule.interval, rule.count ?? 1, ...rule.months, ...rule.monthDays, ...rule.setPositions];
  return all.every((number) => Number.isInteger(number) && number !== 0) ? rule : undefined;
}

/** The text of a rule, in the order in which the server writes it. */
export function ruleText(rule: Rule): string {
  if (rule.word) return rule.frequency;
  const list = (name: string, values: readonly (string | number)[]) =>
    values.length > 0 ? [`${name}=${values.join(",")}`] : [];
  return [
    `FREQ=${rule.frequency.toUpperCase()}`,
    ...(rule.interval === 1 ? [] : [`INTERVAL=${rule.interval}`]),
    ...list("BYMONTH", rule.months),
    ...list("BYMONTHDAY", rule.monthDays),
    ...list(
      "BYDAY",
      rule.weekdays.map(({ weekday, ordinal }) => `${ordinal ?? ""}${CODES[weekday - 1] ?? ""}`),
    ),
    ...list("BYSETPOS", rule.setPositions),
    ...(rule.count === undefined ? [] : [`COUNT=${rule.count}`]),
    ...(rule.until === undefined ? [] : [`UNTIL=${rule.until}`]),
    ...(rule.weekStart === undefined || rule.weekStart === 1 ? [] : [`WKST=${CODES[rule.weekStart - 1] ?? ""}`]),
  ].join(";");
}

/** Whether the weekdays are these and carry no ordinal. */
export function hasWeekdays(rule: Rule, weekdays: readonly WeekdayNumber[]): boolean {
  return (
    rule.weekdays.length === weekdays.length &&
    weekdays.every((weekday) => rule.weekdays.some((own) => own.weekday === weekday && own.ordinal === undefined))
  );
}

function parseWeekday(text: string): RuleWeekday | undefined {
  const found = /^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$/.exec(text);
  if (!found) return undefined;
  const weekday = (CODES.indexOf(found[2] ?? "") + 1) as WeekdayNumber;
  return found[1] === undefined ? { weekday } : { weekday, ordinal: Number(found[1]) };
}

const CODES = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
const KNOWN = new Set("FREQ INTERVAL BYMONTH BYMONTHDAY BYDAY BYSETPOS COUNT UNTIL WKST".split(" "));
