"use client";

import { useSyncExternalStore } from "react";

/** Whether this browser shows reminders on the desktop: chosen here, and allowed by the browser. */
export type DesktopState = "on" | "off" | "denied" | "unsupported";

export function useDesktopState(): DesktopState {
  return useSyncExternalStore(subscribe, desktopState, () => "off" as const);
}

export function desktopState(): DesktopState {
  if (typeof Notification === "undefined") return "unsupported";
  if (Notification.permission === "denied") return "denied";
  return Notification.permission === "granted" && chosen() ? "on" : "off";
}

/** Turns them on, which asks the browser for leave, or off. To be called for a click: browsers refuse it else. */
export async function setDesktopNotifications(on: boolean): Promise<void> {
  if (on && Notification.permission === "default") await Notification.requestPermission();
  try {
    if (on) localStorage.setItem(KEY, "on");
    else localStorage.removeItem(KEY);
  } catch {
    // A browser that keeps nothing keeps them off.
  }
  for (const listener of listeners) listener();
}

/** Shows one. Of tabs that show the same, the browser keeps one, by its tag. */
export function showOnDesktop(text: { id: string; title: string; body: string }, onClick: () => void): void {
  if (desktopState() !== "on") return;
  try {
    const { lang, dir } = document.documentElement;
    const shown = new Notification(text.title, {
      body: text.body,
      tag: text.id,
      icon: "/icons/icon-192.png",
      lang,
      dir: dir === "rtl" ? "rtl" : "ltr",
    });
    shown.onclick = () => {
      window.focus();
      shown.close();
      onClick();
    };
  } catch {
    // Some phones offer them to service workers alone.
  }
}

function chosen(): boolean {
  try {
    return localStorage.getItem(KEY) === "on";
  } catch {
    return false;
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("storage", listener);
  };
}

const listeners = new Set<() => void>();
const KEY = "errand.desktop-notifications";
