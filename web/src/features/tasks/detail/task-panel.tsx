"use client";

import { RotateCcw, SkipForward, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";

import { ErrorState } from "@/components/error-state";
import { IconButton } from "@/components/icon-button";
import { Sheet } from "@/components/sheet";
import { Skeleton } from "@/components/skeleton";
import { TaskStatus, type Task } from "@/gen/errand/v1/task_pb";

import { describeError, useTask, useTaskActions } from "../data";
import { showTask } from "../views/use-view-filter";
import { TaskDetail } from "./task-detail";

/** The panel in which one task is open. */
export default function TaskPanel({ id }: { id: string }) {
  const t = useTranslations("tasks.detail");
  const errors = useTranslations("taskData");
  const { value: task, status, error, refetch } = useTask(id);
  return (
    <Sheet
      open
      takeFocus={false}
      modal={false}
      width="lg"
      hideTitle
      title={task ? t("titleOf", { title: task.title }) : t("title")}
      onOpenChange={(open) => !open && showTask(undefined)}
      actions={task && <PanelActions task={task} />}
    >
      <div ref={takeFocus} tabIndex={-1} className="outline-none">
        {task && <TaskDetail key={task.id} task={task} />}
      </div>
      {!task && status === "loading" && (
        <div role="status" className="flex flex-col gap-4 p-5">
          <span className="sr-only">{t("loading")}</span>
          <Skeleton className="h-6 w-2/3" />
          <Skeleton className="h-4 w-1/2" />
          <Skeleton className="h-4 w-1/3" />
          <Skeleton className="h-20 w-full" />
        </div>
      )}
      {!task && status !== "loading" && (
        <ErrorState title={t("failed")} description={error && describeError(error, errors)} onRetry={refetch} />
      )}
    </Sheet>
  );
}

/** The panel itself has the focus first: its first button deletes, and a key pressed once too often must not. */
function takeFocus(content: HTMLElement | null): void {
  content?.focus({ preventScroll: true });
}

function PanelActions({ task }: { task: Task }) {
  const t = useTranslations("tasks.menu");
  const { remove, restore, skip } = useTaskActions();
  if (task.deletedAt) {
    return <IconButton icon={<RotateCcw />} label={t("restore")} onClick={() => void restore(task)} />;
  }
  const recurs = task.recurringRule !== "" && task.status === TaskStatus.PENDING;
  return (
    <>
      {recurs && <IconButton icon={<SkipForward />} label={t("skip")} onClick={() => void skip(task)} />}
      <IconButton
        tone="danger"
        icon={<Trash2 />}
        label={t("delete")}
        onClick={() => {
          showTask(undefined);
          void remove(task);
        }}
      />
    </>
  );
}
