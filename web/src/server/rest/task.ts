import "server-only";

import { ConnectError } from "@connectrpc/connect";

import type { Task } from "@/gen/errand/v1/task_pb";
import { ErrorInfoSchema } from "@/gen/google/rpc/error_details_pb";
import { readTaskFields, type TaskFields } from "@/server/rest/body";
import { Refused } from "@/server/rest/problem";
import type { RestCall } from "@/server/rest/routes";
import { dependsOnTask, patchOf, type TaskPatch } from "@/server/rest/task-message";
import { taskAnswer } from "@/server/rest/tasks";

/** Reads a task. One in the trash is not there. */
export async function getTask(call: RestCall): Promise<Response> {
  return taskAnswer(call, await present(call));
}

/** Changes what the body names, and leaves the rest. `PUT` and `PATCH` are the same. */
export async function updateTask(call: RestCall): Promise<Response> {
  const fields = readTaskFields(await call.body());
  return taskAnswer(call, dependsOnTask(fields) ? await updateAsRead(call, fields) : await updateAtOnce(call, fields));
}

/** Puts a task in the trash. */
export async function deleteTask({ services, id, etag, requestId, options }: RestCall): Promise<Response> {
  await services.tasks.deleteTask({ id, etag, requestId }, options);
  return new Response(null, { status: 204, headers: { "cache-control": "no-store" } });
}

/** Completes a pending task, and reopens a completed one. */
export async function toggleTask(call: RestCall): Promise<Response> {
  return taskAnswer(call, await firstAllowed(call, await togglesOf(call)));
}

async function present({ services, id, options }: RestCall): Promise<Task> {
  const { task } = await services.tasks.getTask({ id }, options);
  if (task === undefined || task.deletedAt !== undefined) throw new Refused(404, "Task not found");
  return task;
}

async function updateAtOnce(call: RestCall, fields: TaskFields): Promise<Task | undefined> {
  const patch = patchOf(fields, undefined);
  if (patch.paths.length === 0) return unchanged(call, await present(call));
  return await send(call, patch, call.etag, call.requestId);
}

/**
 * Reads the task, and changes it as long as it is as it was read. Without a request id: what is sent depends on what was
 * read, so that the same request would be another one when it comes again. It says what a field is to be, not what is
 * to be done to it, so that coming again it changes nothing.
 */
async function updateAsRead(call: RestCall, fields: TaskFields): Promise<Task | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const before = await present(call);
    const patch = patchOf(fields, before);
    if (patch.paths.length === 0) return unchanged(call, before);
    try {
      return await send(call, patch, call.etag || before.etag, "");
    } catch (error) {
      // Where the client named no state, and the one that was read is past meanwhile.
      const again = call.etag === "" && attempt < ATTEMPTS && isReason(error, "ETAG_MISMATCH");
      if (!again) throw error;
    }
  }
}

const ATTEMPTS = 3;

/** Nothing to change is done already, if the task is in the state that the client has seen. */
function unchanged(call: RestCall, task: Task): Task {
  if (call.etag === "" || call.etag === task.etag) return task;
  throw new Refused(412, "the task has changed: read it again and repeat");
}

async function send(
  call: RestCall,
  { task, paths }: TaskPatch,
  etag: string,
  requestId: string,
): Promise<Task | undefined> {
  const request = { task: { ...task, id: call.id, etag }, updateMask: { paths }, requestId };
  const response = await call.services.tasks.updateTask(request, call.options);
  return response.task;
}

type Toggle = "completeTask" | "reopenTask";

/**
 * The two changes, in the order in which they are tried. A toggle that comes again must not toggle back: if it came
 * before, it put the task in its present state, so that is tried first. With the request id of then the service answers
 * as it did; else it refuses and changes nothing.
 */
async function togglesOf(call: RestCall): Promise<[Toggle, Toggle]> {
  if (call.requestId === "") return ["completeTask", "reopenTask"];
  const { completedAt } = await present(call);
  return completedAt === undefined ? ["reopenTask", "completeTask"] : ["completeTask", "reopenTask"];
}

async function firstAllowed({ services, id, etag, requestId, options }: RestCall, [first, second]: [Toggle, Toggle]) {
  const request = { id, etag, requestId };
  try {
    return (await services.tasks[first](request, options)).task;
  } catch (error) {
    if (!isReason(error, "TASK_COMPLETED") && !isReason(error, "TASK_PENDING")) throw error;
    return (await services.tasks[second](request, options)).task;
  }
}

function isReason(error: unknown, reason: string): boolean {
  return error instanceof ConnectError && error.findDetails(ErrorInfoSchema)[0]?.reason === reason;
}
