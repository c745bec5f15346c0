import { addDays, dateInZone, daysBetween, utcMidnight, type IsoDate } from "@/components/calendar";

/** A date of no zone, or a moment. */
export type DateOrMoment = IsoDate | Date;
export type DateStyle = "short" | "medium" | "long" | "full";

/** Words and numbers as one reader has them: in a language, in a zone, on a day. */
export interface Format {
  locale: string;
  timeZone: string;
  /** The date that it is now in the zone. */
  today: IsoDate;
  /** `3 Feb 2027`, or shorter or longer. */
  date(value: DateOrMoment, style?: DateStyle): string;
  /** `9:00` */
  time(moment: Date): string;
  /** `3 Feb 2027, 9:00` */
  dateTime(moment: Date, style?: DateStyle): string;
  /** The day in a word where there is one: `Today`, `Tomorrow`, `Yesterday`, `Friday`; else `3 Feb`, or with its year. */
  day(value: DateOrMoment): string;
  /** The same, and the time: `Tomorrow, 9:00`. */
  dayTime(moment: Date): string;
  /** How long ago, or in how long: `in 5 minutes`, `2 hours ago`. */
  relative(moment: Date, now?: Date): string;
  month(date: IsoDate): string;
  weekday(date: IsoDate, style: "long" | "short" | "narrow"): string;
  dayOfMonth(date: IsoDate): string;
  number(value: number | bigint): string;
  /** `a, b and c` */
  list(values: Iterable<string>): string;
  /** The date on which a moment falls in the zone; a date as it is. */
  isoDate(value: DateOrMoment): IsoDate;
}

export function createFormat(locale: string, timeZone: string, today: IsoDate): Format {
  const dateFormat = (options: Intl.DateTimeFormatOptions) => cached(locale, options);
  const ofDate = (date: IsoDate, options: Intl.DateTimeFormatOptions) =>
    dateFormat({ ...options, timeZone: "UTC" }).format(utcMidnight(date));
  const isoDate = (value: DateOrMoment) => (typeof value === "string" ? value : dateInZone(value, timeZone));
  const time = (moment: Date) => dateFormat({ timeStyle: "short", timeZone }).format(moment);

  const day = (value: DateOrMoment) => {
    const date = isoDate(value);
    const days = daysBetween(today, date);
    if (days >= -1 && days <= 1) return dayWord(locale, days);
    if (days > 1 && date <= addDays(today, 6)) return ofDate(date, { weekday: "long" });
    const sameYear = date.slice(0, 4) === today.slice(0, 4);
    return ofDate(date, { day: "numeric", month: "short", ...(sameYear ? {} : { year: "numeric" }) });
  };

  return {
    locale,
    timeZone,
    today,
    isoDate,
    time,
    day,
    date: (value, style = "medium") => ofDate(isoDate(value), { dateStyle: style }),
    dateTime: (moment, style = "medium") =>
      dateFormat({ dateStyle: style, timeStyle: "short", timeZone }).format(moment),
    dayTime: (moment) => (locale === "ar" ? `${day(moment)}، ${time(moment)}` : `${day(moment)}, ${time(moment)}`),
    relative: (moment, now = new Date()) => relativeTime(locale, moment.getTime() - now.getTime()),
    month: (date) => ofDate(date, { month: "long", year: "numeric" }),
    weekday: (date, style) => ofDate(date, { weekday: style }),
    dayOfMonth: (date) => ofDate(date, { day: "numeric" }).replace(/\D+$/, ""),
    number: (value) => new Intl.NumberFormat(locale).format(value),
    list: (values) => new Intl.ListFormat(locale, { type: "conjunction" }).format(values),
  };
}

/** `Today`, `Tomorrow`, `Yesterday`, as they begin a line. */
function dayWord(locale: string, days: number): string {
  const word = new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day");
  return word.charAt(0).toLocaleUpperCase(locale) + word.slice(1);
}

function relativeTime(locale: string, milliseconds: number): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "long" });
  const [unit, length] = UNITS.find(([, size]) => Math.abs(milliseconds) >= size) ?? (["second", Infinity] as const);
  return format.format(length === Infinity ? 0 : Math.trunc(milliseconds / length), unit);
}

/** Making an Intl format takes longer than using it a hundred times. */
function cached(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  let format = FORMATS.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, options);
    FORMATS.set(key, format);
  }
  return format;
}

const FORMATS = new Map<string, Intl.DateTimeFormat>();

const UNITS = [
  ["year", 365 * 86_400_000],
  ["month", 30 * 86_400_000],
  ["week", 7 * 86_400_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;
