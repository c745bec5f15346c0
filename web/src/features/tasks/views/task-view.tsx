"use client";

import clsx from "clsx";
import { useTranslations } from "next-intl";
import dynamic from "next/dynamic";
import { useCallback, useMemo } from "react";

import { ErrorState } from "@/components/error-state";
import type { Task } from "@/gen/errand/v1/task_pb";
import { useFormat } from "@/reader/format";

import { describeError, useConflict, useTaskList } from "../data";
import type { View } from "../data/types";
import { useScopeQuestion } from "../detail/scope-question";
import { ListSkeleton } from "../list/list-skeleton";
import { TaskList } from "../list/task-list";
import { useListState } from "../list/use-list-state";
import { useStableRowActions } from "../list/use-row-actions";
import { dueDay } from "../row/task-due";
import { FilterBar } from "./filter-bar";
import { TaskViewKeys } from "./task-view-keys";
import { useOpenTaskId, useViewFilter } from "./use-view-filter";
import { ViewEmpty } from "./view-empty";
import { ViewHeading } from "./view-heading";
import { filterCount } from "./view-query";

const TaskPanel = dynamic(() => import("../detail/task-panel"), { ssr: false });
const BulkBar = dynamic(() => import("../bulk/bulk-bar"), { ssr: false });
const ConflictDialog = dynamic(() => import("../detail/conflict-dialog"), { ssr: false });
const ScopeDialog = dynamic(() => import("../detail/scope-dialog"), { ssr: false });

/** One view of the tasks: its list, and what opens beside it. */
export function TaskView({ view }: { view: View }) {
  const t = useTranslations("tasks");
  const errors = useTranslations("taskData");
  const [filter, change] = useViewFilter(view);
  const query = useMemo(() => ({ view, ...filter }), [view, filter]);
  const list = useTaskList(query);
  const state = useListState(list.tasks);
  const actions = useStableRowActions(list.tasks, state);
  const openId = useOpenTaskId();
  const conflict = useConflict();
  const question = useScopeQuestion();
  const format = useFormat();
  const grouped = view === "upcoming" && filter.sort === "due";
  const dayOf = useCallback((task: Task) => dueDay(task, format), [format]);

  return (
    <div className={clsx("flex flex-1 flex-col", openId !== undefined && "xl:pe-[36rem]")}>
      <div className="mx-auto flex w-full max-w-4xl flex-1 flex-col px-3 pb-24 md:px-6">
        <ViewHeading view={view} filtered={Boolean(filter.search) || filterCount(filter) > 0} />
        <FilterBar view={view} filter={filter} change={change} />
        <section aria-busy={list.status === "loading"} aria-label={t(`views.${view}`)} className="flex flex-1 flex-col">
          {list.status === "loading" && <ListSkeleton />}
          {list.status === "error" && list.error && (
            <ErrorState
              title={t("list.failed")}
              description={describeError(list.error, errors)}
              onRetry={list.refetch}
            />
          )}
          {list.status === "ready" && list.tasks.length === 0 && !list.hasNext && (
            <ViewEmpty view={view} filter={filter} change={change} />
          )}
          {list.status === "ready" && (list.tasks.length > 0 || list.hasNext) && (
            <TaskList
              label={t(`views.${view}`)}
              tasks={list.tasks}
              hasNext={list.hasNext}
              fetchNext={list.fetchNext}
              dayOf={grouped ? dayOf : undefined}
              state={state}
              actions={actions}
              openId={openId}
            />
          )}
        </section>
      </div>
      <TaskViewKeys />
      {state.selected.length > 0 && <BulkBar tasks={state.selected} view={view} onClear={state.clearSelection} />}
      {openId !== undefined && <TaskPanel id={openId} />}
      {conflict.conflict && <ConflictDialog />}
      {question && <ScopeDialog />}
    </div>
  );
}
