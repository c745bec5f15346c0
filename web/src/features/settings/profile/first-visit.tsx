"use client";

import { useLocale } from "next-intl";
import { useEffect, useRef } from "react";

import { browserFirstDayOfWeek, browserTimeZone } from "./browser-zone";
import { useProfile, useUpdateProfile } from "./use-profile";

/** Sets a profile that nobody has set yet from what the browser says, so that "today" is right from the start. */
export function FirstVisit() {
  const { profile } = useProfile();
  const { update } = useUpdateProfile();
  const language = useLocale();
  const done = useRef(false);
  const unset = profile?.updatedAt === null;
  useEffect(() => {
    if (!unset || done.current) return;
    done.current = true;
    void update({
      timeZone: browserTimeZone(),
      language,
      firstDayOfWeek: browserFirstDayOfWeek(navigator.language),
    });
  }, [unset, update, language]);
  return null;
}
