"use client";

import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect } from "react";

import { useUnreadCount } from "@/features/notifications/queries";

import { pageOf } from "./navigation";

/** Keeps the title of the tab: the page, and before it how many notifications are not read. */
export function PageTitle() {
  const t = useTranslations("shell");
  const page = pageOf(usePathname());
  const unread = useUnreadCount();
  const name = page ? t(`navigation.${page.id}`) : undefined;
  useEffect(() => {
    if (name === undefined) return;
    const title = unread > 0 ? t("pageTitleUnread", { title: name, count: unread }) : t("pageTitle", { title: name });
    const put = () => {
      if (document.title !== title) document.title = title;
    };
    put();
    // A page that arrives brings its own title, without the count.
    const observer = new MutationObserver(put);
    observer.observe(document.head, { childList: true, subtree: true, characterData: true });
    return () => observer.disconnect();
  }, [t, name, unread]);
  return null;
}
