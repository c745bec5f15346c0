"use client";

import { X } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import dynamic from "next/dynamic";
import { useState } from "react";

import { Button } from "@/components/button";
import { IconButton } from "@/components/icon-button";
import type { TaskPatch } from "@/features/tasks/data/types";
import type { Task } from "@/gen/errand/v1/task_pb";
import { isoDateOf } from "@/reader/due-text";
import { useFormat } from "@/reader/format";

import { describeRecurrence } from "./describe";
import { modeName } from "./mode";
import { dueDateOf } from "./task-recurrence";

const RecurrenceDialog = dynamic(() => import("./recurrence-dialog"), { ssr: false });

/** How a task comes back: a button that says it, and opens what changes it. */
export function RecurrenceField({ task, onChange }: { task: Task; onChange: (patch: TaskPatch) => void }) {
  const t = useTranslations("recurrence");
  const locale = useLocale();
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const due = dueDateOf(task.due, format);
  const text = task.recurringRule
    ? describeRecurrence(
        {
          rule: task.recurringRule,
          mode: modeName(task.recurrenceMode),
          endDate: task.recurringEndDate ? isoDateOf(task.recurringEndDate) : null,
          due,
        },
        locale,
        t,
      )
    : t("none");
  if (!due) return <span className="px-3.5 text-sm text-ink-muted">{t("editor.needsDue")}</span>;
  return (
    <>
      <Button
        variant="ghost"
        className="max-w-full shrink! py-1 text-start text-ink"
        aria-haspopup="dialog"
        aria-label={`${t("edit")}: ${text}`}
        onClick={() => setOpen(true)}
      >
        {text}
      </Button>
      {task.recurringRule && (
        <IconButton size="sm" icon={<X />} label={t("editor.remove")} onClick={() => onChange({ recurringRule: "" })} />
      )}
      {open && (
        <RecurrenceDialog
          task={task}
          due={due}
          onClose={() => setOpen(false)}
          onSave={(patch) => {
            setOpen(false);
            onChange(patch);
          }}
        />
      )}
    </>
  );
}
