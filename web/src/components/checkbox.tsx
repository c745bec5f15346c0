"use client";

import clsx from "clsx";
import { Check, Minus } from "lucide-react";
import { useEffect, useRef, type ComponentProps, type ReactNode } from "react";

export type CheckboxTone = "accent" | "high" | "medium" | "low";

export interface CheckboxProps extends Omit<ComponentProps<"input">, "type" | "checked" | "onChange" | "size"> {
  checked: boolean | "indeterminate";
  onCheckedChange: (checked: boolean) => void;
  /** The text beside it. Without one, give `aria-label`. */
  label?: ReactNode;
  /** A circle is the mark of a task, a square that of a choice. */
  shape?: "square" | "circle";
  /** The colour: that of a priority for a task. */
  tone?: CheckboxTone;
}

/** A box to tick. What is around it is 24 px wide, and 44 px by touch. */
export function Checkbox({
  checked,
  onCheckedChange,
  label,
  shape = "square",
  tone = "accent",
  className,
  ...props
}: CheckboxProps) {
  const input = useRef<HTMLInputElement>(null);
  const indeterminate = checked === "indeterminate";
  useEffect(() => {
    if (input.current) input.current.indeterminate = indeterminate;
  }, [indeterminate]);

  return (
    <label
      className={clsx(
        "inline-flex cursor-pointer items-center gap-2 text-sm has-disabled:cursor-not-allowed has-disabled:opacity-60",
        className,
      )}
    >
      <span className="relative inline-flex size-6 shrink-0 items-center justify-center pointer-coarse:size-11">
        <input
          {...props}
          ref={input}
          type="checkbox"
          checked={checked === true}
          onChange={(event) => onCheckedChange(event.target.checked)}
          className={clsx(
            "peer size-[1.125rem] cursor-[inherit] appearance-none border-[1.5px] focus-ring transition-colors duration-100",
            shape === "circle" ? "rounded-full" : "rounded",
            TONES[tone],
          )}
        />
        <Check
          aria-hidden="true"
          strokeWidth={3}
          className={clsx(
            "pointer-events-none absolute hidden size-3 text-on-accent peer-checked:block",
            indeterminate && "peer-checked:hidden",
          )}
        />
        {indeterminate && (
          <Minus aria-hidden="true" strokeWidth={3} className="pointer-events-none absolute size-3 text-on-accent" />
        )}
      </span>
      {label && <span className="min-w-0">{label}</span>}
    </label>
  );
}

const TONES: Record<CheckboxTone, string> = {
  accent:
    "border-line-strong checked:border-accent checked:bg-accent indeterminate:border-accent indeterminate:bg-accent",
  high: "border-priority-high bg-priority-high/10 checked:bg-priority-high",
  medium: "border-priority-medium bg-priority-medium/10 checked:bg-priority-medium",
  low: "border-priority-low checked:bg-priority-low",
};
