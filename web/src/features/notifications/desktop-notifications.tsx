"use client";

import { useTranslations } from "next-intl";

import { Button } from "@/components/button";

import { setDesktopNotifications, useDesktopState } from "./desktop";

/** Turns reminders on the desktop on and off, in this browser. */
export function DesktopNotifications() {
  const t = useTranslations("notifications.desktop");
  const state = useDesktopState();
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
      <div className="min-w-0 flex-[1_1_16rem]">
        <p className="text-sm font-medium">{t("title")}</p>
        <p className="text-xs text-ink-muted">{t("hint")}</p>
        <p role="status" className="mt-1 text-xs text-ink-muted">
          {t(state)}
        </p>
      </div>
      {(state === "on" || state === "off") && (
        <Button onClick={() => void setDesktopNotifications(state === "off")}>
          {state === "on" ? t("disable") : t("enable")}
        </Button>
      )}
    </div>
  );
}
