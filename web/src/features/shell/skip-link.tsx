"use client";

import { useTranslations } from "next-intl";

/** The first thing that the keyboard reaches: a way past the navigation. */
export function SkipLink() {
  const t = useTranslations("shell");
  return (
    <a
      href="#content"
      className="fixed start-2 top-2 z-50 -translate-y-20 rounded-md bg-accent px-4 py-2 font-medium text-on-accent focus:translate-y-0"
    >
      {t("skipLink")}
    </a>
  );
}
