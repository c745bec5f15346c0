"use client";

import { CalendarDays, Check, Flag, RotateCcw, Tag, Trash2, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";

import { Button } from "@/components/button";
import { CalendarGrid } from "@/components/calendar-grid";
import { IconButton } from "@/components/icon-button";
import { Menu, MenuItem } from "@/components/menu";
import { Popover } from "@/components/popover";
import { TaskStatus, type Task } from "@/gen/errand/v1/task_pb";
import { useShortcut } from "@/features/shell/shortcuts";

import { useTaskActions } from "../data";
import { calendarDate } from "../data/day";
import type { TaskPatch, View } from "../data/types";
import { CATEGORIES, PRIORITIES, priorityOf } from "../views/view-query";

interface BulkBarProps {
  tasks: readonly Task[];
  view: View;
  onClear: () => void;
}

/** What can be done with all selected tasks at once. */
export default function BulkBar({ tasks, view, onClear }: BulkBarProps) {
  const t = useTranslations("tasks");
  const { bulk, restore } = useTaskActions();
  const [dateOpen, setDateOpen] = useState(false);
  const pending = tasks.filter((task) => task.status === TaskStatus.PENDING);
  const update = (patch: TaskPatch) => void bulk.update(tasks, patch);
  const remove = () => {
    void bulk.remove(tasks);
    onClear();
  };
  useShortcut(["#", "delete"], t("bulk.delete"), remove, { group: "list", enabled: view !== "trash" });

  return (
    <div
      role="toolbar"
      aria-label={t("bulk.label")}
      className="fixed inset-x-2 bottom-[calc(4.5rem+env(safe-area-inset-bottom))] z-30 mx-auto flex max-w-fit rise-in flex-wrap items-center gap-1 rounded-xl border border-line bg-raised p-1.5 shadow-dialog md:bottom-6"
    >
      <span role="status" className="px-2 text-sm font-medium">
        {t("bulk.count", { count: tasks.length })}
      </span>
      {view === "trash" ? (
        <Button
          size="sm"
          icon={<RotateCcw />}
          onClick={() => {
            for (const task of tasks) void restore(task);
            onClear();
          }}
        >
          {t("bulk.restore")}
        </Button>
      ) : (
        <>
          {pending.length > 0 && (
            <Button
              size="sm"
              icon={<Check />}
              onClick={() => {
                void bulk.complete(pending);
                onClear();
              }}
            >
              {t("bulk.complete")}
            </Button>
          )}
          <Popover
            label={t("bulk.due")}
            open={dateOpen}
            onOpenChange={setDateOpen}
            side="top"
            trigger={
              <Button size="sm" icon={<CalendarDays />}>
                {t("bulk.due")}
              </Button>
            }
          >
            <CalendarGrid
              label={t("bulk.due")}
              value={null}
              onSelect={(date) => {
                setDateOpen(false);
                update({ due: { when: { case: "date", value: calendarDate(date) } } });
              }}
            />
          </Popover>
          <Menu
            trigger={
              <Button size="sm" icon={<Flag />}>
                {t("bulk.priority")}
              </Button>
            }
          >
            {PRIORITIES.map((name) => (
              <MenuItem key={name} onSelect={() => update({ priority: priorityOf(name) })}>
                {t(`priorities.${name}`)}
              </MenuItem>
            ))}
          </Menu>
          <Menu
            trigger={
              <Button size="sm" icon={<Tag />}>
                {t("bulk.category")}
              </Button>
            }
          >
            {CATEGORIES.map((name) => (
              <MenuItem key={name} onSelect={() => update({ category: name })}>
                {t(`categories.${name}`)}
              </MenuItem>
            ))}
          </Menu>
          <IconButton
            size="sm"
            tone="danger"
            icon={<Trash2 />}
            label={t("bulk.delete")}
            shortcut="#"
            onClick={remove}
          />
        </>
      )}
      <IconButton size="sm" icon={<X />} label={t("bulk.clear")} shortcut="escape" onClick={onClear} />
    </div>
  );
}
