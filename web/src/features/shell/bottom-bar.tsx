"use client";

import clsx from "clsx";
import { Menu as MenuIcon } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";

import { BAR, isInBar, pageOf, PAGES } from "./navigation";
import { QuickAddSlot } from "./slots/quick-add-slot";

const MoreSheet = dynamic(() => import("./more-sheet"), { ssr: false });

/** The views at the foot of the page, on a phone. */
export function BottomBar() {
  const t = useTranslations("shell.navigation");
  const current = pageOf(usePathname());
  const [more, setMore] = useState(false);
  const elsewhere = current !== undefined && !isInBar(current.id);
  return (
    <nav
      aria-label={t("label")}
      className="fixed inset-x-0 bottom-0 z-30 grid grid-cols-5 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {BAR.map((id, index) => {
        const page = PAGES.find((each) => each.id === id);
        if (!page) return null;
        const Icon = page.icon;
        return (
          <Link
            key={id}
            href={page.href}
            aria-current={current?.id === id ? "page" : undefined}
            className={clsx(ITEM, ORDER[index], current?.id === id && "text-accent-ink")}
          >
            <Icon aria-hidden="true" className="size-5" />
            <span className={LABEL}>{t(`bar.${id}`)}</span>
          </Link>
        );
      })}
      <div className="order-3 flex items-center justify-center">
        <QuickAddSlot place="bar" />
      </div>
      <button
        type="button"
        aria-haspopup="dialog"
        aria-expanded={more}
        onClick={() => setMore(true)}
        className={clsx(ITEM, "order-5 cursor-pointer", elsewhere && "text-accent-ink")}
      >
        <MenuIcon aria-hidden="true" className="size-5" />
        <span className={LABEL}>{t("more")}</span>
      </button>
      {more && <MoreSheet onClose={() => setMore(false)} />}
    </nav>
  );
}

const ORDER = ["order-1", "order-2", "order-4"];
const ITEM =
  "focus-ring flex min-h-14 min-w-0 flex-col items-center justify-center gap-0.5 px-0.5 text-ink-muted -outline-offset-2";
const LABEL = "max-w-full truncate text-[0.6875rem] leading-4 font-medium";
