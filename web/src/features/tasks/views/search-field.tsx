"use client";

import { Search, X } from "lucide-react";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";

import { IconButton } from "@/components/icon-button";
import { Input } from "@/components/input";
import { useShortcut } from "@/features/shell/shortcuts";

import { useViewFilter } from "./use-view-filter";
import { viewOfPath, VIEW_PATHS } from "./view-query";

/** The search over tasks. It searches the view that is shown; on other pages, all tasks. */
export function SearchField() {
  const t = useTranslations("tasks.search");
  const view = viewOfPath(usePathname());
  const [, change] = useViewFilter(view ?? "all");
  const asked = useSearchParams().get("q") ?? "";
  const router = useRouter();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState<string>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useShortcut("/", t("label"), () => input.current?.select());

  const search = (text: string) => {
    clearTimeout(timer.current);
    if (view) change({ search: text.trim() });
    else if (text.trim()) router.push(`${VIEW_PATHS.all}?q=${encodeURIComponent(text.trim())}`);
  };
  const end = (text: string) => {
    search(text);
    setTyped(undefined);
  };
  const shown = typed ?? asked;
  return (
    <form
      role="search"
      className="relative"
      onSubmit={(event) => {
        event.preventDefault();
        search(shown);
      }}
    >
      <Search
        aria-hidden="true"
        className="pointer-events-none absolute start-3 top-1/2 size-4 -translate-y-1/2 text-ink-muted"
      />
      <Input
        ref={input}
        type="search"
        name="q"
        autoComplete="off"
        maxLength={200}
        aria-label={t("label")}
        aria-keyshortcuts="/"
        placeholder={t("placeholder")}
        value={shown}
        className="ps-9 pe-9"
        onChange={(event) => {
          const text = event.target.value;
          setTyped(text);
          clearTimeout(timer.current);
          if (view) timer.current = setTimeout(() => search(text), PAUSE);
        }}
        onBlur={() => {
          if (typed !== undefined && view) end(typed);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          if (shown) end("");
          else event.currentTarget.blur();
        }}
      />
      {shown && (
        <IconButton
          size="sm"
          icon={<X />}
          label={t("clear")}
          className="absolute end-1 top-1/2 -translate-y-1/2 pointer-coarse:size-9"
          onClick={() => {
            end("");
            input.current?.focus();
          }}
        />
      )}
    </form>
  );
}

/** A pause in typing after which the list follows. */
const PAUSE = 250;
