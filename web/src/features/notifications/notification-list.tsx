"use client";

import { Bell, BellOff } from "lucide-react";
import { useTranslations } from "next-intl";

import { Button } from "@/components/button";
import { EmptyState } from "@/components/empty-state";
import { ErrorState } from "@/components/error-state";
import { Skeleton } from "@/components/skeleton";

import { NotificationItem } from "./notification-item";
import type { NotificationFilter } from "./pages";
import { useNotifications } from "./queries";

export interface NotificationListProps {
  filter: NotificationFilter;
  /** Called when a notification's task is opened. */
  onOpen?: () => void;
}

/** Notifications, newest first, and more of them on demand. */
export function NotificationList({ filter, onOpen }: NotificationListProps) {
  const t = useTranslations("notifications");
  const { notifications, isPending, isError, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useNotifications(filter);

  if (isPending) return <LoadingList label={t("loading")} />;
  if (isError && notifications.length === 0) {
    return <ErrorState title={t("error")} onRetry={() => void refetch()} />;
  }
  if (notifications.length === 0) {
    return filter === "unread" ? (
      <EmptyState icon={<Bell />} title={t("empty.unreadTitle")} description={t("empty.unreadDescription")} />
    ) : (
      <EmptyState icon={<BellOff />} title={t("empty.title")} description={t("empty.description")} />
    );
  }
  return (
    <>
      <ul aria-label={t("title")}>
        {notifications.map((notification) => (
          <NotificationItem key={notification.id} notification={notification} {...(onOpen ? { onOpen } : {})} />
        ))}
      </ul>
      {hasNextPage && (
        <div className="flex justify-center p-3">
          <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t("loadMore")}
          </Button>
        </div>
      )}
    </>
  );
}

function LoadingList({ label }: { label: string }) {
  return (
    <div role="status" aria-label={label}>
      {[0, 1, 2].map((row) => (
        <div key={row} className="flex gap-3 px-4 py-3">
          <Skeleton className="size-8 shrink-0 rounded-full" />
          <div className="flex-1 space-y-2 pt-1">
            <Skeleton className="h-4 w-2/3" />
            <Skeleton className="h-3 w-1/3" />
          </div>
        </div>
      ))}
    </div>
  );
}
