import clsx from "clsx";
import type { ReactNode } from "react";

export type Tone = "neutral" | "accent" | "danger" | "warning" | "success";

/** A short fact beside something: a count, a state. */
export function Badge({ tone = "neutral", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={clsx(
        "inline-flex min-w-5 items-center justify-center rounded-full px-1.5 text-xs leading-5 font-medium tabular-nums",
        TONE_CLASSES[tone],
      )}
    >
      {children}
    </span>
  );
}

/** Text and ground of each tone. */
export const TONE_CLASSES: Record<Tone, string> = {
  neutral: "bg-hover text-ink-muted",
  accent: "bg-accent-soft text-accent-ink",
  danger: "bg-danger-soft text-danger-ink",
  warning: "bg-warning-soft text-warning-ink",
  success: "bg-success-soft text-success-ink",
};
