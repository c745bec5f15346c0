"use client";

import clsx from "clsx";
import { CalendarDays, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";

import { useFormat } from "@/reader/format";

import { CalendarGrid } from "./calendar-grid";
import type { IsoDate } from "./calendar";
import { useFieldControl } from "./field";
import { IconButton } from "./icon-button";
import { controlClasses } from "./input";
import { Popover } from "./popover";

export interface DateFieldProps {
  value: IsoDate | null;
  onValueChange: (value: IsoDate | null) => void;
  /** What the date is, for screen readers. Inside a Field it is the field's label as well. */
  label: string;
  placeholder?: string;
  min?: IsoDate;
  max?: IsoDate;
  /** Whether there may be no date. */
  clearable?: boolean;
  disabled?: boolean;
  className?: string;
}

/** A date, chosen from a calendar. */
export function DateField({
  value,
  onValueChange,
  label,
  placeholder,
  min,
  max,
  clearable = true,
  disabled = false,
  className,
}: DateFieldProps) {
  const t = useTranslations("components.date");
  const format = useFormat();
  const control = useFieldControl();
  const [open, setOpen] = useState(false);
  const shown = value === null ? (placeholder ?? t("none")) : format.date(value, "medium");

  return (
    <span className={clsx("flex min-w-0 items-center gap-1", className)}>
      <Popover
        open={open}
        onOpenChange={setOpen}
        label={label}
        trigger={
          <button
            id={control.id}
            aria-describedby={control["aria-describedby"]}
            type="button"
            disabled={disabled}
            aria-label={t("button", { label, date: shown })}
            className={clsx(controlClasses(), "flex cursor-pointer items-center gap-2 text-start")}
          >
            <CalendarDays aria-hidden="true" className="size-4 shrink-0 text-ink-muted" />
            <span className={clsx("min-w-0 truncate", value === null && "text-ink-muted")}>{shown}</span>
          </button>
        }
      >
        <CalendarGrid
          label={label}
          value={value}
          min={min}
          max={max}
          onSelect={(date) => {
            onValueChange(date);
            setOpen(false);
          }}
        />
      </Popover>
      {clearable && value !== null && !disabled && (
        <IconButton size="sm" label={t("clear", { label })} icon={<X />} onClick={() => onValueChange(null)} />
      )}
    </span>
  );
}
