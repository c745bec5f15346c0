"use client";

import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useTranslations } from "next-intl";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";

import type { IsoDate } from "@/components/calendar";
import { Skeleton } from "@/components/skeleton";
import type { Task } from "@/gen/errand/v1/task_pb";

import { TaskRow } from "../row/task-row";
import { DayHeading } from "./day-heading";
import { linesOf } from "./grouping";
import { RowActionsContext, type RowActions } from "./row-actions";
import { useListKeys } from "./use-list-keys";
import type { ListState } from "./use-list-state";

export interface TaskListProps {
  /** What the list is of, for screen readers. */
  label: string;
  tasks: readonly Task[];
  hasNext: boolean;
  fetchNext: () => void;
  /** With it, tasks stand under the heading of their day. */
  dayOf?: ((task: Task) => IsoDate | undefined) | undefined;
  state: ListState;
  actions: RowActions;
  openId: string | undefined;
}

/**
 * Tasks, of which only those in sight are in the page. It is a grid and no list: rows can be selected and hold several
 * controls, and a grid tells screen readers how many rows there are though most are not there.
 */
export function TaskList({ label, tasks, hasNext, fetchNext, dayOf, state, actions, openId }: TaskListProps) {
  const t = useTranslations("tasks.list");
  const grid = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => linesOf(tasks, dayOf), [tasks, dayOf]);
  const lineOfTask = useMemo(
    () => new Map(lines.flatMap((line, at) => (line.kind === "task" ? [[line.index, at] as const] : []))),
    [lines],
  );
  const [scrollMargin, setScrollMargin] = useState(0);
  useLayoutEffect(() => {
    const measure = () => {
      if (grid.current) setScrollMargin(Math.round(grid.current.getBoundingClientRect().top + scrollY));
    };
    measure();
    // Filters above the list wrap, banners come and go: each changes the height of the page.
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
  const virtualizer = useWindowVirtualizer({
    count: lines.length,
    estimateSize: (index) => (lines[index]?.kind === "day" ? 44 : 60),
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: 10,
    scrollMargin,
    scrollPaddingStart: 72,
    scrollPaddingEnd: 96,
  });
  const items = virtualizer.getVirtualItems();

  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasNext && lastShown >= lines.length - READ_AHEAD) fetchNext();
  }, [hasNext, lastShown, lines.length, fetchNext]);

  const focusRow = useFocusRow(tasks, state, (index) => {
    const line = lineOfTask.get(index);
    if (line !== undefined) virtualizer.scrollToIndex(line);
  });
  const onKeyDown = useListKeys(tasks, state, actions, focusRow);
  const selecting = state.selected.length > 0;

  return (
    <RowActionsContext value={actions}>
      <div
        ref={grid}
        role="grid"
        data-task-grid=""
        aria-label={label}
        aria-multiselectable="true"
        aria-rowcount={hasNext ? -1 : lines.length}
        onKeyDown={onKeyDown}
        className="relative"
      >
        <div role="presentation" className="relative w-full" style={{ height: virtualizer.getTotalSize() }}>
          {items.map((item) => {
            const line = lines[item.index];
            if (!line) return null;
            return (
              <div
                key={item.key}
                ref={virtualizer.measureElement}
                data-index={item.index}
                role="presentation"
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${item.start - virtualizer.options.scrollMargin}px)` }}
              >
                {line.kind === "day" ? (
                  <DayHeading day={line.day} rowIndex={item.index + 1} />
                ) : (
                  <TaskRow
                    task={line.task}
                    rowIndex={item.index + 1}
                    active={line.task.id === state.activeId}
                    selected={state.selection.ids.has(line.task.id)}
                    selecting={selecting}
                    renaming={line.task.id === state.renamingId}
                    open={line.task.id === openId}
                  />
                )}
              </div>
            );
          })}
        </div>
      </div>
      {hasNext && (
        <p role="status" className="px-4 py-3">
          <span className="sr-only">{t("loadingMore")}</span>
          <Skeleton className="h-5 w-2/5" />
        </p>
      )}
    </RowActionsContext>
  );
}

/** Moves the focus to a row, which may have to be drawn first; and to the next one where the row in focus has gone. */
function useFocusRow(
  tasks: readonly Task[],
  state: ListState,
  scrollTo: (index: number) => void,
): (index: number) => void {
  const wanted = useRef<string>(undefined);
  const hadFocus = useRef(false);
  const { activeId, setActive } = state;
  useEffect(() => {
    const lost = hadFocus.current && document.activeElement === document.body;
    const id = wanted.current ?? (lost ? activeId : undefined);
    const row = id === undefined ? null : document.querySelector<HTMLElement>(`[role=row][data-task-id="${id}"]`);
    if (row) {
      row.focus({ preventScroll: wanted.current === undefined });
      wanted.current = undefined;
    }
    hadFocus.current = document.activeElement?.closest("[data-task-grid]") != null;
  });
  return useCallback(
    (index: number) => {
      const task = tasks[index];
      if (!task) return;
      scrollTo(index);
      wanted.current = task.id;
      setActive(task.id);
      const row = document.querySelector<HTMLElement>(`[role=row][data-task-id="${task.id}"]`);
      if (!row) return;
      row.focus({ preventScroll: true });
      wanted.current = undefined;
    },
    [tasks, scrollTo, setActive],
  );
}

/** So many lines before the end of what is read, the next page is asked for. */
const READ_AHEAD = 40;
