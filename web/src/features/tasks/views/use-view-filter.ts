"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";

import type { View } from "../data/types";
import { readFilter, writeFilter, type ViewFilter } from "./view-query";

/** The filter in the address, and how to change it. The page is not asked for anew: its list reads what it needs. */
export function useViewFilter(view: View): [filter: ViewFilter, change: (part: Partial<ViewFilter>) => void] {
  const parameters = useSearchParams();
  const text = parameters.toString();
  const filter = useMemo(() => readFilter(view, new URLSearchParams(text)), [view, text]);
  const change = useCallback(
    (part: Partial<ViewFilter>) => {
      const current = new URLSearchParams(location.search);
      replaceParameters(writeFilter(view, { ...readFilter(view, current), ...part }, current));
    },
    [view],
  );
  return [filter, change];
}

/** The id of the task whose panel is open. */
export function useOpenTaskId(): string | undefined {
  return useSearchParams().get("task") ?? undefined;
}

/** Opens the panel of a task, or closes it. Back in the browser's history undoes the opening. */
export function showTask(id: string | undefined): void {
  const parameters = new URLSearchParams(location.search);
  const shown = parameters.get("task") ?? undefined;
  if (shown === id) return;
  if (id === undefined) parameters.delete("task");
  else parameters.set("task", id);
  if (shown === undefined) history.pushState(null, "", addressWith(parameters));
  else replaceParameters(parameters);
}

/** Whether an address is the one of this page. */
export function useIsPath(path: string): boolean {
  return usePathname() === path;
}

function replaceParameters(parameters: URLSearchParams): void {
  history.replaceState(null, "", addressWith(parameters));
}

function addressWith(parameters: URLSearchParams): string {
  // Commas need no escaping in a query, and the address stays one that can be read.
  const query = parameters.toString().replaceAll("%2C", ",");
  return query ? `${location.pathname}?${query}` : location.pathname;
}
