"use client";

import { useEffect, useRef } from "react";

import { createStore } from "@/components/store";

import type { ShortcutGroup } from "./shortcuts";

export interface Command {
  id: string;
  /** What it does, in the reader's language. */
  label: string;
  run: () => void;
  /** Other words by which it is found. */
  keywords?: string;
  /** The keys that do the same, as useShortcut takes them. */
  shortcut?: string;
  group?: ShortcutGroup;
}

/** Offers something to do in the command palette, while the component is there. Null offers nothing. */
export function useCommand(command: Command | null): void {
  const latest = useRef(command);
  useEffect(() => {
    latest.current = command;
  });
  const { id, label, keywords, shortcut, group } = command ?? {};
  useEffect(() => {
    if (id === undefined || label === undefined) return;
    const own: Command = {
      id,
      label,
      run: () => latest.current?.run(),
      ...(keywords === undefined ? {} : { keywords }),
      ...(shortcut === undefined ? {} : { shortcut }),
      ...(group === undefined ? {} : { group }),
    };
    store.set([...store.get().filter((other) => other.id !== id), own]);
    return () => store.set(store.get().filter((other) => other !== own));
  }, [id, label, keywords, shortcut, group]);
}

/** All that are offered now. */
export function useCommands(): readonly Command[] {
  return store.use();
}

const store = createStore<readonly Command[]>([]);
