"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";

import { useNotificationActions } from "@/features/notifications/actions";

import { useCommand } from "./commands";
import { LANGUAGE_NAMES, useLanguage } from "./language";
import { PAGES, type Page } from "./navigation";
import { showOverlay } from "./overlays";
import { useShortcut, useShortcutListener } from "./shortcuts";
import { useSignOut } from "./sign-out";
import { THEMES, type Theme } from "./theme";
import { useTheme } from "./use-theme";

/** The shortcuts and commands that every page has. */
export function GlobalShortcuts() {
  const t = useTranslations("shell");
  const notifications = useTranslations("notifications");
  const { markAllRead } = useNotificationActions();
  const signOut = useSignOut();
  useShortcutListener();
  useShortcut("?", t("shortcuts.show"), () => showOverlay("shortcuts"));
  useShortcut("mod+k", t("palette.open"), () => showOverlay("palette"));
  useCommand({
    id: "notifications-read",
    label: notifications("markAllRead"),
    keywords: notifications("title"),
    run: () => void markAllRead(),
  });
  useCommand({ id: "sign-out", label: t("account.signOut"), run: () => void signOut() });
  return (
    <>
      {PAGES.map((page) => (
        <PageShortcut key={page.id} page={page} />
      ))}
      {THEMES.map((theme) => (
        <ThemeCommand key={theme} theme={theme} />
      ))}
      <LanguageCommands />
    </>
  );
}

function PageShortcut({ page }: { page: Page }) {
  const t = useTranslations("shell.navigation");
  const router = useRouter();
  useShortcut(page.shortcut, t("goTo", { page: t(page.id) }), () => router.push(page.href), { group: "navigation" });
  return null;
}

function ThemeCommand({ theme }: { theme: Theme }) {
  const t = useTranslations("shell.theme");
  const [, setTheme] = useTheme();
  useCommand({
    id: `theme-${theme}`,
    label: `${t("label")}: ${t(theme)}`,
    run: () => setTheme(theme),
  });
  return null;
}

function LanguageCommands() {
  const [language, setLanguage] = useLanguage();
  return LANGUAGE_NAMES.filter(([value]) => value !== language).map(([value, name]) => (
    <LanguageCommand key={value} name={name} run={() => setLanguage(value)} id={value} />
  ));
}

function LanguageCommand({ id, name, run }: { id: string; name: string; run: () => void }) {
  const t = useTranslations("shell.language");
  useCommand({ id: `language-${id}`, label: `${t("label")}: ${name}`, run });
  return null;
}
