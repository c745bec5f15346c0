"use client";

import { ArrowDownUp, ListFilter } from "lucide-react";
import { useTranslations } from "next-intl";
import dynamic from "next/dynamic";
import { useState, type ReactElement } from "react";

import { Button } from "@/components/button";
import { Chip } from "@/components/chip";

import type { View } from "../data/types";
import { filterCount, priorityName, usualSort, type Category, type ViewFilter } from "./view-query";

const FilterPopover = dynamic(() => import("./filter-popover"), { ssr: false });
const SortMenu = dynamic(() => import("./sort-menu"), { ssr: false });

export interface FilterBarProps {
  view: View;
  filter: ViewFilter;
  change: (part: Partial<ViewFilter>) => void;
}

/** What the list is filtered and sorted by, and how to change it. */
export function FilterBar({ view, filter, change }: FilterBarProps) {
  const t = useTranslations("tasks");
  const count = filterCount(filter);
  return (
    <div className="flex min-h-10 flex-wrap items-center gap-1.5 pb-2">
      <Opened
        trigger={(props) => (
          <Button {...props} size="sm" variant="ghost" icon={<ListFilter />} aria-haspopup="dialog">
            {t("filter.button", { count })}
          </Button>
        )}
      >
        {(props) => <FilterPopover {...props} filter={filter} change={change} />}
      </Opened>
      <Opened
        trigger={(props) => (
          <Button {...props} size="sm" variant="ghost" icon={<ArrowDownUp />} aria-haspopup="menu">
            {t("sort.button", { sort: t(`sort.${sortName(filter.sort)}`) })}
          </Button>
        )}
      >
        {(props) => <SortMenu {...props} view={view} filter={filter} change={change} />}
      </Opened>
      {filter.search && (
        <Chip
          tone="accent"
          removeLabel={t("filter.remove", { name: filter.search })}
          onRemove={() => change({ search: "" })}
        >
          {t("filter.search", { query: filter.search })}
        </Chip>
      )}
      {filter.priorities.map((priority) => {
        const name = t(`priorities.${priorityName(priority)}`);
        return (
          <Chip
            key={priority}
            tone="accent"
            removeLabel={t("filter.remove", { name })}
            onRemove={() => change({ priorities: filter.priorities.filter((each) => each !== priority) })}
          >
            {name}
          </Chip>
        );
      })}
      {filter.categories.map((category) => {
        const name = t(`categories.${category as Category}`);
        return (
          <Chip
            key={category}
            tone="accent"
            removeLabel={t("filter.remove", { name })}
            onRemove={() => change({ categories: filter.categories.filter((each) => each !== category) })}
          >
            {name}
          </Chip>
        );
      })}
      {filter.tags.map((tag) => (
        <Chip
          key={tag}
          tone="accent"
          removeLabel={t("filter.remove", { name: tag })}
          onRemove={() => change({ tags: filter.tags.filter((each) => each !== tag) })}
        >
          #{tag}
        </Chip>
      ))}
      {count + (filter.search ? 1 : 0) > 1 && (
        <Button
          size="sm"
          variant="link"
          onClick={() => change({ search: "", priorities: [], categories: [], tags: [], sort: usualSort(view) })}
        >
          {t("filter.clear")}
        </Button>
      )}
    </div>
  );
}

interface OpenedProps {
  trigger: ReactElement;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** A button whose panel is loaded when it is first wanted. */
function Opened(props: {
  trigger: (props: { onClick?: () => void }) => ReactElement;
  children: (props: OpenedProps) => ReactElement;
}) {
  const [used, setUsed] = useState(false);
  const [open, setOpen] = useState(false);
  const first = () => {
    setUsed(true);
    setOpen(true);
  };
  const button = props.trigger(used ? {} : { onClick: first });
  return used ? props.children({ trigger: button, open, onOpenChange: setOpen }) : button;
}

/** The name of a sort in texts: without its direction. */
export function sortName(sort: ViewFilter["sort"]): "due" | "priority" | "title" | "created" | "updated" {
  return sort.replace("-", "") as "due" | "priority" | "title" | "created" | "updated";
}
