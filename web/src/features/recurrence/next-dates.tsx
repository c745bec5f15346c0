"use client";

import { useTranslations } from "next-intl";

import { describeError, useOccurrences } from "@/features/tasks/data";
import type { TaskPatch } from "@/features/tasks/data/types";
import { dueText } from "@/reader/due-text";
import { useFormat } from "@/reader/format";

/** When a task falls due next, or one that is being written would, as the server computes it. */
export function NextDates({ source }: { source: string | TaskPatch | undefined }) {
  const t = useTranslations("recurrence.editor");
  const errors = useTranslations("taskData");
  const format = useFormat();
  const { value, status, error } = useOccurrences(source, 5);
  // With the date always in full: `Friday` alone says little of the fifth one.
  const full = {
    ...format,
    day: (day: string | Date) => format.date(day, "full"),
    dayTime: (moment: Date) => format.dateTime(moment, "full"),
  };
  return (
    <section aria-live="polite" className="min-h-40 self-start rounded-lg bg-hover p-3 text-sm">
      <h3 className="mb-1 font-medium">{t("next")}</h3>
      {status === "error" && error && (
        <p className="text-danger-ink">{t("nextFailed", { reason: describeError(error, errors) })}</p>
      )}
      {status === "loading" && source !== undefined && <p className="text-ink-muted">{t("loading")}</p>}
      {value && (
        <>
          <ol className="flex flex-col gap-0.5">
            {value.occurrences.map((occurrence) => (
              <li key={occurrence.index}>{dueText(occurrence.due, full)}</li>
            ))}
          </ol>
          {value.occurrences.length === 0 && <p className="text-ink-muted">{t("nextNone")}</p>}
          {value.occurrences.length > 0 && value.ends && <p className="mt-1 text-ink-muted">{t("nextEnds")}</p>}
        </>
      )}
    </section>
  );
}
