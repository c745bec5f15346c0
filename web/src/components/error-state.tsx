"use client";

import { CircleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";

import { Button } from "./button";

export interface ErrorStateProps {
  title: string;
  description?: ReactNode;
  onRetry?: () => void;
}

/** What stands where something could not be read. */
export function ErrorState({ title, description, onRetry }: ErrorStateProps) {
  const t = useTranslations("components");
  return (
    <div role="alert" className="flex flex-col items-center gap-2 px-6 py-14 text-center">
      <span
        aria-hidden="true"
        className="mb-2 flex size-14 items-center justify-center rounded-full bg-danger-soft text-danger-ink [&_svg]:size-6"
      >
        <CircleAlert />
      </span>
      <p className="text-base font-semibold text-ink">{title}</p>
      {description && <p className="max-w-sm text-sm text-balance text-ink-muted">{description}</p>}
      {onRetry && (
        <Button className="mt-3" onClick={onRetry}>
          {t("retry")}
        </Button>
      )}
    </div>
  );
}
