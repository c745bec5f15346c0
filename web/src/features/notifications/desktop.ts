"use client";

import { useSyncExternalStore } from "react";

import { deviceChoice } from "@/reader/device-choice";

/** Whether this browser shows reminders on the desktop: chosen here, and allowed by the browser. */
export type DesktopState = "on" | "off" | "denied" | "unsupported";

export function useDesktopState(): DesktopState {
  return useSyncExternalStore(choice.subscribe, desktopState, () => "off" as const);
}

export function desktopState(): DesktopState {
  if (typeof Notification === "undefined") return "unsupported";
  if (Notification.permission === "denied") return "denied";
  return Notification.permission === "granted" && choice.get() === "on" ? "on" : "off";
}

/** Turns them on, which asks the browser for leave, or off. To be called for a click: browsers refuse it else. */
export async function setDesktopNotifications(on: boolean): Promise<void> {
  if (on && Notification.permission === "default") await Notification.requestPermission();
  choice.set(on ? "on" : null);
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

const choice = deviceChoice("errand.desktop-notifications");
