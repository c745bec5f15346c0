"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";

import { authRequest } from "@/features/shell/auth-request";
import { leaveFor } from "@/features/shell/leave";

import { checkEmail, checkPassword, type PasswordLength } from "./check";
import { EmailField, NameField, PasswordField } from "./fields";
import { FormFrame } from "./form-frame";
import { useAuthForm } from "./use-auth-form";

export interface SignUpFormProps {
  next: string;
  length: PasswordLength;
  /** The invitation that the link had, and the address that it is for, if for one alone. */
  invitation: { readonly token: string; readonly email: string | null } | undefined;
}

/** Makes an account and signs in to it. */
export function SignUpForm({ next, length, invitation }: SignUpFormProps) {
  const t = useTranslations("auth.signUp");
  const invited = invitation?.email ?? null;
  const [name, setName] = useState("");
  const [email, setEmail] = useState(invited ?? "");
  const [password, setPassword] = useState("");
  const form = useAuthForm(
    () => ({
      name: name.trim() === "" ? "nameMissing" : undefined,
      email: checkEmail(email),
      password: checkPassword(password, length),
    }),
    async () => {
      const person = { name: name.trim(), email: email.trim(), password };
      const answer = await authRequest("sign-up/email", {
        ...person,
        ...(invitation && { invitation: invitation.token }),
      });
      if (!answer.ok) return answer.code;
      leaveFor(next);
      return undefined;
    },
  );
  return (
    <FormFrame form={form} submit={t("submit")}>
      <NameField value={name} onChange={setName} errors={form.errors} />
      <EmailField value={email} onChange={setEmail} errors={form.errors} readOnly={invited !== null} />
      <PasswordField value={password} onChange={setPassword} errors={form.errors} length={length} />
    </FormFrame>
  );
}
