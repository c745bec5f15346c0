import "server-only";

import { randomUUID } from "node:crypto";
import {
  createClient,
  createContextKey,
  createContextValues,
  type CallOptions,
  type Client,
  type ContextValues,
  type Interceptor,
  type Transport,
} from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";

import { AccountService } from "@/gen/errand/v1/account_service_pb";
import { AuditService } from "@/gen/errand/v1/audit_service_pb";
import { NotificationService } from "@/gen/errand/v1/notification_service_pb";
import { ProfileService } from "@/gen/errand/v1/profile_service_pb";
import { TaskService } from "@/gen/errand/v1/task_service_pb";
import { config } from "@/server/config";

/** The services that the web app calls, each with the app-id by which its sidecar knows it. */
export const SERVICES = [
  { service: TaskService, appId: "backend-api" },
  { service: ProfileService, appId: "backend-api" },
  { service: AccountService, appId: "backend-api" },
  { service: NotificationService, appId: "notification-service" },
  { service: AuditService, appId: "audit-service" },
] as const;

/** How long a call may take where its caller has less patience than nothing said. */
export const DEADLINE_MS = 10_000;

/** On whose behalf a service is called, and what its log lines are found by. */
export interface CallIdentity {
  readonly token: string;
  readonly correlationId: string;
}

/** The services, as the web app calls them. */
export interface Services {
  readonly tasks: Client<typeof TaskService>;
  readonly notifications: Client<typeof NotificationService>;
  readonly audit: Client<typeof AuditService>;
  readonly account: Client<typeof AccountService>;
}

const identityKey = createContextKey<CallIdentity | undefined>(undefined, { description: "who calls" });

/** What a call needs to know of its caller. */
export function contextOf(identity: CallIdentity): ContextValues {
  return createContextValues().set(identityKey, identity);
}

/** The options of a call that answers a request: it ends with the request, or at the deadline. */
export function callOptions(identity: CallIdentity, signal: AbortSignal): CallOptions {
  return { contextValues: contextOf(identity), signal, timeoutMs: DEADLINE_MS };
}

/** The caller's patience in milliseconds, bounded by ours. */
export function deadline(asked: number | undefined): number {
  return Math.min(asked ?? DEADLINE_MS, DEADLINE_MS);
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The correlation id of a request: its own if it is a UUID, else a new one. */
export function correlationIdOf(headers: Headers): string {
  const given = headers.get("x-correlation-id");
  return given !== null && UUID.test(given) ? given.toLowerCase() : randomUUID();
}

/**
 * Sets the metadata by which a sidecar finds the service and lets the call pass, and the service its caller.
 *
 * Nothing else of the request reaches a service.
 */
export function metadata(apiToken: string | undefined): Interceptor {
  const appIds = new Map<string, string>(SERVICES.map(({ service, appId }) => [service.typeName, appId]));
  return (next) => (request) => {
    const appId = appIds.get(request.service.typeName);
    const identity = request.contextValues.get(identityKey);
    if (appId === undefined) throw new Error(`${request.service.typeName} has no app-id`);
    if (identity === undefined) throw new Error("a call needs to say on whose behalf it is");
    request.header.set("dapr-app-id", appId);
    if (apiToken !== undefined) request.header.set("dapr-api-token", apiToken);
    request.header.set("authorization", `Bearer ${identity.token}`);
    request.header.set("x-correlation-id", identity.correlationId);
    return next(request);
  };
}

/** Calls through a sidecar, over one HTTP/2 session. */
export function sidecarTransport(url: string, apiToken: string | undefined): Transport {
  // A sidecar closes what was idle for three minutes. Closed here before, no call meets a closing session. It also
  // drops a client that pings more often than every eight seconds.
  const sessionManager = new Http2SessionManager(url, {
    pingIntervalMs: 30_000,
    pingTimeoutMs: 5_000,
    idleConnectionTimeoutMs: 120_000,
  });
  return createGrpcTransport({
    baseUrl: url,
    sessionManager,
    interceptors: [metadata(apiToken)],
    acceptCompression: [],
  });
}

let transport: Transport | undefined;
let clients: Services | undefined;

/** The transport to the web app's own sidecar. */
export function sidecar(): Transport {
  const { url, apiToken } = config().sidecar;
  transport ??= sidecarTransport(url, apiToken);
  return transport;
}

/** The services, called through the web app's own sidecar. */
export function services(): Services {
  clients ??= {
    tasks: createClient(TaskService, sidecar()),
    notifications: createClient(NotificationService, sidecar()),
    audit: createClient(AuditService, sidecar()),
    account: createClient(AccountService, sidecar()),
  };
  return clients;
}
