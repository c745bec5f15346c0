"use client";

import { useTranslations } from "next-intl";
import { useCallback } from "react";

import { useToast } from "@/components/toast";

import { authRequest } from "./auth-request";
import { leaveFor } from "./leave";

/** Ends the session and leaves for the sign-in page. */
export function useSignOut(): () => Promise<void> {
  const t = useTranslations("shell.account");
  const { toast } = useToast();
  return useCallback(async () => {
    const answer = await authRequest("sign-out", {});
    if (answer.ok) leaveFor("/sign-in");
    else toast({ tone: "danger", title: t("signOutFailed") });
  }, [t, toast]);
}
