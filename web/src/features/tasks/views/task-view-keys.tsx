"use client";

import { useTranslations } from "next-intl";

import { useShortcut } from "@/features/shell/shortcuts";

import { useUndo } from "../data";

/** The keys that work in every view, whether it has tasks or not. */
export function TaskViewKeys() {
  const t = useTranslations("tasks.keys");
  const { entries, undo } = useUndo();
  useShortcut(["z", "mod+z"], t("undo"), () => void undo(), { enabled: entries.length > 0, whileTyping: false });
  return null;
}
