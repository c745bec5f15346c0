"use client";

import { timestampDate } from "@bufbuild/protobuf/wkt";
import { useLocale, useTranslations } from "next-intl";

import { describeRecurrence } from "@/features/recurrence/describe";
import { modeName } from "@/features/recurrence/mode";
import { useReminderWords } from "@/features/reminders/reminder-words";
import { priorityName, type Category } from "@/features/tasks/views/view-query";
import { TaskStatus, type Task } from "@/gen/errand/v1/task_pb";
import { dueText, isoDateOf } from "@/reader/due-text";
import { useFormat } from "@/reader/format";

/** The fields whose changes are told. */
export type ToldField =
  | "title"
  | "description"
  | "priority"
  | "category"
  | "status"
  | "tags"
  | "due"
  | "recurringRule"
  | "recurrenceMode"
  | "recurringEndDate"
  | "reminders"
  | "deletedAt";

export const TOLD_FIELDS: readonly ToldField[] = [
  "title",
  "description",
  "priority",
  "category",
  "status",
  "tags",
  "due",
  "recurringRule",
  "recurrenceMode",
  "recurringEndDate",
  "reminders",
  "deletedAt",
];

export interface FieldWords {
  name: (field: ToldField) => string;
  /** The value that a task has in a field. */
  value: (task: Task, field: ToldField) => string;
}

/** Fields and their values in the reader's words. */
export function useFieldWords(): FieldWords {
  const t = useTranslations("tasks");
  const recurrence = useTranslations("recurrence");
  const locale = useLocale();
  const format = useFormat();
  const reminder = useReminderWords();
  const none = t("history.none");

  const value = (task: Task, field: ToldField): string => {
    switch (field) {
      case "title":
      case "description":
        return task[field];
      case "priority":
        return t(`priorities.${priorityName(task.priority)}`);
      case "category":
        return task.category && t(`categories.${task.category as Category}`);
      case "status":
        return t(task.status === TaskStatus.COMPLETED ? "history.done" : "history.pending");
      case "tags":
        return task.tags.map((tag) => `#${tag}`).join(" ");
      case "due":
        return (
          dueText(task.due, {
            ...format,
            day: (day) => format.date(day),
            dayTime: (moment) => format.dateTime(moment),
          }) ?? ""
        );
      case "recurringRule":
        return task.recurringRule && describeRecurrence({ rule: task.recurringRule }, locale, recurrence);
      case "recurrenceMode":
        return task.recurringRule && recurrence(`editor.modes.${modeName(task.recurrenceMode)}`);
      case "recurringEndDate":
        return task.recurringEndDate ? format.date(isoDateOf(task.recurringEndDate)) : "";
      case "reminders":
        return format.list(task.reminders.map((each) => reminder.when(each)));
      case "deletedAt":
        return task.deletedAt ? format.dateTime(timestampDate(task.deletedAt)) : "";
    }
  };
  return { name: (field) => t(`history.fields.${field}`), value: (task, field) => value(task, field) || none };
}
