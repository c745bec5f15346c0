export type DurationUnit = "minutes" | "hours" | "days" | "weeks";

export const DURATION_UNITS: readonly DurationUnit[] = ["minutes", "hours", "days", "weeks"];

export const SECONDS_OF: Record<DurationUnit, number> = { minutes: 60, hours: 3_600, days: 86_400, weeks: 604_800 };

/** The longest time before a due that a reminder can go off. */
export const MOST_BEFORE = 366 * SECONDS_OF.days;

/** A length of time in the largest unit that it fills. */
export function splitDuration(seconds: number): { amount: number; unit: DurationUnit } {
  const unit =
    [...DURATION_UNITS].reverse().find((each) => seconds > 0 && seconds % SECONDS_OF[each] === 0) ?? "minutes";
  return { amount: Math.round(seconds / SECONDS_OF[unit]), unit };
}

/** What is offered at once. */
export const USUAL_BEFORE: readonly number[] = [0, 600, 1_800, 3_600, 86_400, 604_800];
