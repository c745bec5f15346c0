"use client";

import clsx from "clsx";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";

import { Badge } from "@/components/badge";

import { BrandMark } from "./brand-mark";
import { useCounts } from "./counts";
import { NOTIFICATIONS, pageOf, SETTINGS, VIEWS, type Page } from "./navigation";
import { QuickAddSlot } from "./slots/quick-add-slot";

/** The views at the start of the page, where there is room for it. */
export function SideNavigation() {
  const t = useTranslations("shell");
  return (
    <nav
      aria-label={t("navigation.label")}
      className="sticky top-0 hidden h-dvh w-64 shrink-0 flex-col gap-4 overflow-y-auto border-e border-line px-3 py-4 md:flex"
    >
      <Link
        href="/today"
        className="inline-flex items-center gap-2.5 self-start rounded-md px-2 py-1 text-base font-bold tracking-tight focus-ring"
      >
        <BrandMark className="size-6" />
        Errand
      </Link>
      <QuickAddSlot place="sidebar" />
      <div className="flex flex-1 flex-col justify-between gap-4">
        <ul className="flex flex-col gap-0.5">
          {VIEWS.map((page) => (
            <NavigationItem key={page.id} page={page} />
          ))}
        </ul>
        <ul className="flex flex-col gap-0.5">
          <NavigationItem page={NOTIFICATIONS} />
          <NavigationItem page={SETTINGS} />
        </ul>
      </div>
    </nav>
  );
}

function NavigationItem({ page }: { page: Page }) {
  const t = useTranslations("shell.navigation");
  const current = pageOf(usePathname())?.id === page.id;
  const Icon = page.icon;
  return (
    <li>
      <Link
        href={page.href}
        aria-current={current ? "page" : undefined}
        className={clsx(
          "flex min-h-9 items-center gap-3 rounded-md px-2.5 text-sm focus-ring transition-colors duration-100 pointer-coarse:min-h-11",
          current ? "bg-accent-soft font-medium text-accent-ink" : "text-ink-muted hover:bg-hover hover:text-ink",
        )}
      >
        <Icon aria-hidden="true" className="size-[1.125rem] shrink-0" />
        <span className="min-w-0 flex-1 truncate">{t(page.id)}</span>
        <PageCount page={page} />
      </Link>
    </li>
  );
}

function PageCount({ page }: { page: Page }) {
  const t = useTranslations("shell.navigation.count");
  const count = useCounts()?.[page.counted ?? "all"] ?? 0;
  if (!page.counted || count === 0) return null;
  return (
    <>
      <span aria-hidden="true">
        <Badge tone={page.id === "overdue" ? "danger" : "neutral"}>{count}</Badge>
      </span>
      <span className="sr-only">{t(page.counted, { count })}</span>
    </>
  );
}
