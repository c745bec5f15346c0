import { Code, ConnectError } from "@connectrpc/connect";

import { errorDetails } from "./error-details";

/** The page has no connection, so nothing was tried. */
export class OfflineError extends Error {
  override readonly name = "OfflineError";
}

/** Words a key of `taskData`. */
export type Translate = (key: string, values?: Record<string, string | number>) => string;

/** An error in the person's words: what went wrong and what can be done. `t` is that of the namespace `taskData`. */
export function describeError(error: unknown, t: Translate): string {
  if (error instanceof OfflineError) return t("errors.offline");
  const { code, details } = readError(error);
  const byReason = REASONS[details.reason ?? ""];
  if (byReason) return t(`errors.${byReason}`);
  const field = details.fields.map((path) => FIELDS[path.split(/[.[]/)[0] ?? ""]).find((name) => name !== undefined);
  if (code === Code.InvalidArgument && field) return t("errors.invalidField", { field: t(`fields.${field}`) });
  return t(`errors.${CODES[code] ?? "unknown"}`);
}

/** The name of ErrorReason that came with an error. */
export function reasonOf(error: unknown): string | undefined {
  return readError(error).details.reason;
}

/** Whether the same request can be sent again: its request id makes sure that it is done once. */
export function isTransient(error: unknown): boolean {
  // What never reached the server is no answer of it.
  return isUnreachable(error) || ConnectError.from(error).code === Code.Unavailable;
}

function readError(error: unknown) {
  const connectError = ConnectError.from(error);
  const code = isUnreachable(error) ? Code.Unavailable : connectError.code;
  return { code, details: errorDetails(connectError) };
}

function isUnreachable(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof ConnectError && error.cause instanceof TypeError);
}

const CODES: Partial<Record<Code, string>> = {
  [Code.InvalidArgument]: "invalid",
  [Code.NotFound]: "notFound",
  [Code.Aborted]: "conflict",
  [Code.FailedPrecondition]: "conflict",
  [Code.AlreadyExists]: "conflict",
  [Code.ResourceExhausted]: "rateLimited",
  [Code.Unavailable]: "unavailable",
  [Code.DeadlineExceeded]: "slow",
  [Code.Unauthenticated]: "signedOut",
  [Code.PermissionDenied]: "forbidden",
};

const REASONS: Record<string, string | undefined> = {
  TASK_COMPLETED: "completed",
  TASK_PENDING: "pending",
  TASK_DELETED: "deleted",
  NOT_RECURRING: "notRecurring",
  SERIES_ENDED: "seriesEnded",
  REMINDER_GONE: "reminderGone",
};

const FIELDS: Record<string, string | undefined> = {
  title: "title",
  description: "description",
  priority: "priority",
  category: "category",
  tags: "tags",
  due: "due",
  recurring_rule: "recurringRule",
  recurrence_mode: "recurrenceMode",
  recurring_end_date: "recurringEndDate",
  reminders: "reminders",
};
