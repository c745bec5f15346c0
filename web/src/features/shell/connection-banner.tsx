"use client";

import clsx from "clsx";
import { CloudOff, RefreshCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";

import { useConnection } from "@/features/updates";

/** Says when the page is not live, unless that lasts but a moment, and when it is again. */
export function ConnectionBanner() {
  const t = useTranslations("shell.connection");
  const { state, since, retryNow } = useConnection();
  const [shown, setShown] = useState<typeof state>("live");
  useEffect(() => {
    const wait = state === "live" ? 0 : Math.max(0, since + PATIENCE[state] - Date.now());
    const timer = setTimeout(() => setShown(state), wait);
    return () => clearTimeout(timer);
  }, [state, since]);
  const [troubled, setTroubled] = useState(false);
  if (shown !== "live" && !troubled) setTroubled(true);

  const away = shown !== "live";
  return (
    <div role="status">
      {away ? (
        <div
          className={clsx(
            "flex min-h-9 flex-wrap items-center gap-x-3 px-4 py-1 text-sm md:px-6",
            shown === "offline" ? "bg-warning-soft text-warning-ink" : "bg-accent-soft text-accent-ink",
          )}
        >
          {shown === "offline" ? (
            <CloudOff aria-hidden="true" className="size-4 shrink-0" />
          ) : (
            <RefreshCw aria-hidden="true" className="size-4 shrink-0 motion-safe:animate-spin" />
          )}
          <span className="min-w-0 flex-1">{t(shown)}</span>
          {shown !== "connecting" && (
            <button
              type="button"
              onClick={retryNow}
              className="min-h-7 cursor-pointer rounded font-semibold underline underline-offset-4 focus-ring pointer-coarse:min-h-11"
            >
              {t("retry")}
            </button>
          )}
        </div>
      ) : (
        troubled && <span className="sr-only">{t("live")}</span>
      )}
    </div>
  );
}

/** For how many milliseconds a state may last before anybody is told. */
const PATIENCE = { connecting: 4000, reconnecting: 3000, offline: 500 };
