"use client";

import { useTranslations } from "next-intl";

import { Field } from "@/components/field";
import { Select } from "@/components/select";
import { useFormat } from "@/reader/format";

import {
  ANY_WORKDAY,
  nthWeekdayOf,
  ORDINALS,
  type EditorState,
  type MonthlyPattern,
  type Ordinal,
} from "./editor-state";
import { NumberToggles } from "./number-toggles";
import type { RuleFieldsProps } from "./rule-fields";

/** Which day of the month, and of a yearly rule in which months. */
export function MonthFields({ state, due, onChange }: RuleFieldsProps) {
  const t = useTranslations("recurrence");
  const format = useFormat();
  const { pattern } = state;
  return (
    <>
      <Field label={t("editor.pattern")}>
        <Select
          value={pattern.kind}
          onValueChange={(kind) => onChange({ pattern: firstPattern(kind, due) })}
          options={[
            { value: "sameDay", label: t("editor.sameDay") },
            { value: "days", label: t("editor.days") },
            { value: "nth", label: t("editor.nth") },
          ]}
        />
      </Field>
      {pattern.kind === "days" && (
        <NumberToggles
          label={t("editor.monthDays")}
          options={[
            ...Array.from({ length: 31 }, (_, index) => ({ value: index + 1, label: format.number(index + 1) })),
            { value: -1, label: t("editor.lastDay") },
          ]}
          chosen={pattern.days}
          onChange={(days) => onChange({ pattern: days.length > 0 ? { kind: "days", days } : pattern })}
        />
      )}
      {pattern.kind === "nth" && (
        <div className="grid grid-cols-2 gap-2">
          <Field label={t("editor.ordinal")}>
            <Select
              value={String(pattern.ordinal)}
              onValueChange={(ordinal) => onChange({ pattern: { ...pattern, ordinal: Number(ordinal) as Ordinal } })}
              options={ORDINALS.map((ordinal) => ({
                value: String(ordinal),
                label: t("ordinals.name", { ordinal: ordinal === -1 ? "last" : `n${ordinal}` }),
              }))}
            />
          </Field>
          <Field label={t("editor.weekday")}>
            <Select
              value={String(pattern.weekday)}
              onValueChange={(weekday) =>
                onChange({ pattern: { ...pattern, weekday: Number(weekday) as typeof pattern.weekday } })
              }
              options={[
                ...[1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
                  value: String(weekday),
                  label: format.weekday(`2024-01-0${weekday}`, "long"),
                })),
                { value: String(ANY_WORKDAY), label: t("editor.anyWorkday") },
              ]}
            />
          </Field>
        </div>
      )}
      {state.frequency === "yearly" && (
        <NumberToggles
          label={t("editor.months")}
          options={Array.from({ length: 12 }, (_, index) => monthOption(index + 1, format.locale))}
          chosen={state.months.length > 0 ? state.months : [Number(due.slice(5, 7))]}
          onChange={(months) => onChange({ months })}
        />
      )}
    </>
  );
}

function firstPattern(kind: MonthlyPattern["kind"], due: string): EditorState["pattern"] {
  if (kind === "days") return { kind, days: [Number(due.slice(8))] };
  return kind === "nth" ? { kind, ...nthWeekdayOf(due) } : { kind };
}

function monthOption(month: number, locale: string): { value: number; label: string; name: string } {
  const date = new Date(Date.UTC(2024, month - 1, 1));
  const word = (style: "short" | "long") =>
    new Intl.DateTimeFormat(locale, { month: style, timeZone: "UTC" }).format(date);
  return { value: month, label: word("short"), name: word("long") };
}
