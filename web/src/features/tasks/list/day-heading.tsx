"use client";

import type { IsoDate } from "@/components/calendar";
import { useFormat } from "@/reader/format";

/** The day of the tasks under it. */
export function DayHeading({ day, rowIndex }: { day: IsoDate; rowIndex: number }) {
  const format = useFormat();
  const word = format.day(day);
  const weekday = format.weekday(day, "long");
  const date = format.date(day, word === weekday ? "long" : "full");
  return (
    <div role="row" aria-rowindex={rowIndex} className="px-3 pt-5 pb-1">
      <div role="gridcell" aria-colspan={3}>
        <h2 className="flex items-baseline gap-2 border-b border-line pb-1 text-sm font-semibold">
          {word}
          <span className="text-xs font-normal text-ink-muted">{date}</span>
        </h2>
      </div>
    </div>
  );
}
