"use client";

import { timestampDate } from "@bufbuild/protobuf/wkt";
import { Bell, CalendarDays, Flag, Folder, Hash, Repeat } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";

import { Button } from "@/components/button";
import { Checkbox } from "@/components/checkbox";
import { Field } from "@/components/field";
import { Segmented } from "@/components/segmented";
import { Textarea } from "@/components/textarea";
import { TaskHistory } from "@/features/history/task-history";
import { RecurrenceField } from "@/features/recurrence/recurrence-field";
import { RemindersEditor } from "@/features/reminders/reminders-editor";
import { TaskStatus, type Task } from "@/gen/errand/v1/task_pb";
import { useFormat } from "@/reader/format";

import { useTaskActions } from "../data";
import type { TaskPatch } from "../data/types";
import { CATEGORIES, PRIORITIES, priorityName, priorityOf } from "../views/view-query";
import { DetailRow } from "./detail-row";
import { DueField } from "./due-field";
import { updateAsking } from "./scope-question";
import { TagsField } from "./tags-field";
import { useTextDraft } from "./use-text-draft";

/** All of one task, each field saved by itself. */
export function TaskDetail({ task }: { task: Task }) {
  const t = useTranslations("tasks");
  const format = useFormat();
  const actions = useTaskActions();
  const [historyOpen, setHistoryOpen] = useState(false);
  const readOnly = task.deletedAt !== undefined;
  const save = (patch: TaskPatch) => void updateAsking(actions, task, patch);
  const title = useTextDraft(task, task.title, (base, text) => {
    if (text.trim() && text.trim() !== base.title) void actions.update(base, { title: text });
  });
  const description = useTextDraft(task, task.description, (base, text) => {
    if (text !== base.description) void actions.update(base, { description: text });
  });

  return (
    <fieldset disabled={readOnly} className="flex flex-col gap-1 px-4 py-4 sm:px-5">
      {readOnly && (
        <p className="mb-2 rounded-md bg-warning-soft px-3 py-2 text-sm text-warning-ink">{t("detail.inTrash")}</p>
      )}
      <div className="flex items-start gap-2">
        <Checkbox
          shape="circle"
          tone={priorityName(task.priority)}
          checked={task.status === TaskStatus.COMPLETED}
          onCheckedChange={(done) => void (done ? actions.complete(task) : actions.reopen(task))}
          aria-label={t(task.status === TaskStatus.COMPLETED ? "row.reopen" : "row.complete", { title: task.title })}
        />
        <Textarea
          bare
          rows={1}
          maxLength={255}
          aria-label={t("fields.title")}
          className="text-base leading-6 font-semibold pointer-coarse:py-2.5"
          value={title.value}
          onChange={(event) => title.onChange(event.target.value.replace(/[\r\n\t]+/g, " "))}
          onBlur={title.onBlur}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
            event.preventDefault();
            event.currentTarget.blur();
          }}
        />
      </div>
      <DetailRow icon={<CalendarDays />} label={t("fields.due")}>
        <DueField due={task.due} recurs={task.recurringRule !== ""} onChange={(due) => save({ due })} />
      </DetailRow>
      <DetailRow icon={<Repeat />} label={t("fields.recurrence")}>
        <RecurrenceField task={task} onChange={save} />
      </DetailRow>
      <DetailRow icon={<Bell />} label={t("fields.reminders")}>
        <RemindersEditor task={task} onChange={(reminders) => save({ reminders })} />
      </DetailRow>
      <DetailRow icon={<Flag />} label={t("fields.priority")}>
        <Segmented
          label={t("fields.priority")}
          value={priorityName(task.priority)}
          onValueChange={(name) => save({ priority: priorityOf(name) ?? task.priority })}
          options={[...PRIORITIES].reverse().map((name) => ({ value: name, label: t(`priorities.${name}`) }))}
        />
      </DetailRow>
      <DetailRow icon={<Folder />} label={t("fields.category")}>
        <Segmented
          label={t("fields.category")}
          value={task.category}
          onValueChange={(category) => save({ category })}
          options={CATEGORIES.map((name) => ({ value: name, label: t(`categories.${name}`) }))}
        />
      </DetailRow>
      <DetailRow icon={<Hash />} label={t("fields.tags")}>
        <TagsField label={t("fields.tags")} hideLabel tags={task.tags} onChange={(tags) => save({ tags })} />
      </DetailRow>
      <Field label={t("fields.description")} className="mt-3">
        <Textarea
          rows={4}
          maxLength={10_000}
          placeholder={t("detail.descriptionPlaceholder")}
          value={description.value}
          onChange={(event) => description.onChange(event.target.value)}
          onBlur={description.onBlur}
        />
      </Field>
      <div className="mt-4 border-t border-line pt-3">
        <Button size="sm" variant="ghost" aria-expanded={historyOpen} onClick={() => setHistoryOpen(!historyOpen)}>
          {t(historyOpen ? "detail.hideHistory" : "detail.showHistory")}
        </Button>
        {historyOpen && <TaskHistory taskId={task.id} />}
      </div>
      {task.createdAt && (
        <p className="mt-2 px-2.5 text-xs text-ink-muted">
          {t("detail.created", { when: format.dateTime(timestampDate(task.createdAt)) })}
        </p>
      )}
    </fieldset>
  );
}
