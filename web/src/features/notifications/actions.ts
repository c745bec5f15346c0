"use client";

import { Code, ConnectError } from "@connectrpc/connect";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useMemo } from "react";

import { useToast } from "@/components/toast";
import type { Notification } from "@/gen/errand/v1/notification_pb";
import { useFormat } from "@/reader/format";

import { notificationClient } from "./client";
import { removeNotification, showRead, type NotificationPages } from "./pages";
import { changeLists, changeUnreadCount, NOTIFICATIONS_KEY, seenNotifications } from "./queries";
import { applyNotification, applyReadThrough } from "./apply";

export interface NotificationActions {
  markRead: (notification: Notification) => Promise<void>;
  markAllRead: () => Promise<void>;
  remove: (notification: Notification) => Promise<void>;
  snooze: (notification: Notification, until: Date) => Promise<boolean>;
}

/** What can be done with notifications. Each shows at once, and goes back with a message if the server refuses it. */
export function useNotificationActions(): NotificationActions {
  const client = useQueryClient();
  const t = useTranslations("notifications");
  const { toast } = useToast();
  const format = useFormat();

  return useMemo(() => {
    const attempt = async (failure: string, change: () => void, call: () => Promise<void>) => {
      const goBack = snapshot(client);
      change();
      try {
        await call();
        return true;
      } catch (error) {
        goBack();
        const gone = ConnectError.from(error).code === Code.FailedPrecondition;
        toast({ tone: "danger", title: failure, ...(gone ? { description: t("failed.snoozeGone") } : {}) });
        return false;
      }
    };
    const readHere = (notification: Notification) => {
      changeLists(client, (pages) => showRead(pages, notification.id));
      if (!notification.read) changeUnreadCount(client, -1);
    };

    return {
      async markRead(notification) {
        if (notification.read) return;
        await attempt(
          t("failed.read"),
          () => readHere(notification),
          async () => {
            const response = await notificationClient.markNotificationRead({ id: notification.id });
            if (response.notification) applyNotification(client, response.notification);
          },
        );
      },
      async markAllRead() {
        await attempt(
          t("failed.all"),
          () => applyReadThrough(client, Date.now()),
          async () => {
            const { count } = await notificationClient.markAllNotificationsRead({});
            toast({ tone: "success", title: t("allMarkedRead", { count: Number(count) }) });
          },
        );
      },
      async remove(notification) {
        const change = () => {
          changeLists(client, (pages) => removeNotification(pages, notification.id));
          if (!notification.read) changeUnreadCount(client, -1);
        };
        await attempt(t("failed.delete"), change, async () => {
          await notificationClient.deleteNotification({ id: notification.id });
          seenNotifications.delete(notification.id);
          toast({ title: t("deleted") });
        });
      },
      async snooze(notification, until) {
        return attempt(
          t("failed.snooze"),
          () => readHere(notification),
          async () => {
            const response = await notificationClient.snoozeReminder({
              notificationId: notification.id,
              when: { case: "until", value: timestampFromDate(until) },
            });
            if (response.notification) applyNotification(client, response.notification);
            toast({ tone: "success", title: t("snoozed", { time: format.dayTime(until) }) });
          },
        );
      },
    };
  }, [client, t, toast, format]);
}

/** What brings all cached notifications back to how they are now. */
function snapshot(client: QueryClient): () => void {
  const before = client.getQueriesData<NotificationPages | number>({ queryKey: NOTIFICATIONS_KEY });
  return () => {
    for (const [key, data] of before) client.setQueryData(key, data);
    // What the stream told meanwhile went back as well.
    void client.invalidateQueries({ queryKey: NOTIFICATIONS_KEY });
  };
}
