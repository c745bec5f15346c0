import "server-only";

import { notificationJson } from "@/server/rest/notification-json";
import { Refused } from "@/server/rest/problem";
import { json, type RestCall } from "@/server/rest/routes";

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
