import { Code, ConnectError, createClient, type ConnectRouter } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import { describe, expect, it } from "vitest";

import { AccountService } from "@/gen/errand/v1/account_service_pb";
import { AuditService } from "@/gen/errand/v1/audit_service_pb";
import { NotificationService } from "@/gen/errand/v1/notification_service_pb";
import { ProfileService } from "@/gen/errand/v1/profile_service_pb";
import { TaskService } from "@/gen/errand/v1/task_service_pb";
import { BadRequestSchema, ErrorInfoSchema } from "@/gen/google/rpc/error_details_pb";
import { rpcAnswerer } from "@/server/rpc";
import type { Caller } from "@/server/session";
import { sidecarTransport } from "@/server/sidecar";
import { standIn } from "../../test/sidecar";

const bearer: Caller = { via: "bearer", token: "theirs" };
const CORRELATION = "0198c5a2-7b7e-7c3a-9d0e-3f1f5a6b7c8d";

/** The pages' side of the bridge, whose other side calls a stand-in of the sidecar. */
async function bridge(routes: (router: ConnectRouter) => void, caller: Caller | null = bearer, isOwnPage = true) {
  const sidecar = await standIn(routes);
  const transport = sidecarTransport(sidecar.url, "secret of the sidecar");
  const answer = rpcAnswerer({
    identify: () => Promise.resolve(caller),
    isOwnPage: () => isOwnPage,
    sidecar: () => transport,
  });
  const responses: Response[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const response = await answer(new Request(input, init));
    responses.push(response);
    return response;
  };
  const pages = createConnectTransport({ baseUrl: "http://errand.example/api/rpc", useBinaryFormat: true, fetch });
  return { sidecar, pages, fetch, responses, [Symbol.asyncDispose]: () => sidecar[Symbol.asyncDispose]() };
}

const call = (method: string, init: RequestInit = {}) =>
  new Request(`http://errand.example/api/rpc/errand.v1.TaskService/${method}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
    ...init,
  });

describe("a call of a page", () => {
  it("reaches the service with who calls and nothing else, over one session", async () => {
    const seen: Headers[] = [];
    const routes = (router: ConnectRouter) => {
      router.service(TaskService, {
        getTask: ({ id }, { requestHeader }) => {
          seen.push(requestHeader);
          return { task: { id, title: "Pay rent" } };
        },
      });
      router.service(ProfileService, { getProfile: (_, { requestHeader }) => (seen.push(requestHeader), {}) });
      router.service(AccountService, { deleteAccount: (_, { requestHeader }) => (seen.push(requestHeader), {}) });
      router.service(AuditService, { listAuditLogs: (_, { requestHeader }) => (seen.push(requestHeader), {}) });
      router.service(NotificationService, {
        listNotifications: (_, { requestHeader }) => (seen.push(requestHeader), {}),
      });
    };
    await using over = await bridge(routes);
    const headers = { "x-correlation-id": CORRELATION, cookie: "session=x", "dapr-app-id": "elsewhere" };
    const { task } = await createClient(TaskService, over.pages).getTask({ id: "7" }, { headers });
    await createClient(ProfileService, over.pages).getProfile({});
    await createClient(AccountService, over.pages).deleteAccount({});
    await createClient(AuditService, over.pages).listAuditLogs({});
    await createClient(NotificationService, over.pages).listNotifications({});

    expect(task).toMatchObject({ id: "7", title: "Pay rent" });
    expect(seen.map((header) => header.get("dapr-app-id"))).toEqual([
      "backend-api",
      "backend-api",
      "backend-api",
      "audit-service",
      "notification-service",
    ]);
    const [first, second] = seen;
    expect(first?.get("authorization")).toBe("Bearer theirs");
    expect(first?.get("dapr-api-token")).toBe("secret of the sidecar");
    expect(first?.get("x-correlation-id")).toBe(CORRELATION);
    expect(first?.get("cookie")).toBeNull();
    expect(first?.get("grpc-timeout")).toMatch(/^(10000|9\d{3})m$/);
    expect(second?.get("x-correlation-id")).toMatch(/^[0-9a-f-]{36}$/);
    expect(over.responses[0]?.headers.get("x-correlation-id")).toBe(CORRELATION);
    expect(over.responses[0]?.headers.get("cache-control")).toBe("no-store");
    expect(over.sidecar.sessions()).toBe(1);
  });

  it("ends when its caller's patience does, if that is less than ours", async () => {
    await using over = await bridge((router) => {
      router.service(TaskService, {
        listTasks: (_, { signal }) =>
          new Promise((_, reject) => {
            signal.addEventListener("abort", () => reject(new ConnectError("given up", Code.DeadlineExceeded)));
          }),
      });
    });
    const listing = createClient(TaskService, over.pages).listTasks({}, { timeoutMs: 50 });
    await expect(listing).rejects.toMatchObject({ code: Code.DeadlineExceeded });
  });

  it("gets the service's error with its details", async () => {
    await using over = await bridge((router) => {
      router.service(TaskService, {
        createTask: () => {
          const info = { desc: ErrorInfoSchema, value: { reason: "INVALID_FIELD", domain: "errand.v1" } };
          const fieldViolations = [{ field: "task.title", description: "is required" }];
          const fields = { desc: BadRequestSchema, value: { fieldViolations } };
          throw new ConnectError("the request has invalid fields", Code.InvalidArgument, undefined, [info, fields]);
        },
      });
    });
    const error: unknown = await createClient(TaskService, over.pages)
      .createTask({})
      .catch((caught: unknown) => caught);
    if (!(error instanceof ConnectError)) throw new Error("there is no error");
    expect([error.code, error.rawMessage]).toEqual([Code.InvalidArgument, "the request has invalid fields"]);
    expect(error.findDetails(ErrorInfoSchema)).toMatchObject([{ reason: "INVALID_FIELD" }]);
    expect(error.findDetails(BadRequestSchema)[0]?.fieldViolations).toMatchObject([{ field: "task.title" }]);
  });

  it("is UNAVAILABLE where there is no sidecar", async () => {
    const over = await bridge(() => undefined);
    await over.sidecar[Symbol.asyncDispose]();
    const listing = createClient(TaskService, over.pages).listTasks({});
    await expect(listing).rejects.toMatchObject({ code: Code.Unavailable });
  });

  it("may be JSON, as curl sends it", async () => {
    await using over = await bridge((router) => {
      router.service(TaskService, { getTaskStats: () => ({ total: 3n }) });
    });
    const response = await over.fetch(call("GetTaskStats"));
    expect(await response.json()).toEqual({ total: "3" });
  });
});

describe("what is no such call", () => {
  const none = () => undefined;

  it.each<[string, Caller | null, boolean, Request, number, object]>([
    ["of nobody", null, true, call("ListTasks"), 401, { code: "unauthenticated", message: "Authentication required" }],
    [
      "of a cookie from elsewhere",
      { via: "session", token: "x" },
      false,
      call("ListTasks"),
      403,
      { code: "permission_denied" },
    ],
    ["of no method", bearer, true, call("NoSuchMethod"), 404, { code: "unimplemented" }],
    ["by GET", bearer, true, call("ListTasks", { method: "GET", body: null }), 405, { code: "unimplemented" }],
  ])("%s", async (_, caller, isOwnPage, request, status, body) => {
    await using over = await bridge(none, caller, isOwnPage);
    const response = await over.fetch(request);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject(body);
    expect(over.sidecar.sessions()).toBe(0);
  });

  it("is too large, of another kind, or nonsense", async () => {
    await using over = await bridge(none);
    const large = await over.fetch(
      call("CreateTask", { body: JSON.stringify({ task: { title: "x".repeat(1024 * 1024) } }) }),
    );
    expect(await large.json()).toMatchObject({ code: "resource_exhausted" });
    const text = await over.fetch(call("CreateTask", { headers: { "content-type": "text/plain" } }));
    expect(text.status).toBe(415);
    const nonsense = await over.fetch(call("CreateTask", { body: "{" }));
    expect(await nonsense.json()).toMatchObject({ code: "invalid_argument" });
    expect(over.sidecar.sessions()).toBe(0);
  });

  it("streams: that has a path of its own", async () => {
    await using over = await bridge(none);
    const url = "http://errand.example/api/rpc/errand.v1.UpdateService/StreamUpdates";
    expect((await over.fetch(new Request(url, { method: "POST" }))).status).toBe(404);
  });
});
