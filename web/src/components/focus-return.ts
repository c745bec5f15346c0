"use client";

import { useLayoutEffect, useRef } from "react";

/**
 * Remembers what had the focus when something opened, and gives it back when that closes. For onCloseAutoFocus of a
 * dialog that has no trigger of its own.
 */
export function useFocusReturn(open: boolean): (event: Event) => void {
  const before = useRef<HTMLElement | null>(null);
  useLayoutEffect(() => {
    if (open && document.activeElement instanceof HTMLElement) before.current = document.activeElement;
  }, [open]);
  return (event) => {
    if (!before.current?.isConnected) return;
    event.preventDefault();
    before.current.focus({ preventScroll: true });
  };
}
