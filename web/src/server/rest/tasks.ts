import "server-only";

import type { Task } from "@/gen/errand/v1/task_pb";
import { TaskStatus } from "@/gen/errand/v1/task_pb";
import { readTaskFields, REQUIRED_OF_A_NEW_TASK } from "@/server/rest/body";
import { linkHeader, walk } from "@/server/rest/pages";
import { Refused } from "@/server/rest/problem";
import { readTaskListQuery, type TaskListQuery } from "@/server/rest/query";
import { json, type RestCall } from "@/server/rest/routes";
import { taskJson } from "@/server/rest/task-json";
import { newTask } from "@/server/rest/task-message";

/** Tasks outside the trash: as many as were asked for, with the way to those before and after. */
export async function listTasks(call: RestCall): Promise<Response> {
  const query = readTaskListQuery(call.url.searchParams);
  const { items, ended } = await walk(query.offset + query.limit, async (pageSize, pageToken) => {
    const request = { filter: filterOf(query), orderBy: query.orderBy, pageSize, pageToken };
    const page = await call.services.tasks.listTasks(request, call.options);
    return { items: page.tasks, next: page.nextPageToken };
  });
  const total = ended ? items.length : await totalOf(call, query);
  const link = linkHeader(call.url, { ...query, ended });
  const body = items.slice(query.offset).map((task) => taskJson(task, call.userId));
  return json(200, body, {
    ...(total !== undefined && { "x-total-count": String(total) }),
    ...(link !== undefined && { link }),
  });
}

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

function filterOf({ status, priority, category, search }: TaskListQuery) {
  return {
    statuses: status === undefined ? [] : [status],
    priorities: priority === undefined ? [] : [priority],
    categories: category === undefined ? [] : [category],
    search,
  };
}

/** How many tasks the whole list has, where that is known without reading it. */
async function totalOf({ services, options }: RestCall, query: TaskListQuery): Promise<number | undefined> {
  if (query.priority !== undefined || query.category !== undefined || query.search !== "") return undefined;
  const { total, pending, completed } = await services.tasks.getTaskStats({}, options);
  if (query.status === undefined) return Number(total);
  return Number(query.status === TaskStatus.COMPLETED ? completed : pending);
}
