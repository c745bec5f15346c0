"use client";

import { useEffect, useRef } from "react";

import { isApple } from "@/components/keys";
import { createStore } from "@/components/store";

import { characterShortcutsOn } from "./character-shortcuts";
import { isCharacterShortcut, matchShortcut, normalShortcut, pressName } from "./shortcut-keys";

/** Where a shortcut stands in the sheet of shortcuts. */
export type ShortcutGroup = "general" | "navigation" | "list" | "task";

export interface ShortcutOptions {
  group?: ShortcutGroup;
  enabled?: boolean;
  /** Whether it works while a dialog has the focus. */
  inDialogs?: boolean;
  /** Whether it works while a text is being typed. Those with Ctrl, Cmd or Alt do unless told not to. */
  whileTyping?: boolean;
  /** Leaves it out of the sheet, for a second way to do the same. */
  hidden?: boolean;
}

export interface Shortcut extends Required<Omit<ShortcutOptions, "enabled">> {
  keys: string;
  presses: string[];
  description: string;
  run: (event: KeyboardEvent) => void;
}

/**
 * Calls the handler when the keys are pressed: `k`, `?`, `mod+k` (Ctrl, or Cmd on Apple's), `g t` (one after the other).
 * The description, in the reader's language, shows in the sheet of shortcuts and in the palette. What was registered
 * later holds where two have the same keys.
 */
export function useShortcut(
  keys: string | readonly string[],
  description: string,
  handler: (event: KeyboardEvent) => void,
  options: ShortcutOptions = {},
): void {
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  const all = typeof keys === "string" ? keys : keys.join("\n");
  const { group = "general", enabled = true, inDialogs = false, whileTyping, hidden = false } = options;
  useEffect(() => {
    if (!enabled) return;
    const own = all.split("\n").map((each, index): Shortcut => {
      const presses = normalShortcut(each);
      return {
        keys: each,
        presses,
        description,
        group,
        inDialogs,
        whileTyping: whileTyping ?? /^(mod|alt)\+/.test(presses[0] ?? ""),
        hidden: hidden || index > 0,
        run: (event) => latest.current(event),
      };
    });
    store.set([...store.get(), ...own]);
    return () => store.set(store.get().filter((shortcut) => !own.includes(shortcut)));
  }, [all, description, group, enabled, inDialogs, whileTyping, hidden]);
}

/** All that are registered now. */
export function useShortcuts(): readonly Shortcut[] {
  return store.use();
}

/** Hears the keyboard for all shortcuts. The frame calls it once. */
export function useShortcutListener(): void {
  useEffect(() => {
    let pressed: string[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onKeyDown = (event: KeyboardEvent) => {
      const press = event.defaultPrevented || event.isComposing ? undefined : pressName(event, isApple());
      if (press === undefined) return;
      clearTimeout(timer);
      const allowed = store.get().filter((shortcut) => mayRun(shortcut, press, event.target));
      let match = matchShortcut([...pressed, press], allowed);
      if (match.kind === "none" && pressed.length > 0) match = matchShortcut([press], allowed);
      if (match.kind === "begun") {
        pressed = [...pressed, press];
        timer = setTimeout(() => (pressed = []), SEQUENCE_TIME);
        return;
      }
      pressed = [];
      if (match.kind === "none" || (event.repeat && !/arrow|^[jk]$/.test(press))) return;
      event.preventDefault();
      match.item.run(event);
    };
    document.addEventListener("keydown", onKeyDown);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("keydown", onKeyDown);
    };
  }, []);
}

function mayRun(shortcut: Shortcut, press: string, target: EventTarget | null): boolean {
  if (isCharacterShortcut(shortcut.presses) && !characterShortcutsOn()) return false;
  if (!(target instanceof Element)) return true;
  if (!shortcut.whileTyping && target.closest(TYPING)) return false;
  if (!shortcut.inDialogs && target.closest(MODAL)) return false;
  if (target.closest("[role=menu], [role=listbox]") && !press.startsWith("mod+")) return false;
  // A control does with these keys what it always does.
  return !((press === "space" || press === "enter") && target.closest(CONTROL));
}

const store = createStore<readonly Shortcut[]>([]);

const TYPING = "input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable=true]";
const MODAL = "[role=dialog][data-modal], [role=alertdialog]";
const CONTROL = "button, a[href], input, select, textarea, summary, [role=tab], [role=menuitem]";
const SEQUENCE_TIME = 1500;
