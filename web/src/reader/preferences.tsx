"use client";

import { createContext, use } from "react";

import type { WeekdayNumber } from "@/components/calendar";

/** How the reader has times. */
export interface Preferences {
  timeZone: string;
  firstDayOfWeek: WeekdayNumber;
  /** When the server made the page: what the first drawing in the browser takes for now. */
  renderedAt: number;
}

/** The preferences that the frame around found in the profile. */
export function usePreferences(): Preferences {
  return use(PreferencesContext);
}

export const PreferencesContext = createContext<Preferences>({ timeZone: "UTC", firstDayOfWeek: 1, renderedAt: 0 });
