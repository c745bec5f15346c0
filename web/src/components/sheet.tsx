"use client";

import * as Radix from "radix-ui/dialog";
import clsx from "clsx";
import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";

import { useFocusReturn } from "./focus-return";
import { IconButton } from "./icon-button";

export interface SheetProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  hideTitle?: boolean;
  /** More buttons, beside the one that closes. */
  actions?: ReactNode;
  /** The side at which it stands: the end of a line, or its start. */
  side?: "end" | "start";
  /** A sheet that is not modal leaves the page beside it in use. On a phone it covers the page either way. */
  modal?: boolean;
  width?: "md" | "lg";
  /** False leaves the focus where it is when the sheet opens. */
  takeFocus?: boolean;
  children: ReactNode;
}

/** A panel at the side of the page; on a phone, the whole screen. */
export function Sheet({
  open,
  onOpenChange,
  title,
  hideTitle = false,
  actions,
  side = "end",
  modal = true,
  width = "md",
  takeFocus = true,
  children,
}: SheetProps) {
  const t = useTranslations("components");
  const returnFocus = useFocusReturn(open);
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange} modal={modal}>
      <Radix.Portal>
        {modal && <Radix.Overlay className="fixed inset-0 z-40 fade-in bg-scrim" />}
        <Radix.Content
          aria-describedby={undefined}
          {...(modal ? { "data-modal": "" } : {})}
          onOpenAutoFocus={(event) => {
            if (!takeFocus) event.preventDefault();
          }}
          onCloseAutoFocus={returnFocus}
          onInteractOutside={(event) => {
            if (!modal) event.preventDefault();
          }}
          className={clsx(
            "fixed inset-y-0 z-40 flex w-full flex-col border-line bg-surface shadow-dialog",
            side === "end" ? "end-0 slide-in-end sm:border-s" : "start-0 slide-in-start sm:border-e",
            width === "md" ? "sm:w-[26rem]" : "sm:w-[36rem]",
          )}
        >
          <div className="flex min-h-12 items-center gap-1 border-b border-line px-4">
            <Radix.Title className={hideTitle ? "sr-only" : "min-w-0 flex-1 truncate text-sm font-semibold"}>
              {title}
            </Radix.Title>
            {hideTitle && <span className="flex-1" />}
            {actions}
            <Radix.Close asChild>
              <IconButton label={t("close")} icon={<X />} shortcut="escape" />
            </Radix.Close>
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
