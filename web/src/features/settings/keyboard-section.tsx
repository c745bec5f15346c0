"use client";

import { Keyboard } from "lucide-react";
import { useTranslations } from "next-intl";

import { Button } from "@/components/button";
import { Checkbox } from "@/components/checkbox";
import { useCharacterShortcuts } from "@/features/shell/character-shortcuts";
import { showOverlay } from "@/features/shell/overlays";

import { Section } from "./section";

/** Which shortcuts there are, and whether single keys are among them. */
export function KeyboardSection() {
  const t = useTranslations();
  const [on, setOn] = useCharacterShortcuts();
  return (
    <Section id="keyboard" title={t("settings.sections.keyboard")}>
      <Checkbox checked={on} onCheckedChange={setOn} label={t("shell.shortcuts.characters")} />
      <p className="ms-8 max-w-prose text-xs text-ink-muted">{t("shell.shortcuts.charactersHint")}</p>
      <Button className="mt-4" icon={<Keyboard aria-hidden="true" />} onClick={() => showOverlay("shortcuts")}>
        {t("shell.shortcuts.show")}
      </Button>
    </Section>
  );
}
