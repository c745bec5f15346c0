"use client";

import { AlarmClock } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";

import { IconButton } from "@/components/icon-button";
import { Menu, MenuItem, MenuSeparator } from "@/components/menu";
import { useFormat } from "@/reader/format";

import { SnoozeDialog } from "./snooze-dialog";
import { tomorrowMorning } from "./snooze-times";

export interface SnoozeMenuProps {
  /** The task's title. */
  title: string;
  onSnooze: (until: Date) => void;
}

/** Puts a reminder off: for a while, until tomorrow, or until a moment of the reader's own. */
export function SnoozeMenu({ title, onSnooze }: SnoozeMenuProps) {
  const t = useTranslations("notifications");
  const format = useFormat();
  const [choosing, setChoosing] = useState(false);
  const tomorrow = tomorrowMorning(new Date(), format.timeZone);
  const inMinutes = (minutes: number) => onSnooze(new Date(Date.now() + minutes * 60_000));

  return (
    <>
      <Menu trigger={<IconButton size="sm" label={t("snoozeFor", { title })} icon={<AlarmClock />} />}>
        <MenuItem onSelect={() => inMinutes(10)}>{t("snoozeOptions.tenMinutes")}</MenuItem>
        <MenuItem onSelect={() => inMinutes(60)}>{t("snoozeOptions.oneHour")}</MenuItem>
        <MenuItem onSelect={() => onSnooze(tomorrow)}>
          {t("snoozeOptions.tomorrow", { time: format.time(tomorrow) })}
        </MenuItem>
        <MenuSeparator />
        <MenuItem onSelect={() => setChoosing(true)}>{t("snoozeOptions.own")}</MenuItem>
      </Menu>
      {choosing && (
        <SnoozeDialog
          title={title}
          onClose={() => setChoosing(false)}
          onSnooze={(until) => {
            setChoosing(false);
            onSnooze(until);
          }}
        />
      )}
    </>
  );
}
