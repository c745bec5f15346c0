import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { QueryClient } from "@tanstack/react-query";

import { UpdateAction, type UpdateData } from "@/gen/errand/v1/event_pb";
import type { Notification } from "@/gen/errand/v1/notification_pb";

import { findNotification, putNotification, readThrough, removeNotification, type NotificationPages } from "./pages";
import { changeLists, changeUnreadCount, listKey, seenNotifications, UNREAD_COUNT_KEY } from "./queries";

/** Applies what the stream tells to the cached notifications. It reads nothing again but a count it can't know. */
export function applyUpdate(client: QueryClient, update: UpdateData): void {
  switch (update.item.case) {
    case "notification":
      if (update.action === UpdateAction.DELETED) applyDeletion(client, update.item.value);
      else applyNotification(client, update.item.value, update.action === UpdateAction.CREATED);
      break;
    case "notificationsRead":
      if (update.item.value.through) applyReadThrough(client, timestampMs(update.item.value.through));
      break;
    default:
  }
}

/** Applies a later state of one notification. */
export function applyNotification(client: QueryClient, notification: Notification, created = false): void {
  const known = findCached(client, notification.id);
  if (known && known.version >= notification.version) return;
  const told = seenNotifications.get(notification.id);
  seenNotifications.put(notification);
  changeLists(client, (pages, filter) => putNotification(pages, notification, filter));
  const before = known ?? (told === "deleted" ? undefined : told);
  if (before) changeUnreadCount(client, Number(before.read) - Number(notification.read));
  else if (created && !notification.read) changeUnreadCount(client, 1);
  else void client.invalidateQueries({ queryKey: UNREAD_COUNT_KEY });
}

/** All that were stored up to a moment are read. */
export function applyReadThrough(client: QueryClient, through: number): void {
  changeLists(client, (pages) => readThrough(pages, through));
  const newest = client.getQueryData<NotificationPages>(listKey("all"))?.pages[0]?.notifications[0];
  const all = !newest?.createdAt || timestampMs(newest.createdAt) <= through;
  if (all) client.setQueryData<number>(UNREAD_COUNT_KEY, 0);
  else void client.invalidateQueries({ queryKey: UNREAD_COUNT_KEY });
}

function applyDeletion(client: QueryClient, notification: Notification): void {
  const known = findCached(client, notification.id);
  const first = seenNotifications.get(notification.id) !== "deleted";
  seenNotifications.delete(notification.id);
  changeLists(client, (pages) => removeNotification(pages, notification.id));
  // Deleted in this tab, it is counted already.
  if (known) changeUnreadCount(client, known.read ? 0 : -1);
  else if (first) void client.invalidateQueries({ queryKey: UNREAD_COUNT_KEY });
}

function findCached(client: QueryClient, id: string): Notification | undefined {
  for (const filter of ["all", "unread"] as const) {
    const pages = client.getQueryData<NotificationPages>(listKey(filter));
    const found = pages && findNotification(pages, id);
    if (found) return found;
  }
  return undefined;
}
