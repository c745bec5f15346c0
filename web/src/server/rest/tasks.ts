import "server-only";

import type { Task } from "@/gen/errand/v1/task_pb";
import { readTaskFields, REQUIRED_OF_A_NEW_TASK } from "@/server/rest/body";
import { Refused } from "@/server/rest/problem";
import { json, type RestCall } from "@/server/rest/routes";
import { taskJson } from "@/server/rest/task-json";
import { newTask } from "@/server/rest/task-message";

/** Makes a task. */
export async function createTask(call: RestCall): Promise<Response> {
  const fields = readTaskFields(await call.body(), REQUIRED_OF_A_NEW_TASK);
  const { task } = await call.services.tasks.createTask(
    { task: newTask(fields), requestId: call.requestId },
    call.options,
  );
  return taskAnswer(call, task, 201);
}

/** How many tasks there are outside the trash. */
export async function countTasks({ services, options }: RestCall): Promise<Response> {
  const { total, pending, completed } = await services.tasks.getTaskStats({}, options);
  return json(200, { total: Number(total), pending: Number(pending), completed: Number(completed) });
}

/** A task with the etag by which a later change can name this state. */
export function taskAnswer(call: RestCall, task: Task | undefined, status = 200): Response {
  if (task === undefined) throw new Refused(404, "Task not found");
  return json(status, taskJson(task, call.userId), { etag: `"${task.etag}"` });
}
