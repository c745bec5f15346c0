"use client";

import { useTranslations } from "next-intl";
import { Fragment } from "react";

import { keyParts, useIsApple } from "./keys";

/** Keys as they are printed on the keyboard: `mod+k` as Ctrl K or ⌘K, `g t` as G then T. */
export function Kbd({ keys }: { keys: string }) {
  const t = useTranslations("components.kbd");
  const apple = useIsApple();
  const presses = keyParts(keys, apple, (name) => t(name));
  return (
    <span className="inline-flex items-center gap-1 text-xs text-ink-muted">
      {presses.map((press, index) => (
        <Fragment key={index}>
          {index > 0 && <span>{t("then")}</span>}
          {/* Keys that are held together are named as they lie, whichever way the text runs. */}
          <span dir="ltr" className="inline-flex gap-1">
            {press.map((key) => (
              <kbd
                key={key}
                className="inline-flex min-w-5 items-center justify-center rounded border border-line bg-canvas px-1 font-sans text-[0.6875rem] leading-5 text-ink-muted"
              >
                {key}
              </kbd>
            ))}
          </span>
        </Fragment>
      ))}
    </span>
  );
}
