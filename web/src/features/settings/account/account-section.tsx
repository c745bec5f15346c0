"use client";

import { LogOut } from "lucide-react";
import { useTranslations } from "next-intl";

import { Button } from "@/components/button";
import type { Person } from "@/features/shell/person";
import { useSignOut } from "@/features/shell/sign-out";

import { Section } from "../section";
import { PasswordForm } from "./password-form";

/** Who is signed in, and the password. */
export function AccountSection({ person }: { person: Person }) {
  const t = useTranslations("settings");
  const signOut = useSignOut();
  return (
    <Section id="account" title={t("sections.account")}>
      <div className="flex flex-wrap items-center justify-between gap-4">
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
          <dt className="text-ink-muted">{t("account.name")}</dt>
          <dd className="truncate">
            <bdi>{person.name}</bdi>
          </dd>
          <dt className="text-ink-muted">{t("account.email")}</dt>
          <dd className="truncate">
            <bdi>{person.email}</bdi>
          </dd>
        </dl>
        <Button icon={<LogOut aria-hidden="true" className="rtl:-scale-x-100" />} onClick={() => void signOut()}>
          {t("account.signOut")}
        </Button>
      </div>
      <h3 className="mt-6 mb-3 text-sm font-semibold">{t("account.changePassword")}</h3>
      <PasswordForm email={person.email} />
    </Section>
  );
}
