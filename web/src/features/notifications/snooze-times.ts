import { addDays, dateInZone, momentInZone, type IsoDate } from "@/components/calendar";

/** The time of day to which tomorrow's reminder is put. */
export const TOMORROW_AT = "09:00";

/** Tomorrow at nine, as clocks in the reader's zone show it. */
export function tomorrowMorning(now: Date, timeZone: string): Date {
  return momentInZone(addDays(dateInZone(now, timeZone), 1), TOMORROW_AT, timeZone);
}

/** The moment of a date and a time in the reader's zone, or why a reminder can't be put there. */
export function snoozeMoment(date: IsoDate, time: string, timeZone: string, now: Date): Date | "past" | "tooFar" {
  const moment = momentInZone(date, time, timeZone);
  if (moment.getTime() <= now.getTime()) return "past";
  return moment.getTime() - now.getTime() > LONGEST ? "tooFar" : moment;
}

/** As the API has it: 366 days. */
const LONGEST = 366 * 86_400_000;
