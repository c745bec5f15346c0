"use client";

import { useMemo, type ReactNode } from "react";

import { PreferencesContext } from "@/reader/preferences";

import { useBrowserTimeZone } from "./browser-zone";
import { useProfile } from "./use-profile";
import { isZone } from "./zones";

/** Gives all that is inside the zone and the week of the profile; those of the browser until the profile is known. */
export function PreferencesProvider({ renderedAt, children }: { renderedAt: number; children: ReactNode }) {
  const { profile } = useProfile();
  const device = useBrowserTimeZone();
  // A profile that nobody set says UTC, where nobody lives.
  const set = profile?.updatedAt ? profile.timeZone : undefined;
  const timeZone = set && isZone(set) ? set : (device ?? profile?.timeZone ?? "UTC");
  const firstDayOfWeek = profile?.firstDayOfWeek ?? 1;
  const preferences = useMemo(() => ({ timeZone, firstDayOfWeek, renderedAt }), [timeZone, firstDayOfWeek, renderedAt]);
  return <PreferencesContext value={preferences}>{children}</PreferencesContext>;
}
