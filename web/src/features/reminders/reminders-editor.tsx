"use client";

import type { MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { Plus, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";

import { Button } from "@/components/button";
import { IconButton } from "@/components/icon-button";
import { Menu, MenuItem, MenuSeparator } from "@/components/menu";
import type { ReminderSchema, Task } from "@/gen/errand/v1/task_pb";

import { USUAL_BEFORE } from "./durations";
import { OwnReminderDialog } from "./own-reminder-dialog";
import { useReminderWords } from "./reminder-words";

type ReminderInit = MessageInitShape<typeof ReminderSchema>;

interface RemindersEditorProps {
  task: Task;
  onChange: (reminders: ReminderInit[]) => void;
}

/** The reminders of a task with where their delivery stands, and how to add more. */
export function RemindersEditor({ task, onChange }: RemindersEditorProps) {
  const t = useTranslations("reminders");
  const words = useReminderWords();
  const [own, setOwn] = useState(false);
  const kept: ReminderInit[] = task.reminders.map(({ id, when }) => ({ id, when }));
  const add = (when: ReminderInit["when"]) => onChange([...kept, { when }]);
  const set = new Set(
    task.reminders.map(({ when }) => (when.case === "beforeDue" ? Number(when.value.seconds) : undefined)),
  );
  return (
    <div className="flex w-full flex-col gap-1">
      {task.reminders.length > 0 && (
        <ul className="flex flex-col">
          {task.reminders.map((reminder, index) => {
            const when = words.when(reminder);
            return (
              <li key={reminder.id || index} className="flex min-h-9 items-center gap-2 text-sm">
                <span className="min-w-0 flex-1">
                  {when} <span className="text-xs text-ink-muted">{words.state(reminder)}</span>
                </span>
                <IconButton
                  size="sm"
                  icon={<X />}
                  label={t("remove", { when })}
                  onClick={() => onChange(kept.filter((_, at) => at !== index))}
                />
              </li>
            );
          })}
        </ul>
      )}
      {task.reminders.length < MAX_REMINDERS && (
        <Menu
          align="start"
          trigger={
            <Button size="sm" variant="ghost" icon={<Plus />} className="self-start">
              {t("add")}
            </Button>
          }
        >
          {task.due &&
            USUAL_BEFORE.filter((seconds) => !set.has(seconds)).map((seconds) => (
              <MenuItem
                key={seconds}
                onSelect={() => add({ case: "beforeDue", value: durationFromMs(seconds * 1000) })}
              >
                {words.before(seconds)}
              </MenuItem>
            ))}
          {task.due && <MenuSeparator />}
          <MenuItem onSelect={() => setTimeout(() => setOwn(true))}>{t("own")}</MenuItem>
        </Menu>
      )}
      {own && (
        <OwnReminderDialog
          hasDue={task.due !== undefined}
          onClose={() => setOwn(false)}
          onAdd={(when) => {
            setOwn(false);
            add(when);
          }}
        />
      )}
    </div>
  );
}

const MAX_REMINDERS = 5;
