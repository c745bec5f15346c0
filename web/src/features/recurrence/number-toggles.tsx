"use client";

import { useId } from "react";

interface NumberTogglesProps {
  label: string;
  /** The name is the whole one, where the label is short. */
  options: readonly { value: number; label: string; name?: string }[];
  chosen: readonly number[];
  onChange: (chosen: number[]) => void;
}

/** Several of a few numbers, such as weekdays: boxes to tick that look like buttons. */
export function NumberToggles({ label, options, chosen, onChange }: NumberTogglesProps) {
  const id = useId();
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 text-sm font-medium">{label}</legend>
      <div className="flex flex-wrap gap-1">
        {options.map((option) => (
          <label
            key={option.value}
            htmlFor={`${id}-${option.value}`}
            className="relative inline-flex min-h-9 min-w-9 cursor-pointer items-center justify-center rounded-md border border-line-strong px-2 text-sm hover:bg-hover has-checked:border-accent has-checked:bg-accent has-checked:text-on-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus pointer-coarse:min-h-11 pointer-coarse:min-w-11"
          >
            <input
              id={`${id}-${option.value}`}
              type="checkbox"
              aria-label={option.name ?? option.label}
              checked={chosen.includes(option.value)}
              onChange={(event) =>
                onChange(
                  event.target.checked ? [...chosen, option.value] : chosen.filter((value) => value !== option.value),
                )
              }
              className="absolute inset-0 cursor-pointer appearance-none outline-none"
            />
            <span aria-hidden="true">{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
