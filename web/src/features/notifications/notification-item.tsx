"use client";

import { timestampDate } from "@bufbuild/protobuf/wkt";
import clsx from "clsx";
import { AlarmClock, Bell, Check, Trash2 } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";

import { IconButton } from "@/components/icon-button";
import type { Notification } from "@/gen/errand/v1/notification_pb";
import { dueText } from "@/reader/due-text";
import { useFormat } from "@/reader/format";
import { useNow } from "@/reader/now";

import { useNotificationActions } from "./actions";
import { SnoozeMenu } from "./snooze-menu";
import { taskHref } from "./task-link";

/** One notification: what it tells, a link to its task, and what can be done with it. */
export function NotificationItem({ notification, onOpen }: { notification: Notification; onOpen?: () => void }) {
  const t = useTranslations("notifications");
  const format = useFormat();
  const now = new Date(useNow());
  const { markRead, remove, snooze } = useNotificationActions();
  const due = dueText(notification.due, format, now);
  const created = notification.createdAt && timestampDate(notification.createdAt);
  const snoozed = notification.snoozedUntil && timestampDate(notification.snoozedUntil);
  const Icon = snoozed && snoozed > now ? AlarmClock : Bell;

  return (
    <li
      className={clsx(
        "group relative flex gap-3 border-b border-line px-4 py-3 last:border-0 hover:bg-hover",
        !notification.read && "bg-accent-soft/40",
      )}
    >
      <span
        aria-hidden="true"
        className={clsx(
          "mt-0.5 flex size-8 shrink-0 items-center justify-center rounded-full",
          notification.read ? "bg-hover text-ink-muted" : "bg-accent-soft text-accent-ink",
        )}
      >
        <Icon className="size-4" />
      </span>
      <div className="min-w-0 flex-1">
        <p className={clsx("text-sm break-words", notification.read ? "text-ink-muted" : "font-medium text-ink")}>
          <Link
            href={taskHref(notification.taskId)}
            onClick={() => {
              void markRead(notification);
              onOpen?.();
            }}
            className="rounded focus-ring after:absolute after:inset-0 hover:underline"
          >
            {!notification.read && <span className="sr-only">{t("unread")}: </span>}
            <bdi>{notification.taskTitle}</bdi>
          </Link>
        </p>
        <p className="mt-0.5 flex flex-wrap gap-x-2 text-xs text-ink-muted">
          <span>{due ? t("due", { day: due }) : t("noDue")}</span>
          {snoozed && snoozed > now && <span>{t("snoozedUntil", { time: format.dayTime(snoozed) })}</span>}
          {created && (
            <time dateTime={created.toISOString()} title={format.dateTime(created)}>
              {format.relative(created, now)}
            </time>
          )}
        </p>
      </div>
      <div className="relative z-10 flex shrink-0 items-start gap-0.5">
        <SnoozeMenu title={notification.taskTitle} onSnooze={(until) => void snooze(notification, until)} />
        {!notification.read && (
          <IconButton size="sm" label={t("markRead")} icon={<Check />} onClick={() => void markRead(notification)} />
        )}
        <IconButton
          size="sm"
          tone="danger"
          label={t("delete")}
          icon={<Trash2 />}
          onClick={() => void remove(notification)}
        />
      </div>
    </li>
  );
}
