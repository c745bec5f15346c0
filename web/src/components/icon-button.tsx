"use client";

import clsx from "clsx";
import type { ComponentProps, ReactNode } from "react";

import { Tooltip, type TooltipSide } from "./tooltip";

export interface IconButtonProps extends Omit<ComponentProps<"button">, "aria-label" | "children"> {
  /** What it does: its accessible name, and its tooltip. */
  label: string;
  icon: ReactNode;
  /** The keys that do the same, shown in the tooltip, as useShortcut takes them: `g t`, `mod+k`. */
  shortcut?: string;
  size?: "sm" | "md";
  tone?: "plain" | "danger";
  tooltipSide?: TooltipSide;
}

/** A button that shows an icon alone. */
export function IconButton({
  label,
  icon,
  shortcut,
  size = "md",
  tone = "plain",
  tooltipSide,
  className,
  type = "button",
  ...props
}: IconButtonProps) {
  return (
    <Tooltip content={label} shortcut={shortcut} side={tooltipSide}>
      <button
        {...props}
        type={type}
        aria-label={label}
        className={clsx(
          "inline-flex shrink-0 cursor-pointer items-center justify-center rounded-md text-ink-muted focus-ring",
          "transition-colors duration-100 hover:bg-hover disabled:cursor-not-allowed disabled:opacity-50",
          "aria-expanded:bg-hover aria-pressed:bg-accent-soft aria-pressed:text-accent-ink",
          "pointer-coarse:size-11",
          tone === "danger" ? "hover:text-danger-ink" : "hover:text-ink",
          size === "sm" ? "size-7 [&_svg]:size-4" : "size-9 [&_svg]:size-[1.125rem]",
          className,
        )}
      >
        {icon}
      </button>
    </Tooltip>
  );
}
