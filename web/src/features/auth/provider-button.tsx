"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";

import { Button } from "@/components/button";
import { authRequest } from "@/features/shell/auth-request";
import { leaveFor } from "@/features/shell/leave";

import { wholeFailure, type Failure } from "./failure";

export interface ProviderButtonProps {
  provider: { readonly id: string; readonly name: string };
  next: string;
}

/** Signs in elsewhere: the browser goes there, and comes back signed in, or to this page with what went wrong. */
export function ProviderButton({ provider, next }: ProviderButtonProps) {
  const t = useTranslations("auth");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const go = async () => {
    setBusy(true);
    setFailure(undefined);
    const answer = await authRequest<{ url?: string }>("sign-in/social", {
      provider: provider.id,
      callbackURL: next,
      errorCallbackURL: "/sign-in",
    });
    if (answer.ok && answer.data.url !== undefined) {
      leaveFor(answer.data.url);
      return;
    }
    setBusy(false);
    setFailure(answer.ok ? "failed" : wholeFailure(answer.code));
  };
  return (
    <div className="mb-6 grid gap-4">
      <Button size="lg" busy={busy} onClick={() => void go()} className="w-full">
        {t("provider", { name: provider.name })}
      </Button>
      <p role="alert" className="text-sm text-danger-ink empty:hidden">
        {failure && t(`failures.${failure}`)}
      </p>
      <p className="flex items-center gap-3 text-xs text-ink-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        {t("or")}
      </p>
    </div>
  );
}
