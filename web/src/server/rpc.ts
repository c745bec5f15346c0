import { Code, ConnectError, createConnectRouter, type HandlerContext, type Transport } from "@connectrpc/connect";
import {
  type UniversalHandler,
  universalServerRequestFromFetch,
  universalServerResponseToFetch,
} from "@connectrpc/connect/protocol";
import { codeToHttpStatus, errorToJson } from "@connectrpc/connect/protocol-connect";
import type { DescMethodUnary } from "@bufbuild/protobuf";

import { ErrorInfoSchema } from "@/gen/google/rpc/error_details_pb";
import { reportFault } from "@/server/fault";
import { LARGEST_BODY } from "@/server/rest/json-body";
import type { Caller } from "@/server/session";
import { contextOf, correlationIdOf, deadline, SERVICES } from "@/server/sidecar";

/** What calls go through on their way. */
export interface RpcEnds {
  readonly identify: (request: Request) => Promise<Caller | null>;
  readonly isOwnPage: (request: Request) => boolean;
  readonly sidecar: () => Transport;
}

/** Where the calls of pages go to, before the name of the service. */
export const RPC_PATH = "/api/rpc";

/**
 * Answers `/api/rpc/errand.v1.TaskService/CreateTask` and its like by the Connect protocol: every method of the services
 * that the web app calls is passed on through the sidecar, and errors come back as the service made them.
 */
export function rpcAnswerer(ends: RpcEnds): (request: Request) => Promise<Response> {
  const handlers = handlersOf(ends.sidecar);
  return async (request) => {
    const correlationId = correlationIdOf(request.headers);
    const response = await answered(ends, handlers, request, correlationId).catch((error: unknown) => {
      reportFault(error, correlationId);
      return refused(new ConnectError("internal error", Code.Internal));
    });
    response.headers.set("cache-control", "no-store");
    response.headers.set("x-correlation-id", correlationId);
    return response;
  };
}

type Handlers = ReadonlyMap<string, UniversalHandler>;

async function answered(ends: RpcEnds, handlers: Handlers, request: Request, correlationId: string): Promise<Response> {
  const handler = handlers.get(new URL(request.url).pathname.slice(RPC_PATH.length));
  if (handler === undefined) return refused(new ConnectError("there is no such method here", Code.Unimplemented), 404);
  if (request.method !== "POST") return methodNotAllowed();
  const caller = await ends.identify(request);
  if (caller === null) return refused(unauthenticated());
  if (caller.via === "session" && !ends.isOwnPage(request)) {
    return refused(new ConnectError("a call with a cookie has to come from Errand's own page", Code.PermissionDenied));
  }
  const contextValues = contextOf({ token: caller.token, correlationId });
  const call = { ...universalServerRequestFromFetch(request, {}), contextValues };
  return universalServerResponseToFetch(await handler(call));
}

function handlersOf(sidecar: () => Transport): Handlers {
  const router = createConnectRouter({
    grpc: false,
    grpcWeb: false,
    acceptCompression: [],
    readMaxBytes: LARGEST_BODY,
  });
  for (const { service } of SERVICES) {
    for (const method of service.methods)
      router.rpc(method as DescMethodUnary, forward(method as DescMethodUnary, sidecar));
  }
  return new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
}

function forward(method: DescMethodUnary, sidecar: () => Transport) {
  return async (message: Parameters<Transport["unary"]>[4], { signal, values, timeoutMs }: HandlerContext) => {
    const answer = await sidecar().unary(method, signal, deadline(timeoutMs()), undefined, message, values);
    return answer.message;
  };
}

function unauthenticated(): ConnectError {
  const value = { reason: "UNAUTHENTICATED", domain: "errand.v1" };
  return new ConnectError("Authentication required", Code.Unauthenticated, undefined, [
    { desc: ErrorInfoSchema, value },
  ]);
}

function methodNotAllowed(): Response {
  const refusal = refused(new ConnectError("calls are made by POST", Code.Unimplemented), 405);
  refusal.headers.set("allow", "POST");
  return refusal;
}

function refused(error: ConnectError, status = codeToHttpStatus(error.code)): Response {
  return Response.json(errorToJson(error, undefined), { status });
}
