import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { InfiniteData } from "@tanstack/react-query";

import type { Notification } from "@/gen/errand/v1/notification_pb";

export interface NotificationPage {
  notifications: Notification[];
  nextPageToken: string;
}

export type NotificationPages = InfiniteData<NotificationPage, string>;

/** Which notifications a list holds. */
export type NotificationFilter = "all" | "unread";

/** The pages with this state of a notification: in its place, or where it belongs if it is new. The later state wins. */
export function putNotification(
  pages: NotificationPages,
  notification: Notification,
  filter: NotificationFilter,
): NotificationPages {
  const known = findNotification(pages, notification.id);
  if (known) {
    if (known.version >= notification.version) return pages;
    return mapNotifications(pages, (each) => (each.id === notification.id ? notification : each));
  }
  if (filter === "unread" && notification.read) return pages;
  const at = pages.pages.findIndex((page) => page.notifications.some((each) => isNewer(notification, each)));
  // Older than all that is loaded: it comes with its page, unless this is the last.
  if (at < 0 && pages.pages.at(-1)?.nextPageToken) return pages;
  const target = at < 0 ? pages.pages.length - 1 : at;
  return {
    ...pages,
    pages: pages.pages.map((page, index) =>
      index === target ? { ...page, notifications: inserted(page.notifications, notification) } : page,
    ),
  };
}

export function removeNotification(pages: NotificationPages, id: string): NotificationPages {
  if (!findNotification(pages, id)) return pages;
  return {
    ...pages,
    pages: pages.pages.map((page) => ({
      ...page,
      notifications: page.notifications.filter((each) => each.id !== id),
    })),
  };
}

/** The pages with one shown as read before the server has said so: its version stays, so what the server says wins. */
export function showRead(pages: NotificationPages, id: string): NotificationPages {
  return mapNotifications(pages, (each) => (each.id === id ? { ...each, read: true } : each));
}

/** The pages after all that were stored up to a moment have been read. */
export function readThrough(pages: NotificationPages, through: number): NotificationPages {
  return mapNotifications(pages, (each) => (each.read || createdMs(each) > through ? each : { ...each, read: true }));
}

export function findNotification(pages: NotificationPages, id: string): Notification | undefined {
  for (const page of pages.pages) {
    const found = page.notifications.find((each) => each.id === id);
    if (found) return found;
  }
  return undefined;
}

function mapNotifications(
  pages: NotificationPages,
  change: (notification: Notification) => Notification,
): NotificationPages {
  return {
    ...pages,
    pages: pages.pages.map((page) => ({ ...page, notifications: page.notifications.map(change) })),
  };
}

function inserted(notifications: Notification[], notification: Notification): Notification[] {
  const at = notifications.findIndex((each) => isNewer(notification, each));
  return at < 0
    ? [...notifications, notification]
    : [...notifications.slice(0, at), notification, ...notifications.slice(at)];
}

function isNewer(one: Notification, other: Notification): boolean {
  const [a, b] = [createdMs(one), createdMs(other)];
  return a === b ? one.id > other.id : a > b;
}

function createdMs(notification: Notification): number {
  return notification.createdAt ? timestampMs(notification.createdAt) : 0;
}
