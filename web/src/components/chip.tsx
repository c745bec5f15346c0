"use client";

import clsx from "clsx";
import { X } from "lucide-react";
import type { ReactNode } from "react";

import { TONE_CLASSES, type Tone } from "./badge";

export interface ChipProps {
  icon?: ReactNode;
  tone?: Tone;
  /** With it the chip is a button. */
  onClick?: () => void;
  /** With it the chip can be removed; `removeLabel` says what that does. */
  onRemove?: () => void;
  removeLabel?: string;
  children: ReactNode;
}

/** A small thing among others: a tag, a filter, what was understood of a text. */
export function Chip({ icon, tone = "neutral", onClick, onRemove, removeLabel, children }: ChipProps) {
  const text = (
    <>
      {icon}
      <bdi className="min-w-0 truncate">{children}</bdi>
    </>
  );
  return (
    <span
      className={clsx(
        "inline-flex max-w-full min-w-0 items-center rounded-full text-xs leading-6 font-medium [&_svg]:size-3.5 [&_svg]:shrink-0",
        TONE_CLASSES[tone],
      )}
    >
      {onClick ? (
        <button type="button" onClick={onClick} className={clsx(PART, "cursor-pointer focus-ring hover:underline")}>
          {text}
        </button>
      ) : (
        <span className={PART}>{text}</span>
      )}
      {onRemove && (
        <button
          type="button"
          aria-label={removeLabel}
          onClick={onRemove}
          className="-ms-1.5 inline-flex size-6 shrink-0 cursor-pointer items-center justify-center rounded-full focus-ring hover:bg-hover pointer-coarse:size-8"
        >
          <X aria-hidden="true" />
        </button>
      )}
    </span>
  );
}

const PART = "inline-flex min-w-0 items-center gap-1 rounded-full px-2";
