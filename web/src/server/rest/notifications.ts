import "server-only";

import { notificationJson } from "@/server/rest/notification-json";
import { Refused } from "@/server/rest/problem";
import { readNotificationListQuery } from "@/server/rest/query";
import { json, type RestCall } from "@/server/rest/routes";

/** The newest notifications. */
export async function listNotifications({ services, url, userId, options }: RestCall): Promise<Response> {
  const { unreadOnly, limit } = readNotificationListQuery(url.searchParams);
  const { notifications } = await services.notifications.listNotifications({ unreadOnly, pageSize: limit }, options);
  return json(
    200,
    notifications.map((notification) => notificationJson(notification, userId)),
  );
}

/** Marks one as read. */
export async function markRead({ services, id, userId, options }: RestCall): Promise<Response> {
  const { notification } = await services.notifications.markNotificationRead({ id }, options);
  if (notification === undefined) throw new Refused(404, "Notification not found");
  return json(200, notificationJson(notification, userId));
}

/** Marks all as read. */
export async function markAllRead({ services, options }: RestCall): Promise<Response> {
  const { count } = await services.notifications.markAllNotificationsRead({}, options);
  return json(200, { count: Number(count) });
}

/** Removes one for good. */
export async function deleteNotification({ services, id, options }: RestCall): Promise<Response> {
  await services.notifications.deleteNotification({ id }, options);
  return json(200, { success: true });
}
