"use client";

import { useTranslations } from "next-intl";
import type { ReactElement } from "react";

import { Checkbox } from "@/components/checkbox";
import { Popover } from "@/components/popover";

import { TagsField } from "../detail/tags-field";
import { CATEGORIES, PRIORITIES, priorityOf, type ViewFilter } from "./view-query";

interface FilterPopoverProps {
  trigger: ReactElement;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  filter: ViewFilter;
  change: (part: Partial<ViewFilter>) => void;
}

/** Chooses which tasks the list shows. It changes as one chooses. */
export default function FilterPopover({ filter, change, ...popover }: FilterPopoverProps) {
  const t = useTranslations("tasks");
  return (
    <Popover {...popover} label={t("filter.label")} className="w-72 p-4">
      <div className="flex flex-col gap-4">
        <Choices
          label={t("fields.priority")}
          options={PRIORITIES.map((name) => ({ value: priorityOf(name), label: t(`priorities.${name}`) }))}
          chosen={filter.priorities}
          onChange={(priorities) => change({ priorities: priorities.filter((each) => each !== undefined) })}
        />
        <Choices
          label={t("fields.category")}
          options={CATEGORIES.map((name) => ({ value: name, label: t(`categories.${name}`) }))}
          chosen={filter.categories}
          onChange={(categories) => change({ categories })}
        />
        <TagsField label={t("filter.tags")} tags={filter.tags} onChange={(tags) => change({ tags })} />
      </div>
    </Popover>
  );
}

function Choices<Value>(props: {
  label: string;
  options: readonly { value: Value; label: string }[];
  chosen: readonly Value[];
  onChange: (chosen: Value[]) => void;
}) {
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-sm font-medium">{props.label}</legend>
      {props.options.map(({ value, label }) => (
        <Checkbox
          key={label}
          label={label}
          checked={props.chosen.includes(value)}
          onCheckedChange={(checked) =>
            props.onChange(checked ? [...props.chosen, value] : props.chosen.filter((each) => each !== value))
          }
        />
      ))}
    </fieldset>
  );
}
