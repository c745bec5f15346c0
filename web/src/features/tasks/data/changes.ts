import { Code, ConnectError } from "@connectrpc/connect";

import { ReminderSchema, type Task } from "@/gen/errand/v1/task_pb";
import { SeriesScope as Scope } from "@/gen/errand/v1/task_service_pb";
import { create } from "@bufbuild/protobuf";

import type { Change } from "./change-queue";
import type { TaskClient } from "./client";
import { conflictOf, type ConflictQueue } from "./conflict";
import { reasonOf } from "./describe-error";
import { fieldsIn, maskOf, patched, patchInit, pick } from "./fields";
import { completed, removed, reopened, restored } from "./overlays";
import { send } from "./send";
import type { SeriesScope, TaskPatch } from "./types";

/** What changes of tasks need. */
export interface ChangeTools {
  client: TaskClient;
  conflicts: ConflictQueue;
  isOffline: () => boolean;
}

export type StateChange = "complete" | "reopen" | "delete" | "restore" | "skip";

/** A change of where a task stands. Someone else may have done the same meanwhile: that is as good. */
export function stateChange(kind: StateChange, task: Task, { client, isOffline }: ChangeTools): Change {
  const request = (base: Task, requestId: string): Promise<{ task?: Task }> => {
    const call = { id: base.id, requestId };
    switch (kind) {
      case "complete":
        return client.completeTask(call);
      case "reopen":
        return client.reopenTask(call);
      case "delete":
        return client.deleteTask(call);
      case "restore":
        return client.undeleteTask(call);
      case "skip":
        return client.skipOccurrence({ ...call, etag: base.etag });
    }
  };
  return {
    task,
    overlay: OVERLAYS[kind],
    call: async (base) => {
      try {
        return (await send((id) => request(base, id), isOffline)).task;
      } catch (error) {
        const { code } = ConnectError.from(error);
        const isDone = reasonOf(error) === DONE_ALREADY[kind] || (kind === "delete" && code === Code.NotFound);
        if (!isDone) throw error;
        return (await client.getTask({ id: base.id })).task;
      }
    },
  };
}

/**
 * New values of some fields. If the task has changed meanwhile in others, both changes are kept; if in the same, the
 * person chooses.
 */
export function edit(task: Task, patch: TaskPatch, scope: SeriesScope | undefined, tools: ChangeTools): Change {
  const { client, conflicts, isOffline } = tools;
  return {
    task,
    overlay: (shown) => patched(shown, patch),
    call: async (base, shown) => {
      let known = base;
      for (let attempt = 1; ; attempt += 1) {
        try {
          const message = { ...patchInit(patch), id: known.id, etag: known.etag };
          const request = { task: message, updateMask: { paths: maskOf(patch) }, seriesScope: scopeOf(scope) };
          return (await send((requestId) => client.updateTask({ ...request, requestId }), isOffline)).task;
        } catch (error) {
          if (ConnectError.from(error).code !== Code.Aborted || attempt === ATTEMPTS) throw error;
          const { task: theirs } = await client.getTask({ id: known.id });
          if (!theirs) throw error;
          shown.learn(theirs);
          const conflict = conflictOf(known, theirs, patch);
          if (conflict) {
            shown.hide();
            if (!(await conflicts.ask(conflict))) return undefined;
            shown.showAgain();
          }
          known = theirs;
        }
      }
    },
  };
}

/** What takes an edit back. Reminders that it removed come back as new ones. */
export function reversed(before: Task, after: Task, patch: TaskPatch): TaskPatch {
  const back = pick(before, fieldsIn(patch));
  const kept = new Set(after.reminders.map((reminder) => reminder.id));
  if (!back.reminders) return back;
  const reminders = before.reminders.map(({ id, when }) =>
    create(ReminderSchema, { when, ...(kept.has(id) && { id }) }),
  );
  return { ...back, reminders };
}

function scopeOf(scope: SeriesScope | undefined): Scope {
  if (scope === undefined) return Scope.UNSPECIFIED;
  return scope === "this-occurrence" ? Scope.THIS_OCCURRENCE : Scope.THIS_AND_FOLLOWING;
}

const OVERLAYS = {
  complete: completed,
  reopen: reopened,
  delete: removed,
  restore: restored,
  // Only the server knows where the series goes on.
  skip: (task: Task) => task,
};

const DONE_ALREADY: Record<StateChange, string> = {
  complete: "TASK_COMPLETED",
  reopen: "TASK_PENDING",
  delete: "TASK_DELETED",
  restore: "TASK_NOT_DELETED",
  skip: "",
};

const ATTEMPTS = 4;
