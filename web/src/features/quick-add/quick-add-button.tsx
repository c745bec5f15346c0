"use client";

import { Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";

import { Button } from "@/components/button";
import { Kbd } from "@/components/kbd";
import { useCommand } from "@/features/shell/commands";
import { useShortcut } from "@/features/shell/shortcuts";

import { closeQuickAdd, openQuickAdd, useQuickAddOpen } from "./open";

const QuickAddDialog = dynamic(() => import("./quick-add-dialog"), { ssr: false });

/** The button that adds a task. The one of the sidebar is always there and holds the dialog and the keys for all. */
export function QuickAddButton({ place }: { place: "sidebar" | "bar" }) {
  const t = useTranslations("quickAdd");
  if (place === "bar") {
    return (
      <button
        type="button"
        aria-label={t("add")}
        aria-haspopup="dialog"
        onClick={openQuickAdd}
        className="inline-flex size-12 cursor-pointer items-center justify-center rounded-full bg-accent text-on-accent focus-ring hover:bg-accent-strong"
      >
        <Plus aria-hidden="true" className="size-6" />
      </button>
    );
  }
  return (
    <>
      <Button variant="primary" icon={<Plus />} aria-haspopup="dialog" aria-keyshortcuts="q" onClick={openQuickAdd}>
        <span className="flex-1 text-start">{t("add")}</span>
        <span aria-hidden="true" className="[&_kbd]:border-transparent [&_kbd]:bg-transparent [&_kbd]:text-on-accent">
          <Kbd keys="q" />
        </span>
      </Button>
      <QuickAddHost />
    </>
  );
}

function QuickAddHost() {
  const t = useTranslations("quickAdd");
  const open = useQuickAddOpen();
  useShortcut(["q", "c"], t("add"), openQuickAdd);
  useCommand({ id: "quick-add", label: t("add"), keywords: t("keywords"), shortcut: "q", run: openQuickAdd });
  return open && <QuickAddDialog onClose={closeQuickAdd} />;
}
