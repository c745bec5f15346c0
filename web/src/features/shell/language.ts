"use client";

import { useRouter } from "next/navigation";
import { useLocale } from "next-intl";
import { useCallback } from "react";

import { useUpdateProfile } from "@/features/settings/profile/use-profile";
import { LANGUAGE_COOKIE, languageOf, type Language } from "@/i18n/languages";

import { writeCookie } from "./cookie";

/** Languages, each by its own name. */
export const LANGUAGE_NAMES: readonly (readonly [Language, string])[] = [
  ["en", "English"],
  ["de", "Deutsch"],
  ["ar", "العربية"],
];

/** The language of the page, and how to change it: here at once, and in the profile for texts made elsewhere. */
export function useLanguage(): [language: Language, set: (language: Language) => void] {
  const locale = useLocale();
  const router = useRouter();
  const { update } = useUpdateProfile();
  const set = useCallback(
    (language: Language) => {
      writeCookie(LANGUAGE_COOKIE, language);
      router.refresh();
      void update({ language });
    },
    [router, update],
  );
  return [languageOf(locale) ?? "en", set];
}
