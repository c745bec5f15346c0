"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";

import { authRequest } from "@/features/shell/auth-request";
import { leaveFor } from "@/features/shell/leave";

import { checkEmail } from "./check";
import { EmailField, PasswordField } from "./fields";
import { FormFrame } from "./form-frame";
import { TextLink } from "./text-link";
import { useAuthForm } from "./use-auth-form";

/** Signs in by e-mail and password, and goes to `next`. */
export function SignInForm({ next }: { next: string }) {
  const t = useTranslations("auth.signIn");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const form = useAuthForm(
    () => ({ email: checkEmail(email), password: password === "" ? "passwordMissing" : undefined }),
    async () => {
      const answer = await authRequest("sign-in/email", { email: email.trim(), password });
      if (!answer.ok) return answer.code;
      leaveFor(next);
      return undefined;
    },
  );
  return (
    <FormFrame form={form} submit={t("submit")}>
      <EmailField value={email} onChange={setEmail} errors={form.errors} />
      <PasswordField value={password} onChange={setPassword} errors={form.errors} />
      <p className="text-sm">
        <TextLink href="/forgot-password">{t("forgot")}</TextLink>
      </p>
    </FormFrame>
  );
}
