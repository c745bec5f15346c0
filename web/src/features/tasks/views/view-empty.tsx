"use client";

import { CalendarDays, CircleCheckBig, Inbox, PartyPopper, SearchX, Sun, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";

import { Button } from "@/components/button";
import { EmptyState } from "@/components/empty-state";
import { openQuickAdd } from "@/features/quick-add/open";

import type { View } from "../data/types";
import { filterCount, type ViewFilter } from "./view-query";

interface ViewEmptyProps {
  view: View;
  filter: ViewFilter;
  change: (part: Partial<ViewFilter>) => void;
}

/** What a view says when it has no tasks. */
export function ViewEmpty({ view, filter, change }: ViewEmptyProps) {
  const t = useTranslations("tasks.empty");
  if (filter.search || filterCount(filter) > 0) {
    return (
      <EmptyState
        icon={<SearchX />}
        title={t("filteredTitle")}
        description={t("filteredDescription")}
        action={
          <Button onClick={() => change({ search: "", priorities: [], categories: [], tags: [] })}>{t("clear")}</Button>
        }
      />
    );
  }
  const Icon = ICONS[view];
  const canAdd = view === "today" || view === "upcoming" || view === "all";
  return (
    <EmptyState
      icon={<Icon />}
      title={t(`${view}.title`)}
      description={t(`${view}.description`)}
      action={
        canAdd && (
          <Button variant="primary" onClick={() => openQuickAdd()}>
            {t("add")}
          </Button>
        )
      }
    />
  );
}

const ICONS = {
  today: Sun,
  upcoming: CalendarDays,
  overdue: PartyPopper,
  all: Inbox,
  completed: CircleCheckBig,
  trash: Trash2,
};
