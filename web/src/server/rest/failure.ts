import { Code, ConnectError } from "@connectrpc/connect";

import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "@/gen/google/rpc/error_details_pb";
import type { Problem } from "@/server/rest/problem";

/** How a failed call is told over HTTP. */
export interface Failure {
  readonly status: number;
  readonly body: { readonly detail: string | readonly Problem[]; readonly error?: string };
  readonly headers: Readonly<Record<string, string>>;
}

/** What a failed call was about, where the service's error alone does not say it. */
export interface FailureContext {
  /** What the path names: `Task`. */
  readonly entity: string;
  /** Whether the client named the state that it had seen. */
  readonly conditional: boolean;
  /** Where a field of the service's request stands in the client's, and what stands there. */
  readonly locate: (field: string) => Pick<Problem, "loc" | "input">;
}

/** What someone is told who says nothing of who they are. */
export const AUTHENTICATION_REQUIRED = "Authentication required";

/** Turns the error of a service into the answer that clients of the REST API know. */
export function failureOf(error: ConnectError, context: FailureContext): Failure {
  const reason = error.findDetails(ErrorInfoSchema)[0]?.reason;
  if (reason === "TASK_DELETED" || error.code === Code.NotFound) return told(404, `${context.entity} not found`);
  if (error.code === Code.Unauthenticated) return unauthenticated(reason);
  if (error.code === Code.InvalidArgument) return invalid(error, context);
  if (error.code === Code.Aborted)
    return told(reason === "ETAG_MISMATCH" && context.conditional ? 412 : 409, error.rawMessage);
  const status = STATUSES[error.code] ?? 500;
  if (status === 500) return told(500, "Internal Server Error");
  return told(status, error.rawMessage, retryAfter(error));
}

/** Nobody, or a bearer that the services do not know. */
export function unauthenticated(reason?: string): Failure {
  const detail = reason === "TOKEN_EXPIRED" ? "Token has expired" : "Invalid token";
  return { status: 401, body: { error: AUTHENTICATION_REQUIRED, detail }, headers: { "www-authenticate": "Bearer" } };
}

const STATUSES: Partial<Record<Code, number>> = {
  [Code.PermissionDenied]: 403,
  [Code.AlreadyExists]: 409,
  [Code.FailedPrecondition]: 409,
  [Code.ResourceExhausted]: 429,
  [Code.Canceled]: 499,
  [Code.Unimplemented]: 501,
  [Code.Unavailable]: 503,
  [Code.DeadlineExceeded]: 504,
};

/** An etag that no state of the task can have is one that does not match. */
function invalid(error: ConnectError, context: FailureContext): Failure {
  const violations = error.findDetails(BadRequestSchema).flatMap(({ fieldViolations }) => fieldViolations);
  const isEtag = (field: string) => field === "etag" || field === "task.etag";
  if (context.conditional && violations.length > 0 && violations.every(({ field }) => isEtag(field))) {
    return told(412, "If-Match is not an etag of this API");
  }
  const problems = violations.map(({ field, description }): Problem => {
    const { loc, input } = context.locate(field);
    const name = loc.findLast((part) => typeof part === "string") ?? field;
    return { type: "value_error", loc, msg: `${name} ${description}`, input };
  });
  const unnamed: Problem = { type: "value_error", loc: [], msg: error.rawMessage, input: null };
  return { status: 422, body: { detail: problems.length > 0 ? problems : [unnamed] }, headers: {} };
}

function retryAfter(error: ConnectError): Record<string, string> {
  const delay = error.findDetails(RetryInfoSchema)[0]?.retryDelay;
  if (delay === undefined) return {};
  const seconds = Number(delay.seconds) + (delay.nanos > 0 ? 1 : 0);
  return { "retry-after": String(Math.max(1, seconds)) };
}

function told(status: number, detail: string, headers: Record<string, string> = {}): Failure {
  return { status, body: { detail }, headers };
}
