"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";

import { addMonths, type IsoDate } from "@/components/calendar";
import { DateField } from "@/components/date-field";
import { Field } from "@/components/field";
import { Input } from "@/components/input";
import { Select } from "@/components/select";
import { useFirstDayOfWeek, useFormat } from "@/reader/format";

import type { EditorState, SeriesEnd } from "./editor-state";
import { MonthFields } from "./month-fields";
import { NumberToggles } from "./number-toggles";
import { FREQUENCIES, MAX_COUNT, MAX_INTERVAL } from "./rule";

export interface RuleFieldsProps {
  state: EditorState;
  due: IsoDate;
  onChange: (part: Partial<EditorState>) => void;
}

/** The fields of a rule. */
export function RuleFields({ state, due, onChange }: RuleFieldsProps) {
  const t = useTranslations("recurrence.editor");
  const format = useFormat();
  const first = useFirstDayOfWeek();
  const weekdays = Array.from({ length: 7 }, (_, index) => ((first - 1 + index) % 7) + 1);
  return (
    <>
      <div className="grid grid-cols-[6rem_1fr] gap-2">
        <Field label={t("interval")}>
          <NumberInput value={state.interval} max={MAX_INTERVAL} onChange={(interval) => onChange({ interval })} />
        </Field>
        <Field label={t("unit")}>
          <Select
            value={state.frequency}
            onValueChange={(frequency) => onChange({ frequency })}
            options={FREQUENCIES.map((value) => ({ value, label: t(`units.${value}`, { interval: state.interval }) }))}
          />
        </Field>
      </div>
      {state.frequency === "weekly" && (
        <NumberToggles
          label={t("weekdays")}
          options={weekdays.map((weekday) => ({
            value: weekday,
            label: format.weekday(`2024-01-0${weekday}`, "short"),
            name: format.weekday(`2024-01-0${weekday}`, "long"),
          }))}
          chosen={state.weekdays}
          onChange={(chosen) => onChange({ weekdays: chosen as EditorState["weekdays"] })}
        />
      )}
      {(state.frequency === "monthly" || state.frequency === "yearly") && (
        <MonthFields state={state} due={due} onChange={onChange} />
      )}
      <div className="flex flex-wrap items-end gap-2">
        <Field label={t("end")} className="flex-1">
          <Select
            value={state.end.kind}
            onValueChange={(kind) => onChange({ end: endOf(kind, due) })}
            options={[
              { value: "never", label: t("never") },
              { value: "date", label: t("onDate") },
              { value: "count", label: t("afterCount") },
            ]}
          />
        </Field>
        {state.end.kind === "date" && (
          <Field label={t("endDate")} className="flex-1">
            <DateField
              label={t("endDate")}
              value={state.end.date}
              min={due}
              clearable={false}
              onValueChange={(date) => onChange({ end: date === null ? { kind: "never" } : { kind: "date", date } })}
            />
          </Field>
        )}
        {state.end.kind === "count" && (
          <Field label={t("count")} className="flex-1">
            <NumberInput
              value={state.end.count}
              max={MAX_COUNT}
              onChange={(count) => onChange({ end: { kind: "count", count } })}
            />
          </Field>
        )}
      </div>
    </>
  );
}

/** A whole number from 1 on. What is no such number is not taken, and put right when the field is left. */
function NumberInput(props: { value: number; max: number; onChange: (value: number) => void }) {
  const [typed, setTyped] = useState<string>();
  return (
    <Input
      type="number"
      inputMode="numeric"
      min={1}
      max={props.max}
      value={typed ?? props.value}
      onChange={(event) => {
        const number = Number(event.target.value);
        setTyped(event.target.value);
        if (Number.isInteger(number) && number >= 1 && number <= props.max) props.onChange(number);
      }}
      onBlur={() => setTyped(undefined)}
    />
  );
}

function endOf(kind: SeriesEnd["kind"], due: IsoDate): SeriesEnd {
  if (kind === "date") return { kind, date: addMonths(due, 3) };
  return kind === "count" ? { kind, count: 10 } : { kind };
}
