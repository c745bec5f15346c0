"use client";

import { useLocale } from "next-intl";
import { useMemo } from "react";

import { dateInZone, type WeekdayNumber } from "@/components/calendar";

import { createFormat, type Format } from "./format-text";
import { useNow } from "./now";
import { usePreferences } from "./preferences";

export type { DateOrMoment, DateStyle, Format } from "./format-text";

/** The reader's zone: that of the profile, and until it is known that of the browser. */
export function useTimeZone(): string {
  return usePreferences().timeZone;
}

/** The day on which the reader's week begins: 1 is Monday, 7 is Sunday. */
export function useFirstDayOfWeek(): WeekdayNumber {
  return usePreferences().firstDayOfWeek;
}

/** Dates, times and numbers in the reader's language and zone. `today` moves on at the reader's midnight. */
export function useFormat(): Format {
  const locale = useLocale();
  const timeZone = useTimeZone();
  const now = useNow();
  const today = dateInZone(new Date(now), timeZone);
  return useMemo(() => createFormat(locale, timeZone, today), [locale, timeZone, today]);
}
