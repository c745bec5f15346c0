import { clone, create } from "@bufbuild/protobuf";
import { timestampNow } from "@bufbuild/protobuf/wkt";

import { Priority, TaskSchema, TaskStatus, type Task } from "@/gen/errand/v1/task_pb";

import { patchInit } from "./fields";
import type { Overlay } from "./ledger";
import { newRequestId } from "./request-id";
import type { TaskDraft } from "./types";

/** The task as it is until the server has made it. */
export function draftTask(draft: TaskDraft): Task {
  const now = timestampNow();
  return create(TaskSchema, {
    priority: Priority.MEDIUM,
    category: "other",
    ...patchInit(draft),
    title: draft.title.trim(),
    id: `${DRAFT}${newRequestId()}`,
    status: TaskStatus.PENDING,
    createdAt: now,
    updatedAt: now,
  });
}

/** Whether the server does not know the task yet. */
export function isDraft(task: Task): boolean {
  return task.id.startsWith(DRAFT);
}

export const completed: Overlay = changed((task) => {
  task.status = TaskStatus.COMPLETED;
  task.completedAt = timestampNow();
});

export const reopened: Overlay = changed((task) => {
  task.status = TaskStatus.PENDING;
  delete task.completedAt;
});

export const removed: Overlay = changed((task) => {
  task.deletedAt = timestampNow();
});

export const restored: Overlay = changed((task) => {
  delete task.deletedAt;
  delete task.purgeAt;
});

/** A copy that is changed: what is cached is never. */
function changed(change: (task: Task) => void): Overlay {
  return (task) => {
    const copy = clone(TaskSchema, task);
    change(copy);
    return copy;
  };
}

const DRAFT = "draft-";
