"use client";

import clsx from "clsx";
import { RotateCcw } from "lucide-react";
import { useTranslations } from "next-intl";
import { memo, type MouseEvent } from "react";

import { Checkbox } from "@/components/checkbox";
import { IconButton } from "@/components/icon-button";
import { TaskStatus, type Task } from "@/gen/errand/v1/task_pb";

import { useRowActions } from "../list/row-actions";
import { priorityName } from "../views/view-query";
import { RowMenuButton } from "./row-menu-button";
import { RowMeta } from "./row-meta";
import { TitleInput } from "./title-input";

export interface TaskRowProps {
  task: Task;
  /** Its place among the rows of the grid, from 1. */
  rowIndex: number;
  /** Whether it is the one row that Tab goes to. */
  active: boolean;
  selected: boolean;
  /** Whether any row is selected: then all show a box to select them. */
  selecting: boolean;
  renaming: boolean;
  open: boolean;
}

/** One task of a list: a row of the grid. Its own controls can be reached by Tab in the active row alone. */
export const TaskRow = memo(function TaskRow(props: TaskRowProps) {
  const { task, rowIndex, active, selected, selecting, renaming, open } = props;
  const t = useTranslations("tasks.row");
  const actions = useRowActions();
  const done = task.status === TaskStatus.COMPLETED;
  const tabIndex = active ? 0 : -1;

  const onClick = (event: MouseEvent<HTMLElement>) => {
    if (renaming || (event.target as Element).closest("[data-control]")) return;
    if (event.shiftKey) actions.selectTo(task);
    else if (event.ctrlKey || event.metaKey || selecting) actions.select(task);
    else actions.open(task);
  };

  return (
    <div
      role="row"
      aria-rowindex={rowIndex}
      aria-selected={selected}
      data-task-id={task.id}
      tabIndex={tabIndex}
      onFocus={() => actions.activate(task)}
      onClick={onClick}
      className={clsx(
        "group flex min-h-12 cursor-pointer items-start gap-2 rounded-lg px-2 py-2 outline-offset-[-2px] select-none",
        "focus-ring hover:bg-hover",
        selected ? "bg-accent-soft" : open && "bg-hover",
      )}
    >
      <div role="gridcell" data-control="" className="flex shrink-0 items-center">
        {selecting && (
          <Checkbox
            tabIndex={tabIndex}
            checked={selected}
            onCheckedChange={() => actions.select(task)}
            aria-label={t("select", { title: task.title })}
          />
        )}
        {task.deletedAt ? (
          <IconButton
            tabIndex={tabIndex}
            size="sm"
            icon={<RotateCcw />}
            label={t("restore", { title: task.title })}
            onClick={() => actions.restore(task)}
          />
        ) : (
          <Checkbox
            tabIndex={tabIndex}
            shape="circle"
            tone={priorityName(task.priority)}
            checked={done}
            onCheckedChange={() => actions.toggleDone(task)}
            aria-label={t(done ? "reopen" : "complete", { title: task.title })}
          />
        )}
      </div>
      <div role="gridcell" className="min-w-0 flex-1">
        {renaming ? (
          <TitleInput task={task} />
        ) : (
          <button
            type="button"
            tabIndex={-1}
            dir="auto"
            onDoubleClick={() => actions.beginRename(task)}
            className={clsx(
              "block max-w-full cursor-pointer text-start text-sm leading-6 [overflow-wrap:anywhere] break-words pointer-coarse:leading-11",
              "line-clamp-2 pointer-coarse:text-base",
              done || task.deletedAt ? "text-ink-muted" : "text-ink",
              done && "line-through decoration-line-strong",
            )}
          >
            {task.title}
          </button>
        )}
        <RowMeta task={task} />
      </div>
      <div
        role="gridcell"
        data-control=""
        className="flex shrink-0 items-center opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 group-focus:opacity-100 has-aria-expanded:opacity-100 pointer-coarse:opacity-100"
      >
        <RowMenuButton task={task} tabIndex={tabIndex} />
      </div>
    </div>
  );
});
