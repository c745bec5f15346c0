import { givenField } from "@/server/rest/body";
import type { Problem } from "@/server/rest/problem";

/** All that a client sent. */
export interface Given {
  readonly body: unknown;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  /** What the path names, and the id there. */
  readonly path: { readonly name: string; readonly id: string };
}

/** Where a field of the service's request stands in the client's, and what stands there. */
export function locate(field: string, given: Given): Pick<Problem, "loc" | "input"> {
  const path = /^task\.([a-z_]+)(?:\[(\d+)\])?/.exec(field);
  const name = BODY_NAMES[path?.[1] ?? ""];
  if (name !== undefined) return inBody(name, path?.[2], given.body);
  const parameter = QUERY_NAMES[field.replace(/\[\d+\]$/, "")];
  if (parameter !== undefined) return { loc: ["query", parameter], input: given.query.get(parameter) };
  const header = HEADER_NAMES[field];
  if (header !== undefined) return { loc: ["header", header], input: given.headers.get(header) };
  if (field === "id" || field === "task.id") return { loc: ["path", given.path.name], input: given.path.id };
  return { loc: [field], input: null };
}

const BODY_NAMES: Readonly<Record<string, string>> = {
  title: "title",
  description: "description",
  priority: "priority",
  category: "category",
  tags: "tags",
  due: "dueDate",
  recurring_rule: "recurringRule",
  recurrence_mode: "recurringRule",
  recurring_end_date: "recurringEndDate",
  reminders: "reminderAt",
};

const QUERY_NAMES: Readonly<Record<string, string>> = {
  "filter.statuses": "status",
  "filter.priorities": "priority",
  "filter.categories": "category",
  "filter.search": "search",
  order_by: "sort_by",
  task_id: "entity_id",
  event_types: "event_type",
};

const HEADER_NAMES: Readonly<Record<string, string>> = {
  request_id: "Idempotency-Key",
  etag: "If-Match",
  "task.etag": "If-Match",
};

/** A body has no list of reminders, so only the place of a tag means something in it. */
function inBody(name: string, index: string | undefined, body: unknown): Pick<Problem, "loc" | "input"> {
  const given = givenField(body, name) ?? { name, value: null };
  if (name !== "tags" || index === undefined) return { loc: ["body", given.name], input: given.value };
  const tags = Array.isArray(given.value) ? (given.value as unknown[]) : [];
  return { loc: ["body", given.name, Number(index)], input: tags[Number(index)] ?? null };
}
