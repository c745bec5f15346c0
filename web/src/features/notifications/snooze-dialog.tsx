"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";

import { Button } from "@/components/button";
import { addDays, type IsoDate } from "@/components/calendar";
import { DateField } from "@/components/date-field";
import { Dialog } from "@/components/dialog";
import { Field } from "@/components/field";
import { TimeField } from "@/components/time-field";
import { useFormat } from "@/reader/format";

import { snoozeMoment, TOMORROW_AT } from "./snooze-times";

export interface SnoozeDialogProps {
  title: string;
  onClose: () => void;
  onSnooze: (until: Date) => void;
}

/** Asks for the moment until which a reminder is put off. */
export function SnoozeDialog({ title, onClose, onSnooze }: SnoozeDialogProps) {
  const t = useTranslations("notifications.snoozeDialog");
  const format = useFormat();
  const [date, setDate] = useState<IsoDate>(addDays(format.today, 1));
  const [time, setTime] = useState(TOMORROW_AT);
  const [error, setError] = useState<"past" | "tooFar">();

  const submit = () => {
    const moment = snoozeMoment(date, time, format.timeZone, new Date());
    if (moment instanceof Date) onSnooze(moment);
    else setError(moment);
  };

  return (
    <Dialog
      open
      size="sm"
      onOpenChange={(open) => !open && onClose()}
      title={t("title")}
      description={<bdi>{title}</bdi>}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button variant="primary" onClick={submit}>
            {t("submit")}
          </Button>
        </>
      }
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("date")} error={error && t(error)}>
          <DateField
            label={t("date")}
            value={date}
            min={format.today}
            max={addDays(format.today, 366)}
            clearable={false}
            onValueChange={(next) => {
              if (next) setDate(next);
              setError(undefined);
            }}
          />
        </Field>
        <Field label={t("time")}>
          <TimeField
            required
            value={time}
            onValueChange={(next) => {
              if (next) setTime(next);
              setError(undefined);
            }}
          />
        </Field>
      </div>
    </Dialog>
  );
}
