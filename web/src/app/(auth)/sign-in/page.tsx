import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { redirect } from "next/navigation";

import { AuthPage } from "@/features/auth/auth-page";
import { ProviderButton } from "@/features/auth/provider-button";
import { returnPath } from "@/features/auth/return-path";
import { SignInForm } from "@/features/auth/sign-in-form";
import { TextLink } from "@/features/auth/text-link";
import { currentSession } from "@/server/session";
import { signInFacts } from "@/server/sign-in-facts";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth.signIn");
  return { title: t("title") };
}

/** Who is not known yet says who they are. */
export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  const asked = await searchParams;
  const next = returnPath(asked.next);
  if (await currentSession()) redirect(next);
  const { signUp, provider } = await signInFacts();
  // Where nobody has an account, there is no one to sign in.
  if (signUp === "first" && !provider) redirect("/sign-up");
  const t = await getTranslations("auth.signIn");
  return (
    <AuthPage
      title={t("title")}
      description={asked.ended && t("ended")}
      notice={asked.reset && t("reset")}
      footer={
        (signUp === "open" || signUp === "first") &&
        t.rich("signUp", { link: (text) => <TextLink href="/sign-up">{text}</TextLink> })
      }
    >
      {provider && asked.error && (
        <p role="alert" className="mb-4 rounded-md bg-danger-soft px-3 py-2 text-sm text-danger-ink">
          {t("providerFailed", { name: provider.name })}
        </p>
      )}
      {provider && <ProviderButton provider={provider} next={next} />}
      <SignInForm next={next} />
    </AuthPage>
  );
}
