"use client";

import { useTranslations } from "next-intl";

import { DesktopNotifications } from "@/features/notifications/desktop-notifications";
import type { Person } from "@/features/shell/person";

import { AccountSection } from "./account/account-section";
import { DangerSection } from "./account/danger-section";
import { SessionsSection } from "./account/sessions-section";
import { AppearanceSection } from "./appearance-section";
import { KeyboardSection } from "./keyboard-section";
import { ProfileSection } from "./profile/profile-section";
import { Section } from "./section";

export interface SettingsPageProps {
  person: Person;
  /** The session in use. */
  sessionId: string;
}

/** Everything a person can set. */
export function SettingsPage({ person, sessionId }: SettingsPageProps) {
  const t = useTranslations("settings");
  return (
    <div className="mx-auto grid w-full max-w-3xl gap-5 px-4 py-6">
      <h1 className="text-2xl font-bold tracking-tight">{t("title")}</h1>
      <ProfileSection />
      <AppearanceSection />
      <KeyboardSection />
      <Section id="notifications" title={t("sections.notifications")}>
        <DesktopNotifications />
      </Section>
      <AccountSection person={person} />
      <SessionsSection sessionId={sessionId} />
      <DangerSection person={person} />
    </div>
  );
}
