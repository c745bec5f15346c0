"use client";

import { ConnectError } from "@connectrpc/connect";
import { useInfiniteQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useMemo } from "react";

import { useTimeZone } from "@/reader/format";
import { useReading } from "@/features/updates";
import type { Task } from "@/gen/errand/v1/task_pb";

import { taskClient } from "./client";
import { correctPage } from "./correct-page";
import { listKey, type ListKey } from "./keys";
import { orderBy } from "./order";
import { FIRST_PAGE, nextPage, tasksOf, type PageStart, type TaskPage, type TaskPages } from "./pages";
import { TaskStore } from "./store";
import type { ListQuery, TaskList } from "./types";
import { filterOf } from "./view-filter";

/** The tasks of a list as far as they are read. The stream keeps it right; it is read anew only after a gap. */
export function useTaskList(query: ListQuery): TaskList {
  const zone = useTimeZone();
  // What becomes overdue while the page is open is due today.
  usePages({ ...query, view: "today", sort: "due" }, zone, query.view === "overdue");
  const { data, status, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = usePages(query, zone, true);

  return useMemo(() => {
    const list: TaskList = {
      tasks: data ? tasksOf(data) : NO_TASKS,
      // A list that was read once stays, also when it can't be read again.
      status: data ? "ready" : status === "error" ? "error" : "loading",
      hasNext: hasNextPage,
      isFetchingNext: isFetchingNextPage,
      fetchNext: () => {
        if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
      },
      refetch: () => void refetch(),
    };
    return error ? { ...list, error: ConnectError.from(error) } : list;
  }, [data, status, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch]);
}

function usePages(query: ListQuery, zone: string, isWanted: boolean) {
  const client = useQueryClient();
  const reading = useReading();
  return useInfiniteQuery<TaskPage, Error, TaskPages, ListKey, PageStart>({
    queryKey: listKey(query, zone),
    enabled: isWanted && reading.enabled,
    staleTime: reading.staleTime,
    initialPageParam: FIRST_PAGE,
    queryFn: ({ pageParam, signal }) => readPage(client, query, zone, pageParam, signal),
    getNextPageParam: nextPage,
    structuralSharing: false,
  });
}

async function readPage(
  client: QueryClient,
  query: ListQuery,
  zone: string,
  start: PageStart,
  signal: AbortSignal,
): Promise<TaskPage> {
  const { ledger } = TaskStore.of(client);
  const mark = ledger.mark();
  const request = {
    filter: filterOf(query, { now: Date.now(), zone }),
    orderBy: orderBy(query.sort),
    pageSize: PAGE_SIZE,
    pageToken: start.token,
  };
  const { tasks, nextPageToken } = await taskClient.listTasks(request, { signal });
  return correctPage({ start, mark, tasks, nextPageToken }, ledger, query, { now: Date.now(), zone });
}

const PAGE_SIZE = 100;
const NO_TASKS: readonly Task[] = [];
