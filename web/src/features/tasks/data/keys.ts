import type { QueryClient } from "@tanstack/react-query";

import type { TaskPages } from "./pages";
import type { ListQuery } from "./types";

/** What all queries of tasks begin with. */
export const TASKS_KEY = ["tasks"] as const;
export const LISTS_KEY = ["tasks", "list"] as const;
export const STATS_KEY = ["tasks", "stats"] as const;

export type ListKey = readonly ["tasks", "list", ListQuery, string];

/** Queries that ask the same have the same key. */
export function listKey(query: ListQuery, zone: string): ListKey {
  const search = query.search?.trim();
  return [
    ...LISTS_KEY,
    {
      view: query.view,
      ...(search && { search }),
      priorities: query.priorities.toSorted((left, right) => left - right),
      categories: query.categories.toSorted(),
      tags: query.tags.toSorted(),
      sort: query.sort,
    },
    zone,
  ];
}

export const taskKey = (id: string) => ["tasks", "one", id] as const;
export const statsKey = (zone: string) => ["tasks", "stats", zone] as const;
export const historyKey = (id: string) => ["tasks", "history", id] as const;

/** Every list that is cached, whether it is on the page or not. */
export function cachedLists(client: QueryClient): { key: ListKey; pages: TaskPages }[] {
  return client.getQueriesData<TaskPages>({ queryKey: LISTS_KEY }).flatMap(([key, pages]) => {
    return pages ? [{ key: key as unknown as ListKey, pages }] : [];
  });
}
