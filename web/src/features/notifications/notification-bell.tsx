"use client";

import { Bell } from "lucide-react";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";

import { IconButton } from "@/components/icon-button";

import { useUnreadCount } from "./queries";

const NotificationPanel = dynamic(() => import("./notification-panel"), { ssr: false });

/** The bell: how many notifications are not read, and a panel with the newest. */
export function NotificationBell() {
  const t = useTranslations("notifications");
  const unread = useUnreadCount();
  const bell = useRef<HTMLButtonElement>(null);
  const [used, setUsed] = useState(false);
  const [open, setOpen] = useState(false);
  const toggle = () => {
    setUsed(true);
    setOpen(!open);
  };
  return (
    <>
      <IconButton
        ref={bell}
        label={t("bell", { count: unread })}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={toggle}
        icon={
          <span className="relative">
            <Bell />
            {unread > 0 && (
              <span
                aria-hidden="true"
                className="absolute -end-2 -top-2 min-w-4 rounded-full bg-danger px-1 text-center text-[0.625rem] leading-4 font-bold text-on-danger tabular-nums"
              >
                {unread > 99 ? t("bellMany") : unread}
              </span>
            )}
          </span>
        }
      />
      {used && <NotificationPanel anchor={bell} open={open} onOpenChange={setOpen} />}
    </>
  );
}
