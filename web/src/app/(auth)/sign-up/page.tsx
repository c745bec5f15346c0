import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { redirect } from "next/navigation";

import { AuthPage } from "@/features/auth/auth-page";
import { ProviderButton } from "@/features/auth/provider-button";
import { returnPath } from "@/features/auth/return-path";
import { SignUpForm } from "@/features/auth/sign-up-form";
import { TextLink } from "@/features/auth/text-link";
import { currentSession } from "@/server/session";
import { type Invitation, invitationOf, signInFacts, type SignInFacts } from "@/server/sign-in-facts";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth.signUp");
  return { title: t("title") };
}

/** Somebody new makes an account, if they may: this is where the link of an invitation leads, too. */
export default async function SignUpPage({ searchParams }: PageProps<"/sign-up">) {
  const asked = await searchParams;
  const next = returnPath(asked.next);
  if (await currentSession()) redirect(next);
  const facts = await signInFacts();
  const invitation = typeof asked.invitation === "string" ? await invitationOf(asked.invitation) : undefined;
  const t = await getTranslations("auth.signUp");
  const footer = facts.signUp !== "first" && t.rich("signIn", { link: signInLink });
  const refusal = refusalOf(facts, invitation);
  if (refusal) return <AuthPage title={t(`${refusal}.title`)} description={t(`${refusal}.text`)} footer={footer} />;
  return (
    <AuthPage title={t(facts.signUp === "first" ? "first" : "title")} description={t(welcomeOf(facts))} footer={footer}>
      {facts.provider && <ProviderButton provider={facts.provider} next={next} />}
      <SignUpForm next={next} length={facts.passwordLength} invitation={invitation ?? undefined} />
    </AuthPage>
  );
}

function signInLink(text: React.ReactNode) {
  return <TextLink href="/sign-in">{text}</TextLink>;
}

function welcomeOf({ signUp }: SignInFacts) {
  return signUp === "first" ? "firstText" : "text";
}

/** Why somebody can't sign up here; `undefined` invitation is that the link had none, `null` that it is not good. */
function refusalOf({ signUp }: SignInFacts, invitation: Invitation | null | undefined) {
  if (signUp === "closed") return "closed";
  if (signUp !== "invitation" || invitation) return undefined;
  return invitation === null ? "invitationInvalid" : "invitationNeeded";
}
