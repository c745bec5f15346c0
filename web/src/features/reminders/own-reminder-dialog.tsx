"use client";

import type { MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs, timestampFromDate } from "@bufbuild/protobuf/wkt";
import { useTranslations } from "next-intl";
import { useState } from "react";

import { Button } from "@/components/button";
import { momentInZone, type IsoDate } from "@/components/calendar";
import { DateField } from "@/components/date-field";
import { Dialog } from "@/components/dialog";
import { Field } from "@/components/field";
import { Input } from "@/components/input";
import { Segmented } from "@/components/segmented";
import { Select } from "@/components/select";
import { TimeField } from "@/components/time-field";
import type { ReminderSchema } from "@/gen/errand/v1/task_pb";
import { useFormat } from "@/reader/format";

import { DURATION_UNITS, MOST_BEFORE, SECONDS_OF, type DurationUnit } from "./durations";

interface OwnReminderDialogProps {
  hasDue: boolean;
  onAdd: (when: MessageInitShape<typeof ReminderSchema>["when"]) => void;
  onClose: () => void;
}

/** Sets a reminder at a moment, or some time before the due. */
export function OwnReminderDialog({ hasDue, onAdd, onClose }: OwnReminderDialogProps) {
  const t = useTranslations("reminders");
  const format = useFormat();
  const [kind, setKind] = useState<"before" | "at">(hasDue ? "before" : "at");
  const [amount, setAmount] = useState("2");
  const [unit, setUnit] = useState<DurationUnit>("hours");
  const [date, setDate] = useState<IsoDate>(format.today);
  const [time, setTime] = useState("09:00");
  const seconds = Number(amount) * SECONDS_OF[unit];
  const wrong =
    kind === "before" && !(Number.isInteger(seconds) && amount !== "" && seconds >= 0 && seconds <= MOST_BEFORE);

  return (
    <Dialog open size="sm" title={t("ownTitle")} onOpenChange={(open) => !open && onClose()}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          if (wrong) return;
          if (kind === "before") onAdd({ case: "beforeDue", value: durationFromMs(seconds * 1000) });
          else onAdd({ case: "time", value: timestampFromDate(momentInZone(date, time, format.timeZone)) });
        }}
      >
        {hasDue && (
          <Segmented
            label={t("kind")}
            value={kind}
            onValueChange={setKind}
            options={[
              { value: "before", label: t("kindBefore") },
              { value: "at", label: t("kindAt") },
            ]}
          />
        )}
        {kind === "before" ? (
          <div className="grid grid-cols-2 gap-2">
            <Field label={t("amount")} error={wrong ? t("wrongAmount") : undefined}>
              <Input
                type="number"
                inputMode="numeric"
                min={0}
                value={amount}
                onChange={(event) => setAmount(event.target.value)}
              />
            </Field>
            <Field label={t("unit")}>
              <Select
                value={unit}
                onValueChange={setUnit}
                options={DURATION_UNITS.map((value) => ({ value, label: t(`units.${value}`) }))}
              />
            </Field>
          </div>
        ) : (
          <div className="grid grid-cols-2 gap-2">
            <Field label={t("date")}>
              <DateField
                label={t("date")}
                value={date}
                clearable={false}
                onValueChange={(value) => setDate(value ?? date)}
              />
            </Field>
            <Field label={t("time")}>
              <TimeField required value={time} onValueChange={(value) => setTime(value ?? time)} />
            </Field>
          </div>
        )}
        <div className="flex justify-end gap-2">
          <Button variant="ghost" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button type="submit" variant="primary" disabled={wrong}>
            {t("save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
