"use client";

import {
  CalendarDays,
  CalendarX2,
  Check,
  Flag,
  PanelRight,
  PencilLine,
  RotateCcw,
  SkipForward,
  SquareCheck,
  Sun,
  Sunrise,
  Trash2,
} from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactElement } from "react";

import { Menu, MenuItem, MenuRadioGroup, MenuSeparator, SubMenu } from "@/components/menu";
import { TaskStatus, type Task } from "@/gen/errand/v1/task_pb";

import { useRowActions } from "../list/row-actions";
import { PRIORITIES, priorityName, priorityOf } from "../views/view-query";

interface RowMenuProps {
  task: Task;
  trigger: ReactElement;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** What can be done with one task of a list. */
export default function RowMenu({ task, ...menu }: RowMenuProps) {
  const t = useTranslations("tasks");
  const actions = useRowActions();
  const done = task.status === TaskStatus.COMPLETED;
  const pending = !done && !task.deletedAt;
  return (
    <Menu {...menu}>
      <MenuItem icon={<PanelRight />} shortcut="enter" onSelect={() => actions.open(task)}>
        {t("menu.open")}
      </MenuItem>
      <MenuItem icon={<SquareCheck />} shortcut="x" onSelect={() => actions.select(task)}>
        {t("menu.select")}
      </MenuItem>
      <MenuSeparator />
      {task.deletedAt ? (
        <MenuItem icon={<RotateCcw />} onSelect={() => actions.restore(task)}>
          {t("menu.restore")}
        </MenuItem>
      ) : (
        <>
          <MenuItem icon={<PencilLine />} shortcut="r" onSelect={() => setTimeout(() => actions.beginRename(task))}>
            {t("menu.rename")}
          </MenuItem>
          <MenuItem icon={<Check />} shortcut="space" onSelect={() => actions.toggleDone(task)}>
            {t(done ? "menu.reopen" : "menu.complete")}
          </MenuItem>
          {pending && task.recurringRule && (
            <MenuItem icon={<SkipForward />} onSelect={() => actions.skip(task)}>
              {t("menu.skip")}
            </MenuItem>
          )}
          <SubMenu label={t("menu.due")} icon={<CalendarDays />}>
            <MenuItem icon={<Sun />} onSelect={() => actions.setDueDay(task, 0)}>
              {t("menu.today")}
            </MenuItem>
            <MenuItem icon={<Sunrise />} onSelect={() => actions.setDueDay(task, 1)}>
              {t("menu.tomorrow")}
            </MenuItem>
            <MenuItem icon={<CalendarDays />} onSelect={() => actions.setDueDay(task, 7)}>
              {t("menu.inAWeek")}
            </MenuItem>
            {task.due && !task.recurringRule && (
              <MenuItem icon={<CalendarX2 />} onSelect={() => actions.setDueDay(task, null)}>
                {t("menu.noDue")}
              </MenuItem>
            )}
          </SubMenu>
          <SubMenu label={t("menu.priority")} icon={<Flag />}>
            <MenuRadioGroup
              label={t("menu.priority")}
              value={priorityName(task.priority)}
              onValueChange={(name) => actions.setPriority(task, priorityOf(name) ?? task.priority)}
              options={PRIORITIES.map((name) => ({ value: name, label: t(`priorities.${name}`) }))}
            />
          </SubMenu>
          <MenuSeparator />
          <MenuItem icon={<Trash2 />} shortcut="#" tone="danger" onSelect={() => actions.remove(task)}>
            {t("menu.delete")}
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
