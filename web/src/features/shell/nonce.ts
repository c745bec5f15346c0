"use client";

import { useInsertionEffect } from "react";

/**
 * Lets what locks the page's scrolling behind a dialog add its style: it looks for the nonce in this global, and the
 * policy of the page refuses styles without one.
 */
export function useStyleNonce(nonce: string | undefined): void {
  useInsertionEffect(() => {
    if (nonce) window.__webpack_nonce__ = nonce;
  }, [nonce]);
}

declare global {
  interface Window {
    __webpack_nonce__?: string;
  }
}
