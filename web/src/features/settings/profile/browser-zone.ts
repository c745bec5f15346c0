"use client";

import { useSyncExternalStore } from "react";

import type { WeekdayNumber } from "@/components/calendar";

/** The zone in which the device is, asked again when the page is looked at. The server does not know it. */
export function useBrowserTimeZone(): string | undefined {
  return useSyncExternalStore(subscribe, browserTimeZone, () => undefined);
}

export function browserTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The day on which a week begins where the browser's language is spoken: Monday, if it does not say. */
export function browserFirstDayOfWeek(language: string): WeekdayNumber {
  const locale = new Intl.Locale(language) as WeekLocale;
  const first = (locale.getWeekInfo?.() ?? locale.weekInfo)?.firstDay;
  return first !== undefined && first >= 1 && first <= 7 ? (first as WeekdayNumber) : 1;
}

/** Browsers have it as a method or as a field, and some have neither. */
interface WeekLocale {
  getWeekInfo?: () => { firstDay: number };
  weekInfo?: { firstDay: number };
}

function subscribe(listener: () => void): () => void {
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
}
