"use client";

import clsx from "clsx";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";

import { useFirstDayOfWeek, useFormat } from "@/reader/format";

import { addDays, addMonths, monthGrid, startOfWeek, type IsoDate } from "./calendar";
import { IconButton } from "./icon-button";

export interface CalendarGridProps {
  label: string;
  value: IsoDate | null;
  onSelect: (date: IsoDate) => void;
  min?: IsoDate | undefined;
  max?: IsoDate | undefined;
}

/**
 * A month to choose a day from. Arrow keys move by a day or a week, Page Up and Page Down by a month (a year with
 * Shift), Home and End to the ends of the week.
 */
export function CalendarGrid({ label, value, onSelect, min, max }: CalendarGridProps) {
  const t = useTranslations("components.date");
  const format = useFormat();
  const first = useFirstDayOfWeek();
  const [focused, setFocused] = useState(value ?? format.today);
  const grid = useRef<HTMLTableElement>(null);
  const byKey = useRef(false);
  useEffect(() => {
    if (!byKey.current) return;
    byKey.current = false;
    grid.current?.querySelector<HTMLButtonElement>('[tabindex="0"]')?.focus();
  }, [focused]);

  const weeks = monthGrid(focused, first);
  const allowed = (date: IsoDate) => (!min || date >= min) && (!max || date <= max);
  const month = format.month(focused);

  const onKeyDown = (event: KeyboardEvent) => {
    const rtl = getComputedStyle(event.currentTarget).direction === "rtl";
    const next = keyMove(event, focused, first, rtl);
    if (!next) return;
    event.preventDefault();
    byKey.current = true;
    setFocused(next);
  };

  return (
    <div className="w-72 max-w-full p-3">
      <div className="mb-2 flex items-center gap-1">
        <p aria-live="polite" className="flex-1 ps-2 text-sm font-semibold">
          {month}
        </p>
        <IconButton
          size="sm"
          label={t("previousMonth")}
          icon={<ChevronLeft className="rtl:-scale-x-100" />}
          onClick={() => setFocused(addMonths(focused, -1))}
        />
        <IconButton
          size="sm"
          label={t("nextMonth")}
          icon={<ChevronRight className="rtl:-scale-x-100" />}
          onClick={() => setFocused(addMonths(focused, 1))}
        />
      </div>
      <table
        ref={grid}
        role="grid"
        aria-label={`${label}, ${month}`}
        onKeyDown={onKeyDown}
        className="w-full table-fixed"
      >
        <thead>
          <tr>
            {weeks[0]?.map((date) => (
              <th
                key={date}
                scope="col"
                abbr={format.weekday(date, "long")}
                className="pb-1 text-xs font-medium text-ink-muted"
              >
                {format.weekday(date, "narrow")}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]}>
              {week.map((date) => (
                <td key={date} role="gridcell" aria-selected={date === value} className="p-0 text-center">
                  <button
                    type="button"
                    tabIndex={date === focused ? 0 : -1}
                    data-initial-focus={date === focused ? "" : undefined}
                    aria-disabled={!allowed(date) || undefined}
                    aria-label={format.date(date, "full")}
                    aria-current={date === format.today ? "date" : undefined}
                    onClick={() => allowed(date) && onSelect(date)}
                    className={clsx(
                      "inline-flex size-9 cursor-pointer items-center justify-center rounded-md text-sm tabular-nums focus-ring aria-disabled:cursor-not-allowed aria-disabled:opacity-40",
                      date === value ? "bg-accent font-semibold text-on-accent" : "hover:bg-hover",
                      date !== value && date === format.today && "font-bold text-accent-ink",
                      date !== value && date.slice(0, 7) !== focused.slice(0, 7) && "text-ink-muted",
                    )}
                  >
                    {format.dayOfMonth(date)}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function keyMove(
  event: KeyboardEvent,
  date: IsoDate,
  first: 1 | 2 | 3 | 4 | 5 | 6 | 7,
  rtl: boolean,
): IsoDate | undefined {
  const forward = rtl ? -1 : 1;
  switch (event.key) {
    case "ArrowRight":
      return addDays(date, forward);
    case "ArrowLeft":
      return addDays(date, -forward);
    case "ArrowDown":
      return addDays(date, 7);
    case "ArrowUp":
      return addDays(date, -7);
    case "PageDown":
      return addMonths(date, event.shiftKey ? 12 : 1);
    case "PageUp":
      return addMonths(date, event.shiftKey ? -12 : -1);
    case "Home":
      return startOfWeek(date, first);
    case "End":
      return addDays(startOfWeek(date, first), 6);
    default:
      return undefined;
  }
}
