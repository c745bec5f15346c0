"use client";

import clsx from "clsx";
import type { ComponentProps } from "react";

import { useFieldControl } from "./field";

export interface InputProps extends ComponentProps<"input"> {
  /** Leaves out the frame, for a text edited in place. */
  bare?: boolean;
}

/** A line of text. Inside a Field it belongs to the field's label. */
export function Input({ bare = false, className, ...props }: InputProps) {
  return <input {...useFieldControl()} {...props} className={clsx(controlClasses(bare), className)} />;
}

/** The classes of a control with text in it. Text is 16 px by touch: with less, phones zoom into the field. */
export function controlClasses(bare = false): string {
  return clsx(
    "w-full min-w-0 rounded-md text-sm text-ink placeholder:text-ink-muted pointer-coarse:text-base",
    "disabled:cursor-not-allowed disabled:opacity-60",
    bare
      ? "focus-ring bg-transparent px-1 py-0.5"
      : "focus-ring min-h-9 border border-line-strong bg-surface px-3 py-1.5 aria-invalid:border-danger pointer-coarse:min-h-11",
  );
}
