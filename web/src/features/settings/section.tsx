import type { ReactNode } from "react";

export interface SectionProps {
  id: string;
  title: string;
  description?: string;
  tone?: "plain" | "danger";
  children: ReactNode;
}

/** One subject of the settings. */
export function Section({ id, title, description, tone = "plain", children }: SectionProps) {
  return (
    <section
      aria-labelledby={`${id}-title`}
      className={`rounded-xl border bg-surface p-5 ${tone === "danger" ? "border-danger" : "border-line"}`}
    >
      <h2 id={`${id}-title`} className="text-base font-semibold">
        {title}
      </h2>
      {description && <p className="mt-0.5 max-w-prose text-sm text-ink-muted">{description}</p>}
      <div className="mt-4">{children}</div>
    </section>
  );
}
