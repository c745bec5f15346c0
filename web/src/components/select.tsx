"use client";

import clsx from "clsx";
import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";

import { useFieldControl } from "./field";
import { controlClasses } from "./input";

export interface SelectOption<Value extends string = string> {
  value: Value;
  label: string;
  disabled?: boolean;
}

export interface SelectProps<Value extends string> extends Omit<
  ComponentProps<"select">,
  "value" | "onChange" | "children" | "multiple"
> {
  value: Value;
  onValueChange: (value: Value) => void;
  options: readonly SelectOption<Value>[];
}

/** One of a few values. It is the browser's own, which every phone and screen reader knows best. */
export function Select<Value extends string>({
  value,
  onValueChange,
  options,
  className,
  ...props
}: SelectProps<Value>) {
  return (
    <span className={clsx("relative inline-flex w-full min-w-0", className)}>
      <select
        {...useFieldControl()}
        {...props}
        value={value}
        onChange={(event) => onValueChange(event.target.value as Value)}
        className={clsx(controlClasses(), "cursor-pointer appearance-none truncate pe-9")}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown
        aria-hidden="true"
        className="pointer-events-none absolute end-3 top-1/2 size-4 -translate-y-1/2 text-ink-muted"
      />
    </span>
  );
}
