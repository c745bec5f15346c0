"use client";

import { useSyncExternalStore } from "react";

import { deviceChoice } from "@/reader/device-choice";

/**
 * Whether shortcuts of plain characters are on. Who dictates, or whose hand trembles, turns them off (WCAG 2.1.4); it is
 * kept in this browser, since it is a matter of the device.
 */
export function characterShortcutsOn(): boolean {
  return choice.get() !== "off";
}

export function useCharacterShortcuts(): [on: boolean, set: (on: boolean) => void] {
  const on = useSyncExternalStore(choice.subscribe, characterShortcutsOn, () => true);
  return [on, setCharacterShortcuts];
}

function setCharacterShortcuts(on: boolean): void {
  choice.set(on ? null : "off");
}

const choice = deviceChoice("errand.character-shortcuts");
