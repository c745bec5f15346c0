import "server-only";

import { Code, ConnectError, createConnectRouter } from "@connectrpc/connect";
import { createFetchHandler } from "@connectrpc/connect/protocol";
import { codeToHttpStatus, errorToJson } from "@connectrpc/connect/protocol-connect";
import type { DescMethodUnary } from "@bufbuild/protobuf";

import { ErrorInfoSchema } from "@/gen/google/rpc/error_details_pb";
import { config } from "@/server/config";
import { isOwnPage } from "@/server/origin";
import { reportFault } from "@/server/fault";
import { identify, type Caller } from "@/server/session";
import { contextOf, correlationIdOf, deadline, SERVICES, sidecar } from "@/server/sidecar";

/** The largest message that is taken, in bytes. */
const LARGEST_MESSAGE = 1024 * 1024;

/**
 * Answers `/api/rpc/errand.v1.TaskService/CreateTask` and its like by the Connect protocol: every method of the services
 * is passed on through the sidecar, and its errors come back with their details.
 */
export async function answerRpc(request: Request): Promise<Response> {
  const correlationId = correlationIdOf(request.headers);
  const response = await answered(request, correlationId).catch((error: unknown) => {
    reportFault(error, correlationId);
    return refused(new ConnectError("internal error", Code.Internal));
  });
  response.headers.set("cache-control", "no-store");
  response.headers.set("x-correlation-id", correlationId);
  return response;
}

async function answered(request: Request, correlationId: string): Promise<Response> {
  const method = methods.get(new URL(request.url).pathname.replace(/^\/api\/rpc/, ""));
  if (method === undefined) return refused(new ConnectError("there is no such method here", Code.Unimplemented), 404);
  if (request.method !== "POST") {
    const refusal = refused(new ConnectError("calls are made by POST", Code.Unimplemented), 405);
    refusal.headers.set("allow", "POST");
    return refusal;
  }
  const caller = await identify(request);
  if (caller === null) return refused(unauthenticated());
  if (caller.via === "session" && !isOwnPage(request, config().url)) {
    return refused(new ConnectError("a call with a cookie has to come from Errand's own page", Code.PermissionDenied));
  }
  return await forward(method, request, caller, correlationId);
}

const methods = new Map(
  SERVICES.flatMap(({ service }) => service.methods.map((method) => [`/${service.typeName}/${method.name}`, method])),
);

type Method = typeof methods extends Map<string, infer M> ? M : never;

/** A router for one call is cheap, and the call's own: nothing of one request can reach another. */
async function forward(method: Method, request: Request, caller: Caller, correlationId: string): Promise<Response> {
  if (method.methodKind !== "unary") return refused(new ConnectError("it streams", Code.Unimplemented), 404);
  const unary = method as DescMethodUnary;
  const context = contextOf({ token: caller.token, correlationId });
  const router = createConnectRouter({ grpc: false, grpcWeb: false, readMaxBytes: LARGEST_MESSAGE });
  router.rpc(unary, async (message, { signal, timeoutMs }) => {
    const answer = await sidecar().unary(unary, signal, deadline(timeoutMs()), undefined, message, context);
    return answer.message;
  });
  const handler = router.handlers[0];
  if (handler === undefined) throw new Error("a router has a handler for what it was given");
  return await createFetchHandler(handler)(request);
}

function unauthenticated(): ConnectError {
  const info = { reason: "UNAUTHENTICATED", domain: "errand.v1" };
  return new ConnectError("Authentication required", Code.Unauthenticated, undefined, [
    { desc: ErrorInfoSchema, value: info },
  ]);
}

function refused(error: ConnectError, status = codeToHttpStatus(error.code)): Response {
  return Response.json(errorToJson(error, undefined), { status });
}
