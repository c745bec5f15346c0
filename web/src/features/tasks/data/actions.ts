"use client";

import { durationFromMs, timestampFromDate } from "@bufbuild/protobuf/wkt";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useMemo } from "react";

import { useToast, type Toasts } from "@/components/toast";
import { useIsOffline } from "@/features/updates";

import { reminderClient, taskClient } from "./client";
import { describeError, OfflineError, type Translate } from "./describe-error";
import { TaskMutations, type Reporter } from "./mutations";
import { conflictQueue, undoStack } from "./session";
import { TaskStore } from "./store";
import type { ConflictChoice, TaskActions, Undo } from "./types";

/** What can be done with tasks. The same object as long as language and provider stay. */
export function useTaskActions(): TaskActions {
  const client = useQueryClient();
  const isOffline = useIsOffline();
  const t: Translate = useTranslations("taskData");
  const toasts = useToast();

  return useMemo(() => {
    const mutations = new TaskMutations({
      store: TaskStore.of(client),
      client: taskClient,
      undo: undoStack,
      conflicts: conflictQueue,
      reporter: toastReporter(toasts, t),
      isOffline,
    });
    return {
      create: (draft) => mutations.create(draft),
      update: (task, patch, options) => mutations.update(task, patch, options?.scope),
      complete: (task) => mutations.change("complete", task),
      reopen: (task) => mutations.change("reopen", task),
      remove: (task) => mutations.change("delete", task),
      restore: (task) => mutations.change("restore", task),
      skip: (task) => mutations.change("skip", task),
      snooze: async (notificationId, time) => {
        try {
          if (isOffline()) throw new OfflineError("there is no connection");
          const when =
            "until" in time
              ? { case: "until" as const, value: timestampFromDate(time.until) }
              : { case: "delay" as const, value: durationFromMs(time.delayMs) };
          await reminderClient.snoozeReminder({ notificationId, when });
          return true;
        } catch (error) {
          toasts.toast({ tone: "danger", title: t("failed.snooze"), description: describeError(error, t) });
          return false;
        }
      },
      bulk: {
        complete: (tasks) => mutations.changeMany("complete", tasks),
        remove: (tasks) => mutations.changeMany("delete", tasks),
        update: (tasks, patch) => mutations.updateMany(tasks, patch),
      },
    } satisfies TaskActions;
  }, [client, isOffline, t, toasts]);
}

/** What can be undone. */
export function useUndo(): Undo {
  const t: Translate = useTranslations("taskData");
  const toasts = useToast();
  const entries = undoStack.entries.use();
  return useMemo(() => ({ entries, undo: (id) => undo(toasts, t, id) }), [entries, toasts, t]);
}

/** The conflict that waits for the person. */
export function useConflict(): ConflictChoice {
  const [conflict] = conflictQueue.conflicts.use();
  return useMemo(
    () => ({
      conflict,
      keepMine: () => conflictQueue.choose(true),
      keepTheirs: () => conflictQueue.choose(false),
    }),
    [conflict],
  );
}

let lastEdit: string | undefined;

function toastReporter(toasts: Toasts, t: Translate): Reporter {
  return {
    done({ kind, count, title }, entry) {
      // Who fills in a form makes one edit after the other: only the last of them is told of.
      if (kind === "edit" && lastEdit !== undefined) toasts.dismiss(lastEdit);
      const shown = toasts.toast({
        tone: "success",
        title: t(`done.${kind}`, { count, title }),
        ...(entry && {
          id: entry.id,
          action: { label: t("undo"), onAction: () => void undo(toasts, t, entry.id) },
        }),
      });
      if (kind === "edit") lastEdit = shown;
    },
    failed({ kind, count, title }, error) {
      toasts.toast({
        tone: "danger",
        title: t(`failed.${kind}`, { count, title }),
        description: describeError(error, t),
      });
    },
  };
}

async function undo(toasts: Toasts, t: Translate, id?: string): Promise<void> {
  const result = await undoStack.undo(id);
  if (!result) return;
  const { count, title } = result.entry;
  // What said that it was done is no longer true.
  toasts.dismiss(result.entry.id);
  if (result.done) toasts.toast({ tone: "neutral", title: t("undone", { count, title }) });
  else toasts.toast({ tone: "danger", title: t("undoFailed", { count, title }) });
}
