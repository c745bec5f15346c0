"use client";

import { useSyncExternalStore } from "react";

import { writeCookie } from "./cookie";
import { themeOf, THEME_COOKIE, type Theme } from "./theme";

/** The theme of the page, and how to change it. It changes at once; the cookie keeps it. */
export function useTheme(): [theme: Theme, set: (theme: Theme) => void] {
  const theme = useSyncExternalStore(subscribe, shownTheme, () => "system" as const);
  return [theme, setTheme];
}

function setTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  writeCookie(THEME_COOKIE, theme);
}

function shownTheme(): Theme {
  return themeOf(document.documentElement.dataset.theme);
}

function subscribe(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
}
