"use client";

import { useTranslations } from "next-intl";

import { useFormat } from "@/reader/format";

import { useTaskStats } from "../data";
import type { View } from "../data/types";

/** The name of a view, and how much there is in it where that is counted: never of what a filter leaves. */
export function ViewHeading({ view, filtered }: { view: View; filtered: boolean }) {
  const t = useTranslations("tasks");
  const format = useFormat();
  const stats = useTaskStats().value;
  const count = { today: stats?.dueToday, overdue: stats?.overdue, all: stats?.pending, completed: stats?.completed }[
    view as string
  ];
  return (
    <div className="flex flex-wrap items-baseline gap-x-3 pt-5 pb-2">
      <h1 className="text-xl font-bold tracking-tight">{t(`views.${view}`)}</h1>
      <p className="min-h-5 text-sm text-ink-muted">
        {view === "today" && format.date(format.today, "full")}
        {view !== "today" && !filtered && count !== undefined && t("views.count", { count })}
      </p>
    </div>
  );
}
