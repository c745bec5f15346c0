"use client";

import { useLocale } from "next-intl";
import { useCallback, useEffect, useState } from "react";

import { languageOf } from "@/i18n/languages";
import { useTimeZone } from "@/reader/format";

import { loadDateReaders, type DateReader } from "./parse/chrono";
import { parseLine } from "./parse/parse";
import type { ParsedLine } from "./parse/types";

/** Understands lines in the reader's language and zone, as soon as what reads dates has arrived. */
export function useUnderstanding(): (text: string, ignored: ReadonlySet<string>) => ParsedLine {
  const language = languageOf(useLocale()) ?? "en";
  const timeZone = useTimeZone();
  const [readers, setReaders] = useState<readonly DateReader[]>(NO_READERS);
  const dayFirst = language !== "en" || isDayFirst();
  useEffect(() => {
    let current = true;
    void loadDateReaders(language, dayFirst).then((loaded) => {
      if (current) setReaders(loaded);
    });
    return () => {
      current = false;
    };
  }, [language, dayFirst]);
  return useCallback(
    (text, ignored) => parseLine(text, { now: new Date(), timeZone, language, dayFirst, ignored }, readers),
    [timeZone, language, dayFirst, readers],
  );
}

/** Whether this browser's region writes the day before the month. */
function isDayFirst(): boolean {
  const parts = new Intl.DateTimeFormat(navigator.language).formatToParts(0).map((part) => part.type);
  return parts.indexOf("day") < parts.indexOf("month");
}

const NO_READERS: readonly DateReader[] = [];
