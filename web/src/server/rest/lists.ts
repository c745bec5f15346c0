import type { MessageInitShape } from "@bufbuild/protobuf";

import type { Task } from "@/gen/errand/v1/task_pb";
import { TaskStatus } from "@/gen/errand/v1/task_pb";
import type { TaskFilterSchema } from "@/gen/errand/v1/task_service_pb";
import { auditJson } from "@/server/rest/audit-json";
import { notificationJson } from "@/server/rest/notification-json";
import { linkHeader, walk, type Walked } from "@/server/rest/pages";
import {
  MOST_TASKS,
  readAuditQuery,
  readNotificationListQuery,
  readTaskListQuery,
  type TaskListQuery,
} from "@/server/rest/query";
import { json, type RestCall } from "@/server/rest/routes";
import { taskJson } from "@/server/rest/task-json";

/**
 * `GET /api/tasks`: all of them, up to {@link MOST_TASKS}, or the part that `limit` and `offset` name. `Link` leads to
 * the parts before and after it, `X-Total-Count` says how many match, where that is known.
 */
export async function listTasks(call: RestCall): Promise<Response> {
  const query = readTaskListQuery(call.url.searchParams);
  const { limit, offset } = query;
  const walked = await tasks(call, query, offset + limit);
  const total = await totalOf(call, query, walked);
  const link = linkHeader(call.url, { offset, limit, ended: walked.ended });
  const headers: Record<string, string> = {};
  if (link !== undefined) headers.link = link;
  if (total !== undefined) headers["x-total-count"] = String(total);
  const part = walked.items.slice(offset, offset + limit);
  return json(
    200,
    part.map((task) => taskJson(task, call.userId)),
    headers,
  );
}

/** `GET /api/notifications`, newest first. */
export async function listNotifications(call: RestCall): Promise<Response> {
  const { unreadOnly, limit } = readNotificationListQuery(call.url.searchParams);
  const { items } = await walk(limit, async (pageSize, pageToken) => {
    const request = { unreadOnly, pageSize, pageToken };
    const page = await call.services.notifications.listNotifications(request, call.options);
    return { items: page.notifications, next: page.nextPageToken };
  });
  return json(
    200,
    items.map((notification) => notificationJson(notification, call.userId)),
  );
}

/** `GET /api/audit`, newest first. */
export async function listAudit(call: RestCall): Promise<Response> {
  const { eventTypes, isOfTasks, taskId, limit, offset } = readAuditQuery(call.url.searchParams);
  const { items } = await walk(offset + limit, async (pageSize, pageToken) => {
    const request = { eventTypes: [...eventTypes], taskId, pageSize, pageToken };
    const page = await call.services.audit.listAuditLogs(request, call.options);
    return { items: page.auditLogs, next: page.nextPageToken };
  });
  const part = isOfTasks ? items.slice(offset, offset + limit) : [];
  return json(
    200,
    part.map((entry) => auditJson(entry, call.userId)),
  );
}

async function tasks({ services, options }: RestCall, query: TaskListQuery, most: number): Promise<Walked<Task>> {
  const filter = filterOf(query);
  return await walk(most, async (pageSize, pageToken) => {
    const request = { filter, orderBy: query.orderBy, pageSize, pageToken };
    const page = await services.tasks.listTasks(request, options);
    return { items: page.tasks, next: page.nextPageToken };
  });
}

function filterOf({ status, priority, category, search }: TaskListQuery): MessageInitShape<typeof TaskFilterSchema> {
  return {
    statuses: status === undefined ? [] : [status],
    priorities: priority === undefined ? [] : [priority],
    categories: category === undefined ? [] : [category],
    search,
  };
}

/** How many tasks match: counted by the service where no more than the status is asked for, else by reading them. */
async function totalOf(call: RestCall, query: TaskListQuery, walked: Walked<Task>): Promise<number | undefined> {
  if (walked.ended) return walked.items.length;
  const isByStatus = query.priority === undefined && query.category === undefined && query.search === "";
  if (!isByStatus) {
    const all = await tasks(call, query, MOST_TASKS);
    return all.ended ? all.items.length : undefined;
  }
  const stats = await call.services.tasks.getTaskStats({}, call.options);
  if (query.status === undefined) return Number(stats.total);
  return Number(query.status === TaskStatus.COMPLETED ? stats.completed : stats.pending);
}
