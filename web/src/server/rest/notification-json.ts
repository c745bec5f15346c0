import type { Notification } from "@/gen/errand/v1/notification_pb";
import { momentText } from "@/server/rest/moment";

/** A notification as the REST API shows it. */
export interface NotificationJson {
  id: string;
  userId: string;
  message: string;
  taskId: string | null;
  read: boolean;
  createdAt: string | null;
}

/** The notification of a user for the REST API, worded in the API's one language. */
export function notificationJson(notification: Notification, userId: string): NotificationJson {
  return {
    id: notification.id,
    userId,
    message: `Reminder: ${notification.taskTitle}`,
    taskId: notification.taskId || null,
    read: notification.read,
    createdAt: notification.createdAt ? momentText(notification.createdAt) : null,
  };
}
