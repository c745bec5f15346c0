"use client";

import clsx from "clsx";
import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";

import { writeCookie } from "@/features/shell/cookie";
import { LANGUAGE_COOKIE, LANGUAGES, type Language } from "@/i18n/languages";

/** The languages, each by its own name, for who can't read the page yet. */
export function LanguageLinks() {
  const t = useTranslations("auth");
  const locale = useLocale();
  const router = useRouter();
  const choose = (language: Language) => {
    writeCookie(LANGUAGE_COOKIE, language);
    router.refresh();
  };
  return (
    <ul aria-label={t("language")} className="flex flex-wrap justify-center gap-1">
      {LANGUAGES.map((language) => (
        <li key={language}>
          <button
            type="button"
            lang={language}
            aria-pressed={language === locale}
            onClick={() => choose(language)}
            className={clsx(
              "min-h-9 cursor-pointer rounded-md px-3 text-sm focus-ring hover:bg-hover pointer-coarse:min-h-11",
              language === locale ? "font-semibold text-ink" : "text-ink-muted",
            )}
          >
            {new Intl.DisplayNames(language, { type: "language" }).of(language)}
          </button>
        </li>
      ))}
    </ul>
  );
}
