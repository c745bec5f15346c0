import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";

import { DueSchema, Priority, TaskSchema, TaskStatus, type Due, type Task } from "@/gen/errand/v1/task_pb";

import { calendarDate } from "./day";
import type { ListQuery } from "./types";

/** Tests work at 9:30 UTC of this day, a Tuesday. */
export const NOW = Date.parse("2026-12-01T09:30:00Z");
export const CLOCK = { now: NOW, zone: "UTC" };

type TaskInit = Partial<Omit<Task, "$typeName" | "$unknown">>;

export function task(init: TaskInit = {}): Task {
  return create(TaskSchema, {
    id: "a",
    title: "Task",
    priority: Priority.MEDIUM,
    category: "other",
    status: TaskStatus.PENDING,
    version: 1n,
    etag: `e${String(init.version ?? 1n)}`,
    createdAt: timestampFromMs(NOW),
    updatedAt: timestampFromMs(NOW),
    ...init,
  });
}

/** The same task, some changes later. */
export function later(before: Task, init: TaskInit): Task {
  const version = init.version ?? before.version + 1n;
  return create(TaskSchema, { ...before, version, etag: `e${String(version)}`, ...init });
}

export function dueOn(date: string, timeZone = "UTC"): Due {
  return create(DueSchema, { when: { case: "date", value: calendarDate(date) }, timeZone });
}

export function dueAt(time: string, timeZone = "UTC"): Due {
  return create(DueSchema, { when: { case: "time", value: timestampFromMs(Date.parse(time)) }, timeZone });
}

export function query(part: Partial<ListQuery> = {}): ListQuery {
  return { view: "all", priorities: [], categories: [], tags: [], sort: "title", ...part };
}
