"use client";

import { useTranslations } from "next-intl";
import type { ReactElement } from "react";

import { Menu, MenuRadioGroup, MenuSeparator } from "@/components/menu";

import { sortName, type FilterBarProps } from "./filter-bar";
import { SORTS } from "./view-query";

interface SortMenuProps extends FilterBarProps {
  trigger: ReactElement;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** What the list is sorted by, and which way. */
export default function SortMenu({ filter, change, trigger, open, onOpenChange }: SortMenuProps) {
  const t = useTranslations("tasks.sort");
  const name = sortName(filter.sort);
  const direction = filter.sort.startsWith("-") ? "descending" : "ascending";
  return (
    <Menu trigger={trigger} open={open} onOpenChange={onOpenChange} align="start">
      <MenuRadioGroup
        label={t("label")}
        value={name}
        onValueChange={(chosen) => change({ sort: SORTS.find((sort) => sortName(sort) === chosen) ?? "due" })}
        options={SORTS.map((sort) => ({ value: sortName(sort), label: t(sortName(sort)) }))}
      />
      <MenuSeparator />
      <MenuRadioGroup
        label={t("direction")}
        value={direction}
        onValueChange={(chosen) => change({ sort: chosen === "descending" ? `-${name}` : name })}
        options={(["ascending", "descending"] as const).map((value) => ({ value, label: t(value) }))}
      />
    </Menu>
  );
}
