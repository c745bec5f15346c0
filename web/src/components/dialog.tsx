"use client";

import * as Radix from "radix-ui/dialog";
import clsx from "clsx";
import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode, RefObject } from "react";

import { useFocusReturn } from "./focus-return";
import { IconButton } from "./icon-button";

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  /** Leaves the title to screen readers. */
  hideTitle?: boolean;
  size?: "sm" | "md" | "lg";
  /** The buttons, at the end of the dialog. The one that matters comes last. */
  footer?: ReactNode;
  /** What has the focus first. Without it: the first control of the content, else of the footer. */
  initialFocus?: RefObject<HTMLElement | null>;
  /** It asks before something that can't be undone: a click beside it does not close it. */
  alert?: boolean;
  /** Leaves out the space around the content. */
  flush?: boolean;
  children?: ReactNode;
}

/** Asks or shows something before all else. Escape closes it, and the focus goes back to where it was. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  hideTitle = false,
  size = "md",
  footer,
  initialFocus,
  alert = false,
  flush = false,
  children,
}: DialogProps) {
  const t = useTranslations("components");
  const returnFocus = useFocusReturn(open);
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-50 fade-in bg-scrim" />
        <Radix.Content
          role={alert ? "alertdialog" : "dialog"}
          data-modal=""
          {...(description ? {} : { "aria-describedby": undefined })}
          onOpenAutoFocus={(event) => {
            const first = initialFocus?.current ?? firstControl(event.currentTarget);
            if (!first) return;
            event.preventDefault();
            first.focus();
          }}
          onCloseAutoFocus={returnFocus}
          onPointerDownOutside={(event) => {
            if (alert) event.preventDefault();
          }}
          className={clsx(
            "fixed inset-x-0 bottom-0 z-50 mx-auto flex max-h-[90dvh] w-full rise-in flex-col rounded-t-xl border border-line bg-raised pb-[env(safe-area-inset-bottom)] shadow-dialog",
            "sm:top-[12vh] sm:bottom-auto sm:max-h-[76dvh] sm:rounded-xl",
            SIZES[size],
          )}
        >
          <header
            className={
              hideTitle ? "sr-only" : clsx("flex gap-2 ps-5 pe-3 pt-3", description ? "items-start" : "items-center")
            }
          >
            <div className="min-w-0 flex-1 py-1">
              <Radix.Title className="text-base font-semibold text-ink">{title}</Radix.Title>
              {description && (
                <Radix.Description className="mt-1 text-sm text-ink-muted">{description}</Radix.Description>
              )}
            </div>
            {!alert && !hideTitle && (
              <Radix.Close asChild>
                <IconButton label={t("close")} icon={<X />} size="sm" />
              </Radix.Close>
            )}
          </header>
          {children && (
            <div data-dialog-content="" className={clsx("min-h-0 flex-1 overflow-y-auto", !flush && "px-5 py-4")}>
              {children}
            </div>
          )}
          {footer && (
            <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3 first:border-0">
              {footer}
            </footer>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** The button that closes comes first in the dialog, and is the last thing that anybody opened it for. */
function firstControl(dialog: EventTarget | null): HTMLElement | null {
  if (!(dialog instanceof Element)) return null;
  for (const part of ["[data-dialog-content]", "footer"]) {
    const control = dialog.querySelector<HTMLElement>(CONTROLS.map((each) => `${part} ${each}`).join());
    if (control) return control;
  }
  return null;
}

const CONTROLS = [
  "input:not([hidden], [disabled])",
  "select:not([disabled])",
  "textarea:not([disabled])",
  "button:not([disabled])",
  "a[href]",
];

const SIZES = { sm: "sm:max-w-sm", md: "sm:max-w-lg", lg: "sm:max-w-2xl" };
