import "server-only";

import { ConnectError, type CallOptions } from "@connectrpc/connect";

import { config } from "@/server/config";
import { reportFault } from "@/server/fault";
import { isChange, isOwnPage } from "@/server/origin";
import { AUTHENTICATION_REQUIRED, failureOf, type Failure } from "@/server/rest/failure";
import { readJson } from "@/server/rest/json-body";
import { locate } from "@/server/rest/locate";
import { InvalidRequest, Refused } from "@/server/rest/problem";
import { subjectOf } from "@/server/rest/subject";
import { identify } from "@/server/session";
import { callOptions, correlationIdOf, services, type Services } from "@/server/sidecar";

/** A request of someone who is known, and the services to answer it with. */
export interface RestCall {
  readonly services: Services;
  readonly options: CallOptions;
  readonly userId: string;
  readonly url: URL;
  /** The id in the path, empty where it has none. */
  readonly id: string;
  /** The `Idempotency-Key`, empty where there is none. */
  readonly requestId: string;
  /** The etag of `If-Match`, empty where any state will do. */
  readonly etag: string;
  /** Reads the body, once. */
  readonly body: () => Promise<unknown>;
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

type Answer = (call: RestCall) => Promise<Response>;

/** A path without an id in it has no parameters at all. */
type Parameters = { id?: string } | undefined;

type Route = (request: Request, context: { params: Promise<Parameters> }) => Promise<Response>;

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/** The handlers of a path: what its methods answer, and 405 for those that it has not. `entity` is what it is about. */
export function routes(entity: string, answers: Partial<Record<Method, Answer>>): Record<Method, Route> {
  const handler = (method: Method): Route => {
    const answer = answers[method];
    if (answer !== undefined) return (request, context) => handle(entity, answer, request, context.params);
    const allow = METHODS.filter((known) => known in answers).join(", ");
    return () => Promise.resolve(json(405, { detail: "Method Not Allowed" }, { allow }));
  };
  return {
    GET: handler("GET"),
    POST: handler("POST"),
    PUT: handler("PUT"),
    PATCH: handler("PATCH"),
    DELETE: handler("DELETE"),
  };
}

/** An answer in JSON, which nothing between here and the client may keep. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers: { "cache-control": "no-store", ...headers } });
}

async function handle(
  entity: string,
  answer: Answer,
  request: Request,
  parameters: Promise<Parameters>,
): Promise<Response> {
  const correlationId = correlationIdOf(request.headers);
  const id = (await parameters)?.id ?? "";
  const response = await answered(entity, answer, request, id, correlationId);
  response.headers.set("x-correlation-id", correlationId);
  return response;
}

async function answered(
  entity: string,
  answer: Answer,
  request: Request,
  id: string,
  correlationId: string,
): Promise<Response> {
  const url = new URL(request.url);
  const { headers } = request;
  const etag = etagOf(headers);
  let body: unknown;
  try {
    const caller = await identify(request);
    if (caller === null) return json(401, { error: AUTHENTICATION_REQUIRED }, { "www-authenticate": "Bearer" });
    if (caller.via === "session" && isChange(request.method) && !isOwnPage(request, config().url)) {
      throw new Refused(403, "A change with a cookie has to come from Errand's own page, as JSON");
    }
    return await answer({
      services: services(),
      options: callOptions({ token: caller.token, correlationId }, request.signal),
      userId: subjectOf(caller.token),
      url,
      id,
      requestId: headers.get("idempotency-key")?.trim() ?? "",
      etag,
      body: async () => (body = await readJson(request)),
    });
  } catch (error) {
    const path = { name: `${entity.toLowerCase()}_id`, id };
    const context = {
      entity,
      conditional: etag !== "",
      locate: (field: string) => locate(field, { body, query: url.searchParams, headers, path }),
    };
    const failure = error instanceof ConnectError ? failureOf(error, context) : ownFailure(error, correlationId);
    return json(failure.status, failure.body, failure.headers);
  }
}

/** `"…"` or `W/"…"`; `*` is any state. */
function etagOf(headers: Headers): string {
  const given = headers.get("if-match")?.trim() ?? "";
  return given === "*" ? "" : given.replace(/^W\//, "").replace(/^"(.*)"$/, "$1");
}

function ownFailure(error: unknown, correlationId: string): Failure {
  if (error instanceof InvalidRequest) return { status: 422, body: { detail: error.problems }, headers: {} };
  if (error instanceof Refused) return { status: error.status, body: { detail: error.detail }, headers: {} };
  reportFault(error, correlationId);
  return { status: 500, body: { detail: "Internal Server Error" }, headers: {} };
}
