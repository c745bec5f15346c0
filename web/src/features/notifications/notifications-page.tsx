"use client";

import { CheckCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";

import { Button } from "@/components/button";
import { Segmented } from "@/components/segmented";

import { useNotificationActions } from "./actions";
import { DesktopNotifications } from "./desktop-notifications";
import { NotificationList } from "./notification-list";
import type { NotificationFilter } from "./pages";
import { useUnreadCount } from "./queries";

/** All notifications. */
export function NotificationsPage() {
  const t = useTranslations("notifications");
  const unread = useUnreadCount();
  const { markAllRead } = useNotificationActions();
  const [filter, setFilter] = useState<NotificationFilter>("all");
  return (
    <div className="mx-auto w-full max-w-3xl px-4 py-6">
      <h1 className="text-2xl font-bold tracking-tight">{t("title")}</h1>
      <div className="mt-4 mb-3 flex flex-wrap items-center justify-between gap-2">
        <Segmented
          label={t("filter.label")}
          value={filter}
          onValueChange={setFilter}
          options={[
            { value: "all", label: t("filter.all") },
            { value: "unread", label: t("filter.unread") },
          ]}
        />
        <Button icon={<CheckCheck />} disabled={unread === 0} onClick={() => void markAllRead()}>
          {t("markAllRead")}
        </Button>
      </div>
      <div className="overflow-hidden rounded-xl border border-line bg-surface">
        <NotificationList filter={filter} />
      </div>
      <div className="mt-6 rounded-xl border border-line bg-surface p-4">
        <DesktopNotifications />
      </div>
    </div>
  );
}
