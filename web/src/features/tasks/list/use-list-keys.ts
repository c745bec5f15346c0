"use client";

import { useTranslations } from "next-intl";
import type { KeyboardEvent } from "react";

import type { Task } from "@/gen/errand/v1/task_pb";
import { useShortcut } from "@/features/shell/shortcuts";

import type { RowActions } from "./row-actions";
import { all } from "./selection";
import type { ListState } from "./use-list-state";

/** The keys of a list. Those of one letter work wherever the focus is; arrows and Space in the list alone. */
export function useListKeys(
  tasks: readonly Task[],
  state: ListState,
  actions: RowActions,
  focusRow: (index: number) => void,
): (event: KeyboardEvent<HTMLElement>) => void {
  const t = useTranslations("tasks.keys");
  const enabled = tasks.length > 0;
  const group = "list" as const;
  const active = () => tasks[state.activeIndex];
  const withActive = (run: (task: Task) => void) => () => {
    const task = active();
    if (task) run(task);
  };
  const move = (by: number) => {
    const next = isListFocused() ? state.activeIndex + by : state.activeIndex;
    focusRow(Math.max(0, Math.min(tasks.length - 1, next)));
  };
  const removeOne = (task: Task) => {
    if (!task.deletedAt) actions.remove(task);
  };

  useShortcut("j", t("next"), () => move(1), { group, enabled });
  useShortcut("k", t("previous"), () => move(-1), { group, enabled });
  useShortcut("x", t("select"), withActive(actions.select), { group, enabled });
  useShortcut("mod+a", t("selectAll"), () => state.setSelection(() => all(tasks)), {
    group,
    enabled,
    whileTyping: false,
  });
  useShortcut("escape", t("clearSelection"), state.clearSelection, { group, enabled: state.selected.length > 0 });
  useShortcut("e", t("open"), withActive(actions.open), { group: "task", enabled });
  useShortcut(["r", "f2"], t("rename"), withActive(actions.beginRename), { group: "task", enabled });
  useShortcut(["#", "delete"], t("delete"), withActive(removeOne), {
    group: "task",
    enabled: enabled && state.selected.length === 0,
  });
  useShortcut(
    "space",
    t("complete"),
    () => {
      // Away from the list the bar does what it does on every page.
      if (isListFocused()) withActive(actions.toggleDone)();
      else scrollBy({ top: innerHeight * 0.85 });
    },
    { group: "task", enabled },
  );

  return (event) => {
    if (event.target !== event.currentTarget && !(event.target as Element).matches("[role=row]")) return;
    const extend = event.shiftKey && (event.key === "ArrowDown" || event.key === "ArrowUp");
    const next = { ArrowDown: state.activeIndex + 1, ArrowUp: state.activeIndex - 1, Home: 0, End: tasks.length - 1 }[
      event.key
    ];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (next !== undefined) {
      event.preventDefault();
      const to = tasks[Math.max(0, Math.min(tasks.length - 1, next))];
      const from = active();
      if (extend && to && from) {
        if (state.selected.length === 0) actions.select(from);
        actions.selectTo(to);
      }
      focusRow(Math.max(0, Math.min(tasks.length - 1, next)));
    } else if (event.key === "Enter") {
      event.preventDefault();
      withActive(actions.open)();
    }
  };
}

/** Whether the focus is at a row, or in one. */
function isListFocused(): boolean {
  return document.activeElement?.closest("[data-task-grid]") !== null && document.activeElement !== document.body;
}
