"use client";

import { useTranslations } from "next-intl";

import { ErrorState } from "@/components/error-state";

export interface PageErrorProps {
  /** By it the server's log tells more. */
  digest: string | undefined;
  onRetry: () => void;
}

/** What stands in place of a page that failed. */
export function PageError({ digest, onRetry }: PageErrorProps) {
  const t = useTranslations("shell.errors");
  return (
    <ErrorState
      title={t("title")}
      description={
        <>
          {t("description")}
          {digest && <span className="mt-2 block font-mono text-xs">{t("reference", { id: digest })}</span>}
        </>
      }
      onRetry={onRetry}
    />
  );
}
