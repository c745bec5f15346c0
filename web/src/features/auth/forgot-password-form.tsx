"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";

import { authRequest } from "@/features/shell/auth-request";

import { checkEmail } from "./check";
import { EmailField } from "./fields";
import { FormFrame } from "./form-frame";
import { useAuthForm } from "./use-auth-form";

/** Asks for a mail with a link. Whether there is such a person is not said. */
export function ForgotPasswordForm() {
  const t = useTranslations("auth.forgotPassword");
  const [email, setEmail] = useState("");
  const [sentTo, setSentTo] = useState<string>();
  const form = useAuthForm(
    () => ({ email: checkEmail(email) }),
    async () => {
      const answer = await authRequest("request-password-reset", { email: email.trim() });
      if (!answer.ok) return answer.code;
      setSentTo(email.trim());
      return undefined;
    },
  );
  if (sentTo !== undefined) return <Sent email={sentTo} />;
  return (
    <FormFrame form={form} submit={t("submit")}>
      <EmailField value={email} onChange={setEmail} errors={form.errors} />
    </FormFrame>
  );
}

/** What took the form's place takes its focus, too. */
function Sent({ email }: { email: string }) {
  const t = useTranslations("auth.forgotPassword");
  const ref = useRef<HTMLParagraphElement>(null);
  useEffect(() => ref.current?.focus(), []);
  return (
    <p ref={ref} tabIndex={-1} className="rounded-md bg-success-soft px-3 py-2 text-sm text-success-ink focus-ring">
      {t.rich("sent", { email, address: (text) => <bdi className="font-medium break-all">{text}</bdi> })}
    </p>
  );
}
