"use client";

import { timestampDate } from "@bufbuild/protobuf/wkt";
import { useTranslations } from "next-intl";

import { ReminderState, type Reminder } from "@/gen/errand/v1/task_pb";
import { useFormat } from "@/reader/format";

import { splitDuration } from "./durations";

export interface ReminderWords {
  /** When it goes off: `1 hour before`, `Tomorrow, 9:00`. */
  when: (reminder: Pick<Reminder, "when">) => string;
  before: (seconds: number) => string;
  /** Where its delivery stands. */
  state: (reminder: Reminder) => string;
}

/** Reminders in the reader's words. */
export function useReminderWords(): ReminderWords {
  const t = useTranslations("reminders");
  const format = useFormat();
  const before = (seconds: number) => {
    const { amount, unit } = splitDuration(seconds);
    return seconds === 0 ? t("atDue") : t(`before.${unit}`, { amount });
  };
  return {
    before,
    when: ({ when }) => {
      if (when.case === "beforeDue") return before(Number(when.value.seconds));
      return when.case === "time" ? format.dayTime(timestampDate(when.value)) : "";
    },
    state: (reminder) => {
      const at = reminder.fireAt ? format.dayTime(timestampDate(reminder.fireAt)) : "";
      if (reminder.state === ReminderState.SENT) return t("state.sent", { at });
      if (reminder.state === ReminderState.MISSED) return t("state.missed", { at });
      return at ? t("state.scheduled", { at }) : t("state.waiting");
    },
  };
}
