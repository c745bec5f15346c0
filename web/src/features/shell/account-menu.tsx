"use client";

import { Keyboard, Languages, LogOut, Settings, SunMoon } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";

import { Menu, MenuItem, MenuLabel, MenuRadioGroup, MenuSeparator, SubMenu } from "@/components/menu";

import { Avatar, initialOf } from "./account-button";
import { LANGUAGE_NAMES, useLanguage } from "./language";
import { showOverlay } from "./overlays";
import type { Person } from "./person";
import { useSignOut } from "./sign-out";
import { THEMES } from "./theme";
import { useTheme } from "./use-theme";

/** What concerns the person: looks, language, settings, signing out. */
export default function AccountMenu({ person }: { person: Person }) {
  const t = useTranslations("shell");
  const router = useRouter();
  const signOut = useSignOut();
  const [open, setOpen] = useState(true);
  const [theme, setTheme] = useTheme();
  const [language, setLanguage] = useLanguage();

  return (
    <Menu
      open={open}
      onOpenChange={setOpen}
      trigger={<Avatar letter={initialOf(person)} aria-label={t("account.menu", { name: person.name })} />}
    >
      <MenuLabel>
        <bdi className="block max-w-56 truncate text-sm text-ink">{person.name}</bdi>
        <bdi className="block max-w-56 truncate font-normal">{person.email}</bdi>
      </MenuLabel>
      <MenuSeparator />
      <SubMenu label={t("theme.label")} icon={<SunMoon aria-hidden="true" />}>
        <MenuRadioGroup
          label={t("theme.label")}
          value={theme}
          onValueChange={setTheme}
          options={THEMES.map((value) => ({ value, label: t(`theme.${value}`) }))}
        />
      </SubMenu>
      <SubMenu label={t("language.label")} icon={<Languages aria-hidden="true" />}>
        <MenuRadioGroup
          label={t("language.label")}
          value={language}
          onValueChange={setLanguage}
          options={LANGUAGE_NAMES.map(([value, label]) => ({ value, label, lang: value }))}
        />
      </SubMenu>
      <MenuItem
        icon={<Keyboard aria-hidden="true" />}
        shortcut="?"
        onSelect={() => {
          showOverlay("shortcuts");
        }}
      >
        {t("account.shortcuts")}
      </MenuItem>
      <MenuItem
        icon={<Settings aria-hidden="true" />}
        shortcut="g s"
        onSelect={() => {
          router.push("/settings");
        }}
      >
        {t("navigation.settings")}
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={<LogOut aria-hidden="true" />} onSelect={() => void signOut()}>
        {t("account.signOut")}
      </MenuItem>
    </Menu>
  );
}
