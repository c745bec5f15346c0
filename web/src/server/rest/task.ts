import "server-only";

import { ConnectError } from "@connectrpc/connect";

import { type Task, TaskStatus } from "@/gen/errand/v1/task_pb";
import { ErrorInfoSchema } from "@/gen/google/rpc/error_details_pb";
import { readTaskFields, type TaskFields } from "@/server/rest/body";
import { Refused } from "@/server/rest/problem";
import type { RestCall } from "@/server/rest/routes";
import { dependsOnTask, patchOf } from "@/server/rest/task-message";
import { taskAnswer } from "@/server/rest/tasks";

/** Reads a task. One in the trash is not there. */
export async function getTask(call: RestCall): Promise<Response> {
  return taskAnswer(call, await present(call));
}

/** Changes what the body names. */
export async function updateTask(call: RestCall): Promise<Response> {
  const fields = readTaskFields(await call.body());
  for (let attempt = 1; ; attempt += 1) {
    try {
      return taskAnswer(call, await updated(call, fields));
    } catch (error) {
      // The client named no state, and the one that was read meanwhile is past.
      const again = call.etag === "" && attempt < ATTEMPTS && isPast(error);
      if (!again) throw error;
    }
  }
}

/** Puts a task in the trash. */
export async function deleteTask({ services, id, etag, requestId, options }: RestCall): Promise<Response> {
  await services.tasks.deleteTask({ id, etag, requestId }, options);
  return new Response(null, { status: 204, headers: { "cache-control": "no-store" } });
}

/** Completes a pending task, and reopens a completed one. */
export async function toggleTask(call: RestCall): Promise<Response> {
  const { services, id, etag, requestId, options } = call;
  const { status } = await present(call);
  const request = { id, etag, requestId };
  const { task } =
    status === TaskStatus.COMPLETED
      ? await services.tasks.reopenTask(request, options)
      : await services.tasks.completeTask(request, options);
  return taskAnswer(call, task);
}

const ATTEMPTS = 3;

async function updated(call: RestCall, fields: TaskFields): Promise<Task | undefined> {
  const before = dependsOnTask(fields) ? await present(call) : undefined;
  const patch = patchOf(fields, before);
  if (patch.paths.length === 0) return before ?? (await present(call));
  const request = {
    task: { ...patch.task, id: call.id, etag: call.etag || (before?.etag ?? "") },
    updateMask: { paths: patch.paths },
    requestId: call.requestId,
  };
  const { task } = await call.services.tasks.updateTask(request, call.options);
  return task;
}

async function present({ services, id, options }: RestCall): Promise<Task> {
  const { task } = await services.tasks.getTask({ id }, options);
  if (task === undefined || task.deletedAt !== undefined) throw new Refused(404, "Task not found");
  return task;
}

function isPast(error: unknown): boolean {
  return error instanceof ConnectError && error.findDetails(ErrorInfoSchema)[0]?.reason === "ETAG_MISMATCH";
}
