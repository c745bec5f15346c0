"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";

import { authRequest } from "@/features/shell/auth-request";
import { leaveFor } from "@/features/shell/leave";

import { checkPassword, type PasswordLength } from "./check";
import { PasswordField } from "./fields";
import { FormFrame } from "./form-frame";
import { useAuthForm } from "./use-auth-form";

/** Sets a new password by the token of a link. All sessions end with it. */
export function ResetPasswordForm({ token, length }: { token: string; length: PasswordLength }) {
  const t = useTranslations("auth.resetPassword");
  const [password, setPassword] = useState("");
  const form = useAuthForm(
    () => ({ password: checkPassword(password, length) }),
    async () => {
      const answer = await authRequest("reset-password", { newPassword: password, token });
      if (!answer.ok) return answer.code;
      leaveFor("/sign-in?reset=1");
      return undefined;
    },
  );
  return (
    <FormFrame form={form} submit={t("submit")}>
      <PasswordField value={password} onChange={setPassword} errors={form.errors} length={length} />
    </FormFrame>
  );
}
