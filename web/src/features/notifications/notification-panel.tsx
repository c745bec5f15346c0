"use client";

import { CheckCheck } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { RefObject } from "react";

import { buttonClasses } from "@/components/button";
import { IconButton } from "@/components/icon-button";
import { Popover } from "@/components/popover";

import { useNotificationActions } from "./actions";
import { NotificationList } from "./notification-list";
import { useUnreadCount } from "./queries";

export interface NotificationPanelProps {
  /** The bell. */
  anchor: RefObject<HTMLElement | null>;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** The newest notifications, below the bell. */
export default function NotificationPanel({ anchor, open, onOpenChange }: NotificationPanelProps) {
  const t = useTranslations("notifications");
  const unread = useUnreadCount();
  const { markAllRead } = useNotificationActions();
  return (
    <Popover
      anchor={anchor}
      label={t("title")}
      open={open}
      onOpenChange={onOpenChange}
      align="end"
      className="flex max-h-[min(36rem,var(--radix-popover-content-available-height))] w-[26rem] flex-col"
    >
      <div className="flex items-center gap-2 border-b border-line py-2 ps-4 pe-2">
        <h2 className="flex-1 text-sm font-semibold">{t("title")}</h2>
        <IconButton
          size="sm"
          label={t("markAllRead")}
          icon={<CheckCheck />}
          disabled={unread === 0}
          onClick={() => void markAllRead()}
        />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <NotificationList filter="all" onOpen={() => onOpenChange(false)} />
      </div>
      <Link
        href="/notifications"
        onClick={() => onOpenChange(false)}
        className={`${buttonClasses("link", "md")} border-t border-line`}
      >
        {t("seeAll")}
      </Link>
    </Popover>
  );
}
