"use client";

import clsx from "clsx";
import type { ComponentProps } from "react";

import { useFieldControl } from "./field";
import { controlClasses } from "./input";

export interface TextareaProps extends ComponentProps<"textarea"> {
  bare?: boolean;
  /** Grows with its text, where the browser can. */
  autoGrow?: boolean;
}

/** Text of several lines. Inside a Field it belongs to the field's label. */
export function Textarea({ bare = false, autoGrow = true, className, rows = 3, ...props }: TextareaProps) {
  return (
    <textarea
      {...useFieldControl()}
      rows={rows}
      dir="auto"
      {...props}
      className={clsx(controlClasses(bare), autoGrow && "[field-sizing:content] resize-none", className)}
    />
  );
}
