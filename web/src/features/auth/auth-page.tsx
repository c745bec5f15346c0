import type { ReactNode } from "react";

export interface AuthPageProps {
  title: string;
  description?: ReactNode;
  /** What happened just before, such as a password that was set. */
  notice?: string | undefined;
  children?: ReactNode;
  /** Where else to go from here. */
  footer?: ReactNode;
}

/** What the pages before sign-in have in common: one heading, and below it what there is to do. */
export function AuthPage({ title, description, notice, children, footer }: AuthPageProps) {
  return (
    <>
      <h1 className="text-xl font-semibold text-balance text-ink">{title}</h1>
      {description && <p className="mt-2 text-sm text-pretty text-ink-muted">{description}</p>}
      {notice && (
        <p role="status" className="mt-4 rounded-md bg-success-soft px-3 py-2 text-sm text-success-ink">
          {notice}
        </p>
      )}
      {children && <div className="mt-6">{children}</div>}
      {footer && <p className="mt-6 text-sm text-ink-muted">{footer}</p>}
    </>
  );
}
