"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";

import { Button } from "@/components/button";
import type { IsoDate } from "@/components/calendar";
import { Dialog } from "@/components/dialog";
import { Field } from "@/components/field";
import { Input } from "@/components/input";
import { Select } from "@/components/select";
import { calendarDate } from "@/features/tasks/data/day";
import type { TaskPatch } from "@/features/tasks/data/types";
import type { Task } from "@/gen/errand/v1/task_pb";
import { isoDateOf } from "@/reader/due-text";

import { editorStateOf, FIRST_STATE, recurrenceOf, type EditorState, type Recurrence } from "./editor-state";
import { MODES, modeName, modeOf } from "./mode";
import { NextDates } from "./next-dates";
import { RuleFields } from "./rule-fields";

interface RecurrenceDialogProps {
  task: Task;
  /** The date of the task's due. */
  due: IsoDate;
  onSave: (patch: TaskPatch) => void;
  onClose: () => void;
}

/** Edits how a task comes back, and shows when it would. */
export default function RecurrenceDialog({ task, due, onSave, onClose }: RecurrenceDialogProps) {
  const t = useTranslations("recurrence.editor");
  const stored: Recurrence = {
    rule: task.recurringRule,
    endDate: task.recurringEndDate ? isoDateOf(task.recurringEndDate) : null,
  };
  const [state, setState] = useState<EditorState | undefined>(() =>
    stored.rule ? editorStateOf(stored) : FIRST_STATE,
  );
  const [ownRule, setOwnRule] = useState(stored.rule);
  const [mode, setMode] = useState(modeName(task.recurrenceMode));
  const recurrence = state ? recurrenceOf(state, due) : { ...stored, rule: ownRule };
  const patch: TaskPatch = {
    recurringRule: recurrence.rule,
    recurrenceMode: modeOf(mode),
    recurringEndDate: recurrence.endDate === null ? undefined : calendarDate(recurrence.endDate),
  };

  // A series that stays goes on from where it is; the due of a task that was moved alone is not its first.
  const unchanged =
    task.id !== "" &&
    recurrence.rule === stored.rule &&
    recurrence.endDate === stored.endDate &&
    mode === modeName(task.recurrenceMode);
  const draft = recurrence.rule ? { ...patch, due: task.due } : undefined;
  const source = unchanged && stored.rule ? task.id : draft;

  return (
    <Dialog
      open
      size="lg"
      title={t("title")}
      onOpenChange={(open) => !open && onClose()}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button variant="primary" disabled={!recurrence.rule} onClick={() => onSave(patch)}>
            {t("save")}
          </Button>
        </>
      }
    >
      <div className="grid gap-x-6 gap-y-4 sm:grid-cols-[minmax(0,1fr)_15rem]">
        <div className="flex min-w-0 flex-col gap-4">
          {state ? (
            <RuleFields state={state} due={due} onChange={(part) => setState({ ...state, ...part })} />
          ) : (
            <>
              <Field label={t("customRule")} hint={t("customHint")}>
                <Input dir="ltr" maxLength={500} value={ownRule} onChange={(event) => setOwnRule(event.target.value)} />
              </Field>
              <Button size="sm" className="self-start" onClick={() => setState(FIRST_STATE)}>
                {t("startOver")}
              </Button>
            </>
          )}
          <Field label={t("mode")} hint={t(`modeHints.${mode}`)}>
            <Select
              value={mode}
              onValueChange={setMode}
              options={MODES.map((value) => ({ value, label: t(`modes.${value}`) }))}
            />
          </Field>
        </div>
        <NextDates source={source} />
      </div>
    </Dialog>
  );
}
