import "server-only";

import { auditJson } from "@/server/rest/audit-json";
import { linkHeader, walk } from "@/server/rest/pages";
import { readAuditQuery } from "@/server/rest/query";
import { json, type RestCall } from "@/server/rest/routes";

/** What happened, newest first. */
export async function listAudit({ services, url, userId, options }: RestCall): Promise<Response> {
  const query = readAuditQuery(url.searchParams);
  if (!query.isOfTasks) return json(200, []);
  const { items, ended } = await walk(query.offset + query.limit, async (pageSize, pageToken) => {
    const request = { taskId: query.taskId, eventTypes: [...query.eventTypes], pageSize, pageToken };
    const page = await services.audit.listAuditLogs(request, options);
    return { items: page.auditLogs, next: page.nextPageToken };
  });
  const link = linkHeader(url, { ...query, ended });
  const body = items.slice(query.offset).map((entry) => auditJson(entry, userId));
  return json(200, body, link === undefined ? {} : { link });
}
