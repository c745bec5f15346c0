import clsx from "clsx";

export type ButtonVariant = "primary" | "secondary" | "ghost" | "danger" | "link";
export type ButtonSize = "sm" | "md" | "lg";

/** The classes of a button, for what is one but is made elsewhere. */
export function buttonClasses(variant: ButtonVariant, size: ButtonSize): string {
  return clsx(
    "focus-ring inline-flex shrink-0 cursor-pointer items-center justify-center gap-2 rounded-md font-medium select-none",
    "transition-colors duration-100 disabled:cursor-not-allowed disabled:opacity-50 aria-busy:cursor-progress",
    "pointer-coarse:min-h-11 [&_svg]:size-4 [&_svg]:shrink-0",
    SIZES[size],
    VARIANTS[variant],
  );
}

const SIZES: Record<ButtonSize, string> = {
  sm: "min-h-7 px-2.5 text-xs",
  md: "min-h-9 px-3.5 text-sm",
  lg: "min-h-11 px-5 text-base",
};

const VARIANTS: Record<ButtonVariant, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong",
  secondary: "border border-line-strong bg-surface text-ink hover:bg-hover",
  ghost: "text-ink-muted hover:bg-hover hover:text-ink aria-expanded:bg-hover aria-expanded:text-ink",
  danger: "bg-danger text-on-danger hover:bg-danger-strong",
  link: "text-accent-ink underline-offset-4 hover:underline",
};
