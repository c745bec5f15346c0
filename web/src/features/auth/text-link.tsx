import Link from "next/link";
import type { ReactNode } from "react";

/** A link in a text. */
export function TextLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link
      href={href}
      className="rounded-sm font-medium text-accent-ink underline underline-offset-4 focus-ring hover:no-underline"
    >
      {children}
    </Link>
  );
}
