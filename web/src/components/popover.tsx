"use client";

import * as Radix from "radix-ui/popover";
import clsx from "clsx";
import type { ReactElement, ReactNode, RefObject } from "react";

import { useFocusReturn } from "./focus-return";

export interface PopoverProps {
  /** The button that opens it. */
  trigger?: ReactElement;
  /** Instead of a trigger: a button elsewhere beside which it stands, and which opens it by `open`. */
  anchor?: RefObject<HTMLElement | null>;
  /** What it is, for screen readers. */
  label: string;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  align?: "start" | "center" | "end";
  side?: "top" | "bottom";
  className?: string;
  /** False leaves the focus at the trigger, for lists that follow what is typed. */
  takeFocus?: boolean;
  children: ReactNode;
}

/** A panel beside what opens it. Escape or a click elsewhere closes it. */
export function Popover({
  trigger,
  anchor,
  label,
  open,
  onOpenChange,
  align = "start",
  side = "bottom",
  className,
  takeFocus = true,
  children,
}: PopoverProps) {
  const returnFocus = useFocusReturn(open ?? false);
  return (
    <Radix.Root {...(open === undefined ? {} : { open })} {...(onOpenChange ? { onOpenChange } : {})}>
      {trigger && <Radix.Trigger asChild>{trigger}</Radix.Trigger>}
      {anchor && <Radix.Anchor virtualRef={anchor} />}
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
          onOpenAutoFocus={(event) => {
            const first = takeFocus && initialFocus(event.currentTarget);
            if (!takeFocus || first) event.preventDefault();
            if (first) first.focus();
          }}
          onCloseAutoFocus={(event) => {
            if (anchor) returnFocus(event);
          }}
          onInteractOutside={(event) => {
            // The button closes it by itself.
            if (event.target instanceof Node && anchor?.current?.contains(event.target)) event.preventDefault();
          }}
          className={clsx(
            "z-50 max-h-(--radix-popover-content-available-height) max-w-[calc(100vw-1rem)] pop-in overflow-y-auto rounded-lg border border-line bg-raised shadow-popover",
            className,
          )}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** What the content has marked to have the focus first. */
function initialFocus(content: EventTarget | null): HTMLElement | null {
  return content instanceof Element ? content.querySelector<HTMLElement>("[data-initial-focus]") : null;
}
