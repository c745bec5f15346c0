"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";

import { Button } from "@/components/button";
import { addDays, startOfWeek } from "@/components/calendar";
import { CalendarGrid } from "@/components/calendar-grid";
import { Field } from "@/components/field";
import { Select } from "@/components/select";
import { TimeField } from "@/components/time-field";
import type { Due } from "@/gen/errand/v1/task_pb";
import { zoneCity } from "@/reader/due-text";
import { useFormat } from "@/reader/format";

import type { TaskFields } from "../data/types";
import { dueOf, partsOf, type DueParts } from "./due-parts";

interface DueEditorProps {
  due: Due | undefined;
  onDone: (due: NonNullable<TaskFields["due"]>) => void;
}

/** Chooses a date, and if wanted a time in a zone. */
export function DueEditor({ due, onDone }: DueEditorProps) {
  const t = useTranslations("tasks.due");
  const format = useFormat();
  const [parts, setParts] = useState<DueParts>(() => partsOf(due, format));
  const change = (part: Partial<DueParts>) => setParts((current) => ({ ...current, ...part }));
  const nextWeek = addDays(startOfWeek(format.today, 1), 7);
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        onDone(dueOf(parts));
      }}
    >
      <div className="flex flex-wrap gap-1">
        {(
          [
            ["today", format.today],
            ["tomorrow", addDays(format.today, 1)],
            ["nextWeek", nextWeek],
          ] as const
        ).map(([name, date]) => (
          <Button key={name} size="sm" onClick={() => onDone(dueOf({ ...parts, date }))}>
            {t(name)}
          </Button>
        ))}
      </div>
      <CalendarGrid label={t("label")} value={parts.date} onSelect={(date) => change({ date })} />
      <div className="grid grid-cols-2 gap-2">
        <Field label={t("time")}>
          <TimeField value={parts.time} placeholder={t("allDay")} onValueChange={(time) => change({ time })} />
        </Field>
        {parts.time !== null && (
          <Field label={t("zone")}>
            <Select
              value={parts.timeZone}
              onValueChange={(timeZone) => change({ timeZone })}
              options={zones(parts.timeZone, format.timeZone).map((zone) => ({
                value: zone,
                label: zone.includes("/") ? `${zoneCity(zone)} (${zone.split("/")[0] ?? ""})` : zone,
              }))}
            />
          </Field>
        )}
      </div>
      <Button type="submit" variant="primary">
        {t("save", { day: format.day(parts.date) })}
      </Button>
    </form>
  );
}

/** The zones that the browser knows, and first those at hand. */
function zones(chosen: string, own: string): string[] {
  return [...new Set([own, chosen, ...Intl.supportedValuesOf("timeZone"), "UTC"])];
}
