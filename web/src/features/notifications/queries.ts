"use client";

import { useInfiniteQuery, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";

import { useReading } from "@/features/updates";

import { notificationClient } from "./client";
import type { NotificationFilter, NotificationPage, NotificationPages } from "./pages";
import { SeenNotifications } from "./seen";

/** What all queries of notifications begin with. */
export const NOTIFICATIONS_KEY = ["notifications"] as const;
export const UNREAD_COUNT_KEY = ["notifications", "unread-count"] as const;
export const listKey = (filter: NotificationFilter) => ["notifications", "list", filter] as const;

/** What the stream told in this tab, against pages that arrive late. */
export const seenNotifications = new SeenNotifications();

/** The list of notifications, newest first, a page at a time. */
export function useNotifications(filter: NotificationFilter) {
  const client = useQueryClient();
  const query = useInfiniteQuery({
    queryKey: listKey(filter),
    ...useReading(),
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => readPage(client, filter, pageParam, signal),
    getNextPageParam: (page) => page.nextPageToken || undefined,
    structuralSharing: false,
  });
  return { ...query, notifications: query.data?.pages.flatMap((page) => page.notifications) ?? [] };
}

/** How many notifications are not read, 0 until it is known. */
export function useUnreadCount(): number {
  const query = useQuery({
    ...useReading(),
    queryKey: UNREAD_COUNT_KEY,
    queryFn: async ({ signal }) => {
      const response = await notificationClient.listNotifications({ unreadOnly: true, pageSize: 1 }, { signal });
      return Number(response.unreadCount);
    },
  });
  return query.data ?? 0;
}

/** Changes the cached lists. */
export function changeLists(
  client: QueryClient,
  change: (pages: NotificationPages, filter: NotificationFilter) => NotificationPages,
): void {
  for (const filter of FILTERS) {
    client.setQueryData<NotificationPages>(listKey(filter), (pages) => pages && change(pages, filter));
  }
}

/** Changes the count of the unread, if it is known. */
export function changeUnreadCount(client: QueryClient, by: number): void {
  client.setQueryData<number>(UNREAD_COUNT_KEY, (count) => (count === undefined ? count : Math.max(0, count + by)));
}

async function readPage(
  client: QueryClient,
  filter: NotificationFilter,
  pageToken: string,
  signal: AbortSignal,
): Promise<NotificationPage> {
  const unreadOnly = filter === "unread";
  const response = await notificationClient.listNotifications(
    { unreadOnly, pageSize: PAGE_SIZE, pageToken },
    { signal },
  );
  client.setQueryData<number>(UNREAD_COUNT_KEY, Number(response.unreadCount));
  return seenNotifications.correct({
    notifications: response.notifications,
    nextPageToken: response.nextPageToken,
  });
}

const FILTERS: readonly NotificationFilter[] = ["all", "unread"];
const PAGE_SIZE = 30;
