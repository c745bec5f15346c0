"use client";

import { Slot } from "radix-ui/slot";
import clsx from "clsx";
import type { ComponentProps, ReactNode } from "react";

import { buttonClasses, type ButtonSize, type ButtonVariant } from "./button-classes";
import { Spinner } from "./spinner";

export interface ButtonProps extends ComponentProps<"button"> {
  variant?: ButtonVariant;
  size?: ButtonSize;
  /** Shows that what the button started is under way; it can be focused, and does nothing. */
  busy?: boolean;
  icon?: ReactNode;
  /** Gives the looks to the only child, such as a link. */
  asChild?: boolean;
}

/** A button that does something; a link that looks like one is `asChild` around a link. */
export function Button({
  variant = "secondary",
  size = "md",
  busy = false,
  icon,
  asChild = false,
  className,
  children,
  onClick,
  type = "button",
  ...props
}: ButtonProps) {
  const looks = clsx(buttonClasses(variant, size), className);
  if (asChild) {
    return (
      <Slot className={looks} {...props}>
        {children}
      </Slot>
    );
  }
  return (
    <button
      {...props}
      type={busy ? "button" : type}
      className={looks}
      aria-busy={busy || undefined}
      aria-disabled={busy || props["aria-disabled"]}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {busy ? <Spinner /> : icon}
      {children}
    </button>
  );
}

export { buttonClasses, type ButtonSize, type ButtonVariant } from "./button-classes";
