import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";

import { AuthPage } from "@/features/auth/auth-page";
import { ForgotPasswordForm } from "@/features/auth/forgot-password-form";
import { TextLink } from "@/features/auth/text-link";
import { signInFacts } from "@/server/sign-in-facts";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth.forgotPassword");
  return { title: t("title") };
}

/** A link to set a new password, by mail; without mail, whom to ask for one. */
export default async function ForgotPasswordPage() {
  const { sendsMail } = await signInFacts();
  const t = await getTranslations("auth.forgotPassword");
  const command = (text: ReactNode) => (
    <code dir="ltr" className="rounded-sm bg-hover px-1 py-0.5 font-mono text-xs whitespace-nowrap text-ink">
      {text}
    </code>
  );
  return (
    <AuthPage
      title={t("title")}
      description={sendsMail ? t("text") : t.rich("noMail", { command })}
      footer={t.rich("signIn", { link: (text) => <TextLink href="/sign-in">{text}</TextLink> })}
    >
      {sendsMail && <ForgotPasswordForm />}
    </AuthPage>
  );
}
