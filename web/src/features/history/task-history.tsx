"use client";

import { timestampDate } from "@bufbuild/protobuf/wkt";
import { useTranslations } from "next-intl";

import { Button } from "@/components/button";
import { ErrorState } from "@/components/error-state";
import { Skeleton } from "@/components/skeleton";
import { describeError, useTaskHistory } from "@/features/tasks/data";
import type { AuditLog } from "@/gen/errand/v1/audit_service_pb";
import { useFormat } from "@/reader/format";

import { useFieldWords } from "./field-words";
import { happened, toldChanges, who } from "./history-entry";

/** What happened to a task: who did what and when, with the old and the new value. */
export function TaskHistory({ taskId }: { taskId: string }) {
  const t = useTranslations("tasks.history");
  const errors = useTranslations("taskData");
  const history = useTaskHistory(taskId);
  if (history.status === "loading") {
    return (
      <div role="status" className="flex flex-col gap-2 p-2">
        <span className="sr-only">{t("loading")}</span>
        <Skeleton className="h-4 w-2/3" />
        <Skeleton className="h-4 w-1/2" />
      </div>
    );
  }
  if (history.status === "error") {
    return (
      <ErrorState
        title={t("failed")}
        description={history.error && describeError(history.error, errors)}
        onRetry={history.refetch}
      />
    );
  }
  return (
    <div className="pt-1">
      {history.entries.length === 0 && <p className="px-2.5 py-2 text-sm text-ink-muted">{t("empty")}</p>}
      <ol aria-label={t("label")} className="flex flex-col">
        {history.entries.map((entry) => (
          <HistoryEntry key={entry.id} entry={entry} />
        ))}
      </ol>
      {history.hasNext && (
        <Button size="sm" variant="ghost" busy={history.isFetchingNext} onClick={history.fetchNext}>
          {t("more")}
        </Button>
      )}
    </div>
  );
}

function HistoryEntry({ entry }: { entry: AuditLog }) {
  const t = useTranslations("tasks.history");
  const format = useFormat();
  const words = useFieldWords();
  const at = entry.occurredAt && timestampDate(entry.occurredAt);
  const { before, after } = entry;
  return (
    <li className="relative ms-2.5 border-s border-line py-2 ps-4 text-sm before:absolute before:-start-1 before:top-3.5 before:size-2 before:rounded-full before:bg-line-strong">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span>{t(`happened.${happened(entry)}`, { who: t(`who.${who(entry)}`) })}</span>
        {at && (
          <time dateTime={at.toISOString()} className="text-xs text-ink-muted">
            {format.dateTime(at)}
          </time>
        )}
      </p>
      {before && after && (
        <dl className="mt-1 flex flex-col gap-1 text-xs">
          {toldChanges(entry).map((field) => (
            <div key={field} className="flex flex-wrap gap-x-2">
              <dt className="text-ink-muted">{words.name(field)}</dt>
              <dd className="min-w-0 break-words">
                <del className="text-ink-muted">
                  <span className="sr-only">{t("before")} </span>
                  {words.value(before, field)}
                </del>
                <span aria-hidden="true" className="mx-1.5 inline-block rtl:-scale-x-100">
                  →
                </span>
                <ins className="no-underline">
                  <span className="sr-only">{t("after")} </span>
                  {words.value(after, field)}
                </ins>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  );
}
