"use client";

import { Globe } from "lucide-react";
import { useTranslations } from "next-intl";

import { Button } from "@/components/button";
import { useToast } from "@/components/toast";
import { useBrowserTimeZone } from "@/features/settings/profile/browser-zone";
import { useProfile, useUpdateProfile } from "@/features/settings/profile/use-profile";
import { sameZone } from "@/features/settings/profile/zones";
import { zoneCity } from "@/reader/due-text";

import { useDismissed } from "./dismissed";

/** Offers the zone in which the device is, where the profile has another: after a journey, or on a new device. */
export function TimeZoneBanner() {
  const t = useTranslations("shell.timeZone");
  const device = useBrowserTimeZone();
  const profile = useProfile().profile;
  const { update, isPending } = useUpdateProfile();
  const { toast } = useToast();
  const [dismissed, dismiss] = useDismissed(`time-zone ${profile?.timeZone} ${device}`);
  if (!device || !profile?.updatedAt || dismissed || sameZone(device, profile.timeZone)) return null;

  const names = { device: zoneCity(device), profile: zoneCity(profile.timeZone) };
  const take = async () => {
    if (await update({ timeZone: device })) toast({ tone: "success", title: t("taken", { zone: names.device }) });
  };
  return (
    <section
      aria-label={t("differs", names)}
      className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-4 py-1.5 text-sm text-ink md:px-6"
    >
      <Globe aria-hidden="true" className="size-4 shrink-0 text-ink-muted" />
      <p className="min-w-0 flex-[1_1_14rem]">{t("differs", names)}</p>
      <span className="flex flex-wrap gap-2">
        <Button size="sm" variant="primary" busy={isPending} onClick={() => void take()}>
          {t("take", names)}
        </Button>
        <Button size="sm" variant="ghost" onClick={dismiss}>
          {t("keep", names)}
        </Button>
      </span>
    </section>
  );
}
