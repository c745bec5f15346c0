"use client";

import { create, toJsonString } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";

import { useTimeZone } from "@/reader/format";
import { useReading } from "@/features/updates";
import type { AuditLog } from "@/gen/errand/v1/audit_service_pb";
import { TaskSchema, type Task } from "@/gen/errand/v1/task_pb";
import type { PreviewOccurrencesResponse } from "@/gen/errand/v1/task_service_pb";

import { auditClient, taskClient } from "./client";
import { patchInit } from "./fields";
import { historyKey, statsKey, taskKey } from "./keys";
import { TaskStore } from "./store";
import type { TaskStats } from "./stats";
import type { TaskPatch } from "./types";

/** Something that is read on its own. */
export interface Reading<Value> {
  value: Value | undefined;
  status: "loading" | "ready" | "error";
  error?: ConnectError;
  refetch: () => void;
}

/** One task, also one in the trash; kept right by the stream. */
export function useTask(id: string | undefined): Reading<Task> {
  const client = useQueryClient();
  const reading = useReading();
  const { ledger } = TaskStore.of(client);
  const query = useQuery({
    queryKey: taskKey(id ?? ""),
    enabled: Boolean(id) && reading.enabled,
    staleTime: reading.staleTime,
    structuralSharing: false,
    initialData: () => (id ? ledger.shown(id) : undefined),
    queryFn: async ({ signal }) => {
      const { task } = await taskClient.getTask({ id: id ?? "" }, { signal });
      if (task) ledger.record(task);
      return ledger.shown(id ?? "") ?? null;
    },
  });
  return readingOf(query.data ?? undefined, query);
}

/** How many tasks there are, of each kind. */
export function useTaskStats(): Reading<TaskStats> {
  const zone = useTimeZone();
  const reading = useReading();
  const query = useQuery({
    queryKey: statsKey(zone),
    enabled: reading.enabled,
    staleTime: reading.staleTime,
    queryFn: async ({ signal }): Promise<TaskStats> => {
      const stats = await taskClient.getTaskStats({ timeZone: zone }, { signal });
      return {
        total: Number(stats.total),
        pending: Number(stats.pending),
        completed: Number(stats.completed),
        overdue: Number(stats.overdue),
        dueToday: Number(stats.dueToday),
      };
    },
  });
  return readingOf(query.data, query);
}

/** When a stored task, or one that is still being written, falls due next. The one before stays until it is known. */
export function useOccurrences(source: string | TaskPatch | undefined, count = 5): Reading<PreviewOccurrencesResponse> {
  const draft = typeof source === "object" ? create(TaskSchema, patchInit(source)) : undefined;
  const key = typeof source === "string" ? source : draft && toJsonString(TaskSchema, draft);
  const query = useQuery({
    queryKey: ["tasks", "occurrences", key, count],
    enabled: source !== undefined,
    staleTime: 60_000,
    placeholderData: keepPreviousData,
    structuralSharing: false,
    retry: false,
    queryFn: ({ signal }) => {
      const id = typeof source === "string" ? source : "";
      const of = draft ? { case: "draft" as const, value: draft } : { case: "taskId" as const, value: id };
      return taskClient.previewOccurrences({ source: of, count }, { signal });
    },
  });
  return readingOf(query.isError ? undefined : query.data, query);
}

/** What happened to a task, newest first. */
export interface TaskHistory extends Omit<Reading<readonly AuditLog[]>, "value"> {
  entries: readonly AuditLog[];
  hasNext: boolean;
  isFetchingNext: boolean;
  fetchNext: () => void;
}

/** What happened to a task. It is read again after each change of the task, which the audit trail has a moment later. */
export function useTaskHistory(id: string): TaskHistory {
  const reading = useReading();
  const query = useInfiniteQuery({
    queryKey: historyKey(id),
    enabled: Boolean(id) && reading.enabled,
    structuralSharing: false,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      auditClient.listAuditLogs({ taskId: id, pageSize: 50, pageToken: pageParam }, { signal }),
    getNextPageParam: (page) => page.nextPageToken || undefined,
  });
  const entries = query.data?.pages.flatMap((page) => page.auditLogs) ?? [];
  const { status, error, refetch } = readingOf(entries, query);
  return {
    entries,
    status: query.data ? "ready" : status,
    ...(error && { error }),
    refetch,
    hasNext: query.hasNextPage,
    isFetchingNext: query.isFetchingNextPage,
    fetchNext: () => {
      if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
    },
  };
}

function readingOf<Value>(
  value: Value | undefined,
  query: { status: "pending" | "error" | "success"; error: Error | null; refetch: () => unknown },
): Reading<Value> {
  const status = query.status === "pending" ? "loading" : query.status === "success" ? "ready" : "error";
  return {
    value,
    status,
    ...(query.error && { error: ConnectError.from(query.error) }),
    refetch: () => void query.refetch(),
  };
}
