"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";

import { useUpdates } from "@/features/updates";
import { useFormat } from "@/reader/format";
import { dueText } from "@/reader/due-text";
import { UpdateAction, type UpdateData } from "@/gen/errand/v1/event_pb";

import { applyUpdate } from "./apply";
import { showOnDesktop } from "./desktop";
import { taskHref } from "./task-link";

/** Keeps the cached notifications as the stream tells, and shows new ones on the desktop where that is wanted. */
export function NotificationUpdates() {
  const client = useQueryClient();
  const router = useRouter();
  const t = useTranslations("notifications");
  const format = useFormat();
  useUpdates((update: UpdateData) => {
    applyUpdate(client, update);
    if (update.action !== UpdateAction.CREATED || update.item.case !== "notification") return;
    const { id, taskId, taskTitle, due } = update.item.value;
    const day = dueText(due, format);
    showOnDesktop({ id, title: t("arrived", { title: taskTitle }), body: day ? t("due", { day }) : "" }, () =>
      router.push(taskHref(taskId)),
    );
  });
  return null;
}
