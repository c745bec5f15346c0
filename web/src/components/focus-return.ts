"use client";

import { useLayoutEffect, useRef } from "react";

/**
 * Remembers what had the focus when something opened, and gives it back when that closes. For onCloseAutoFocus of a
 * dialog that has no trigger of its own.
 */
export function useFocusReturn(open: boolean): (event: Event) => void {
  const before = useRef<HTMLElement | null>(null);
  useLayoutEffect(() => {
    if (open) before.current = opener();
  }, [open]);
  return (event) => {
    if (!before.current?.isConnected) return;
    event.preventDefault();
    before.current.focus({ preventScroll: true });
  };
}

/** What has the focus; for an entry of a menu, which is gone by then, the button that opened the menu. */
function opener(): HTMLElement | null {
  const active = document.activeElement;
  const trigger = active?.closest("[role=menu]")?.getAttribute("aria-labelledby");
  const found = trigger ? document.getElementById(trigger) : active;
  return found instanceof HTMLElement ? found : null;
}
