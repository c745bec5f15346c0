"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useTranslations } from "next-intl";

import { Segmented } from "@/components/segmented";
import type { Theme } from "@/features/shell/theme";
import { useTheme } from "@/features/shell/use-theme";

import { Section } from "./section";

/** Light or dark. */
export function AppearanceSection() {
  const t = useTranslations();
  const [theme, setTheme] = useTheme();
  const icons: Record<Theme, React.ReactNode> = { light: <Sun />, dark: <Moon />, system: <Monitor /> };
  const themes: readonly Theme[] = ["light", "dark", "system"];
  return (
    <Section id="appearance" title={t("settings.sections.appearance")}>
      <Segmented
        label={t("shell.theme.label")}
        value={theme}
        onValueChange={setTheme}
        options={themes.map((value) => ({ value, label: t(`shell.theme.${value}`), icon: icons[value] }))}
      />
    </Section>
  );
}
