"use client";

import clsx from "clsx";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";

import { Dialog } from "@/components/dialog";

import { isInBar, pageOf, PAGES } from "./navigation";

/** The pages for which the bar of a phone has no room. */
export default function MoreSheet({ onClose }: { onClose: () => void }) {
  const t = useTranslations("shell.navigation");
  const current = pageOf(usePathname());
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("more")}>
      <ul className="-mx-2 flex flex-col">
        {PAGES.filter((page) => !isInBar(page.id)).map((page) => {
          const Icon = page.icon;
          return (
            <li key={page.id}>
              <Link
                href={page.href}
                onClick={onClose}
                aria-current={current?.id === page.id ? "page" : undefined}
                className={clsx(
                  "flex min-h-12 items-center gap-3 rounded-md px-2 focus-ring",
                  current?.id === page.id && "bg-accent-soft font-medium text-accent-ink",
                )}
              >
                <Icon aria-hidden="true" className="size-5" />
                {t(page.id)}
              </Link>
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}
