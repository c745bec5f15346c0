import type { ReactNode } from "react";

/** A field of a task: its name with a sign, and its control. */
export function DetailRow({ icon, label, children }: { icon: ReactNode; label: string; children: ReactNode }) {
  return (
    <div className="grid gap-x-3 gap-y-1 py-1.5 sm:grid-cols-[8rem_minmax(0,1fr)]">
      <span className="flex min-h-9 items-center gap-2 text-sm text-ink-muted max-sm:min-h-6 [&_svg]:size-4 [&_svg]:shrink-0">
        <span aria-hidden="true">{icon}</span>
        {label}
      </span>
      <div className="flex min-h-9 min-w-0 flex-wrap items-center gap-2">{children}</div>
    </div>
  );
}
