"use client";

import { useTranslations } from "next-intl";
import { useMemo } from "react";

import type { WeekdayNumber } from "@/components/calendar";
import { Combobox, type ComboboxOption } from "@/components/combobox";
import { ErrorState } from "@/components/error-state";
import { Field } from "@/components/field";
import { Select } from "@/components/select";
import { Skeleton } from "@/components/skeleton";
import { useToast } from "@/components/toast";
import { LANGUAGE_NAMES, useLanguage } from "@/features/shell/language";
import { rank } from "@/features/shell/palette-rank";
import { useFormat } from "@/reader/format";
import { useNow } from "@/reader/now";

import { Section } from "../section";
import { useProfile, useUpdateProfile, type ProfileChange } from "./use-profile";
import { listZones } from "./zones";

/** Zone, language and week of the person. Each is kept as soon as it is chosen. */
export function ProfileSection() {
  const t = useTranslations("settings");
  const { profile, isError, refetch } = useProfile();
  return (
    <Section id="profile" title={t("sections.profile")} description={t("profile.description")}>
      {profile ? (
        <ProfileFields timeZone={profile.timeZone} firstDayOfWeek={profile.firstDayOfWeek} />
      ) : isError ? (
        <ErrorState title={t("profile.loadFailed")} onRetry={() => void refetch()} />
      ) : (
        <div className="grid gap-4" aria-busy="true">
          <Skeleton className="h-9 w-full" />
          <Skeleton className="h-9 w-full" />
        </div>
      )}
    </Section>
  );
}

function ProfileFields({ timeZone, firstDayOfWeek }: { timeZone: string; firstDayOfWeek: WeekdayNumber }) {
  const t = useTranslations("settings.profile");
  const format = useFormat();
  const now = useNow();
  const zones = useZoneOptions(timeZone);
  const [language, setLanguage] = useLanguage();
  const { update } = useUpdateProfile();
  const { toast } = useToast();
  const save = async (change: ProfileChange) => {
    if (await update(change)) toast({ id: "profile", tone: "success", title: t("saved") });
  };

  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field
        className="sm:col-span-2"
        label={t("timeZone")}
        hint={t("timeZoneHint", { time: format.time(new Date(now)) })}
      >
        <Combobox
          value={timeZone}
          options={zones}
          search={rank}
          placeholder={t("timeZoneSearch")}
          none={(query) => t("timeZoneNone", { query })}
          onValueChange={(zone) => void save({ timeZone: zone })}
        />
      </Field>
      <Field label={t("language")}>
        <Select
          value={language}
          onValueChange={setLanguage}
          options={LANGUAGE_NAMES.map(([value, label]) => ({ value, label }))}
        />
      </Field>
      <Field label={t("firstDayOfWeek")}>
        <Select
          value={String(firstDayOfWeek)}
          onValueChange={(day) => void save({ firstDayOfWeek: Number(day) as WeekdayNumber })}
          options={FIRST_DAYS.map((day) => ({ value: String(day), label: format.weekday(dateOf(day), "long") }))}
        />
      </Field>
    </div>
  );
}

function useZoneOptions(timeZone: string): ComboboxOption[] {
  const { locale } = useFormat();
  return useMemo(
    () =>
      listZones(locale, timeZone, new Date()).map((zone) => ({
        value: zone.id,
        label: zone.city,
        detail: `${zone.name} · ${zone.offset}`,
        keywords: `${zone.id.replaceAll(/[/_]/g, " ")} ${zone.name} ${zone.offset}`,
      })),
    [locale, timeZone],
  );
}

/** A date on that weekday: the 1st of January 2024 was a Monday. */
function dateOf(day: WeekdayNumber): string {
  return `2024-01-0${String(day)}`;
}

/** The days on which weeks begin somewhere come first. */
const FIRST_DAYS: readonly WeekdayNumber[] = [1, 7, 6, 2, 3, 4, 5];
