"use client";

import clsx from "clsx";
import { useState, type ComponentProps } from "react";

import { utcMidnight } from "./calendar";
import { useFieldControl } from "./field";
import { controlClasses } from "./input";
import { parseTime, stepTime } from "./time-text";
import { useLocale } from "next-intl";

export interface TimeFieldProps extends Omit<ComponentProps<"input">, "value" | "onChange" | "type"> {
  /** `HH:MM`, or null for no time. */
  value: string | null;
  onValueChange: (value: string | null) => void;
  /** By how many minutes the arrow keys move it. */
  stepMinutes?: number;
  required?: boolean;
}

/**
 * A time of day, typed as the reader writes it and shown as the reader's language does. Enter or leaving the field
 * takes what was typed; what means no time is put back.
 */
export function TimeField({
  value,
  onValueChange,
  stepMinutes = 15,
  required = false,
  className,
  ...props
}: TimeFieldProps) {
  const locale = useLocale();
  const [draft, setDraft] = useState<string | null>(null);

  const take = () => {
    if (draft === null) return;
    setDraft(null);
    const time = parseTime(draft);
    if (time !== undefined) onValueChange(time);
    else if (draft.trim() === "" && !required) onValueChange(null);
  };

  return (
    <input
      {...useFieldControl()}
      {...props}
      type="text"
      autoComplete="off"
      value={draft ?? (value === null ? "" : shownTime(value, locale))}
      onChange={(event) => setDraft(event.target.value)}
      onFocus={(event) => event.target.select()}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === "Enter" && draft !== null) {
          event.preventDefault();
          take();
        }
        if (event.key === "Escape" && draft !== null) {
          event.stopPropagation();
          setDraft(null);
        }
        if (event.key === "ArrowUp" || event.key === "ArrowDown") {
          event.preventDefault();
          setDraft(null);
          onValueChange(stepTime(value ?? START, event.key === "ArrowUp" ? stepMinutes : -stepMinutes));
        }
      }}
      className={clsx(controlClasses(), "tabular-nums", className)}
    />
  );
}

function shownTime(time: string, locale: string): string {
  const moment = new Date(utcMidnight("2000-01-01").getTime() + Date.parse(`1970-01-01T${time}:00Z`));
  return new Intl.DateTimeFormat(locale, { timeStyle: "short", timeZone: "UTC" }).format(moment);
}

const START = "09:00";
