"use client";

import clsx from "clsx";
import { Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";

import { Dialog } from "@/components/dialog";
import { Kbd } from "@/components/kbd";

import { useCommands } from "./commands";
import { rank } from "./palette-rank";
import { useShortcuts } from "./shortcuts";

interface Entry {
  id: string;
  label: string;
  keywords?: string;
  shortcut?: string;
  run: () => void;
}

/** All that can be done here, found by typing. */
export default function CommandPalette({ onClose }: { onClose: () => void }) {
  const t = useTranslations("shell.palette");
  const entries = useEntries();
  const router = useRouter();
  const list = useRef<HTMLUListElement>(null);
  const id = useId();
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);

  const search: Entry[] = query.trim()
    ? [
        {
          id: "search",
          label: t("searchTasks", { query: query.trim() }),
          run: () => router.push(`/tasks?q=${encodeURIComponent(query.trim())}`),
        },
      ]
    : [];
  const found = [...rank(query, entries), ...search];
  const at = Math.min(active, found.length - 1);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [at]);

  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    // What it does may take the focus, which goes back first.
    setTimeout(entry.run);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) {
      event.preventDefault();
      setActive((at + move + found.length) % found.length);
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      event.preventDefault();
      run(found[at]);
    }
  };

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("title")} hideTitle size="md" flush>
      <div className="flex items-center gap-3 border-b border-line px-4">
        <Search aria-hidden="true" className="size-4 shrink-0 text-ink-muted" />
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={found[at] ? `${id}-${found[at].id}` : undefined}
          aria-autocomplete="list"
          aria-label={t("title")}
          placeholder={t("placeholder")}
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          className="min-h-12 w-full bg-transparent text-base outline-none placeholder:text-ink-muted"
        />
      </div>
      <ul
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label={t("results")}
        className="max-h-[min(24rem,60dvh)] overflow-y-auto p-1.5"
      >
        {found.map((entry, index) => (
          <li
            key={entry.id}
            id={`${id}-${entry.id}`}
            role="option"
            aria-selected={index === at}
            onPointerMove={() => setActive(index)}
            onClick={() => run(entry)}
            className={clsx(
              "flex min-h-9 cursor-pointer items-center gap-3 rounded-md px-3 text-sm pointer-coarse:min-h-11",
              index === at && "bg-hover",
            )}
          >
            <span className="min-w-0 flex-1 truncate">{entry.label}</span>
            {entry.shortcut && <Kbd keys={entry.shortcut} />}
          </li>
        ))}
      </ul>
      <p role="status" className={found.length === 0 ? "px-4 pb-4 text-sm text-ink-muted" : "sr-only"}>
        {found.length === 0 ? t("none", { query }) : t("count", { count: found.length })}
      </p>
    </Dialog>
  );
}

/** Commands, and the shortcuts that are not one of them. */
function useEntries(): Entry[] {
  const commands = useCommands();
  const shortcuts = useShortcuts();
  const labels = new Set(commands.map((command) => command.label));
  const keys = new Set(commands.map((command) => command.shortcut));
  return [
    ...commands.map((command) => ({ ...command, id: `command-${command.id}` })),
    ...shortcuts
      .filter((shortcut) => !shortcut.hidden && !labels.has(shortcut.description) && !keys.has(shortcut.keys))
      .map((shortcut, index) => ({
        id: `shortcut-${index}`,
        label: shortcut.description,
        shortcut: shortcut.keys,
        run: () => shortcut.run(new KeyboardEvent("keydown")),
      })),
  ];
}
