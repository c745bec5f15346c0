import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";

import { AuthPage } from "@/features/auth/auth-page";
import { ResetPasswordForm } from "@/features/auth/reset-password-form";
import { TextLink } from "@/features/auth/text-link";
import { signInFacts } from "@/server/sign-in-facts";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth.resetPassword");
  // The address is a secret, and is told to no one whom a link leads to.
  return { title: t("title"), referrer: "no-referrer" };
}

/** Where the link of a reset leads. */
export default async function ResetPasswordPage({ searchParams }: PageProps<"/reset-password">) {
  const { token } = await searchParams;
  const { passwordLength } = await signInFacts();
  const t = await getTranslations("auth.resetPassword");
  const valid = typeof token === "string" && token !== "";
  return (
    <AuthPage
      title={t("title")}
      description={t(valid ? "text" : "incomplete")}
      footer={t.rich("again", { link: (text) => <TextLink href="/forgot-password">{text}</TextLink> })}
    >
      {valid && <ResetPasswordForm token={token} length={passwordLength} />}
    </AuthPage>
  );
}
