"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";

import { Checkbox } from "@/components/checkbox";
import { Dialog } from "@/components/dialog";
import { Field } from "@/components/field";
import { Input } from "@/components/input";
import { Kbd } from "@/components/kbd";

import { useCharacterShortcuts } from "./character-shortcuts";
import { rank } from "./palette-rank";
import { useShortcuts, type Shortcut, type ShortcutGroup } from "./shortcuts";

/** All shortcuts that work on the page below it. */
export default function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const t = useTranslations("shell.shortcuts");
  const [query, setQuery] = useState("");
  const [characters, setCharacters] = useCharacterShortcuts();
  const found = rank(
    query,
    useDistinctShortcuts().map((shortcut) => ({ ...shortcut, label: shortcut.description })),
  );

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("title")} size="lg">
      <Field label={t("filter")} hideLabel>
        <Input
          type="search"
          placeholder={t("filter")}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      </Field>
      <div className="mt-4 gap-x-8 sm:columns-2">
        {GROUPS.map((group) => {
          const own = found.filter((shortcut) => shortcut.group === group);
          if (own.length === 0) return null;
          return (
            <section key={group} className="mb-5 break-inside-avoid">
              <h3 className="mb-1 text-xs font-semibold text-ink-muted">{t(`groups.${group}`)}</h3>
              <dl>
                {own.map((shortcut) => (
                  <div
                    key={shortcut.keys}
                    className="flex min-h-8 items-center justify-between gap-4 border-b border-line text-sm last:border-0"
                  >
                    <dt>{shortcut.description}</dt>
                    <dd className="shrink-0">
                      <Kbd keys={shortcut.keys} />
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
      </div>
      {found.length === 0 && (
        <p role="status" className="py-4 text-sm text-ink-muted">
          {t("none", { query })}
        </p>
      )}
      <div className="border-t border-line pt-3">
        <Checkbox checked={characters} onCheckedChange={setCharacters} label={t("characters")} />
        <p className="ms-8 text-xs text-ink-muted">{t("charactersHint")}</p>
      </div>
    </Dialog>
  );
}

/** The shortcuts, each pair of keys once: the one that holds. */
function useDistinctShortcuts(): Shortcut[] {
  const shown = useShortcuts().filter((shortcut) => !shortcut.hidden);
  return [...new Map(shown.map((shortcut) => [shortcut.presses.join(" "), shortcut])).values()];
}

const GROUPS: readonly ShortcutGroup[] = ["general", "navigation", "list", "task"];
