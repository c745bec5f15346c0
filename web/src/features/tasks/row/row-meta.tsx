"use client";

import clsx from "clsx";
import { Bell, CalendarDays, Repeat, Text } from "lucide-react";
import { timestampDate } from "@bufbuild/protobuf/wkt";
import { useTranslations } from "next-intl";

import { ReminderState, type Task } from "@/gen/errand/v1/task_pb";
import { dueText } from "@/reader/due-text";
import { useFormat } from "@/reader/format";
import { useNow } from "@/reader/now";

import { DUE_CLASSES, dueTone } from "./task-due";

/** What more there is of a task, under its title. */
export function RowMeta({ task }: { task: Task }) {
  const t = useTranslations("tasks");
  const format = useFormat();
  const now = useNow();
  const due = dueText(task.due, format, new Date(now));
  const tone = dueTone(task, format, now);
  const waiting = task.reminders.some((reminder) => reminder.state === ReminderState.SCHEDULED);
  const category = task.category === "other" ? "" : task.category;
  const removed = task.deletedAt && task.purgeAt;
  if (!due && !task.recurringRule && !waiting && !category && !task.description && task.tags.length === 0 && !removed) {
    return null;
  }
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-0.5 text-xs leading-5 text-ink-muted [&_svg]:size-3.5 [&_svg]:shrink-0">
      {due && (
        <span className={clsx("inline-flex items-center gap-1", DUE_CLASSES[tone])}>
          <CalendarDays aria-hidden="true" />
          <span className="sr-only">{tone === "overdue" ? t("row.overdue") : t("row.due")}</span>
          {due}
        </span>
      )}
      {task.recurringRule && (
        <span className="inline-flex items-center">
          <Repeat aria-hidden="true" />
          <span className="sr-only">{t("row.repeats")}</span>
        </span>
      )}
      {waiting && (
        <span className="inline-flex items-center">
          <Bell aria-hidden="true" />
          <span className="sr-only">{t("row.reminder")}</span>
        </span>
      )}
      {task.description && (
        <span className="inline-flex items-center">
          <Text aria-hidden="true" />
          <span className="sr-only">{t("row.description")}</span>
        </span>
      )}
      {category && <span>{isCategory(category) ? t(`categories.${category}`) : category}</span>}
      {task.tags.map((tag) => (
        <bdi key={tag} className="max-w-40 truncate">
          #{tag}
        </bdi>
      ))}
      {removed && task.purgeAt && (
        <span>{t("row.purge", { when: format.relative(timestampDate(task.purgeAt), new Date(now)) })}</span>
      )}
    </div>
  );
}

function isCategory(name: string): name is "work" | "personal" | "home" | "other" {
  return ["work", "personal", "home", "other"].includes(name);
}
