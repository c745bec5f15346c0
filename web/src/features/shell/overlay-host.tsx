"use client";

import dynamic from "next/dynamic";

import { showOverlay, useOverlay } from "./overlays";

const CommandPalette = dynamic(() => import("./command-palette"), { ssr: false });
const ShortcutSheet = dynamic(() => import("./shortcut-sheet"), { ssr: false });

/** The palette and the sheet of shortcuts, loaded when they are opened. */
export function Overlays() {
  const overlay = useOverlay();
  const close = () => showOverlay(null);
  if (overlay === "palette") return <CommandPalette onClose={close} />;
  return overlay === "shortcuts" ? <ShortcutSheet onClose={close} /> : null;
}
