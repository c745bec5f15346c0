import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";
import { describe, expect, it } from "vitest";

import { AuditService } from "@/gen/errand/v1/audit_service_pb";
import { NotificationService } from "@/gen/errand/v1/notification_service_pb";
import { ProfileService } from "@/gen/errand/v1/profile_service_pb";
import { TaskService } from "@/gen/errand/v1/task_service_pb";
import { UpdateService, type StreamUpdatesResponse } from "@/gen/errand/v1/update_service_pb";
import { BadRequestSchema, ErrorInfoSchema } from "@/gen/google/rpc/error_details_pb";
import { TOKEN, WEB_URL, word } from "./errand";

const headers = { authorization: `Bearer ${TOKEN}` };

describe.each([true, false])("calls of pages, in binary form: %s", (useBinaryFormat) => {
  const transport = createConnectTransport({ baseUrl: `${WEB_URL}/api/rpc`, useBinaryFormat });
  const tasks = createClient(TaskService, transport);

  it("reach every service", async () => {
    const { task } = await tasks.createTask({ task: { title: word() } }, { headers });
    expect((await tasks.getTask({ id: task?.id ?? "" }, { headers })).task).toEqual(task);
    expect((await createClient(ProfileService, transport).getProfile({}, { headers })).profile?.timeZone).toBeTruthy();
    await createClient(NotificationService, transport).listNotifications({}, { headers });
    await createClient(AuditService, transport).listAuditLogs({}, { headers });
  });

  it("bring back errors with their details", async () => {
    const error: unknown = await tasks.createTask({ task: {} }, { headers }).catch((caught: unknown) => caught);
    if (!(error instanceof ConnectError)) throw new Error("there is no error");
    expect(error.code).toBe(Code.InvalidArgument);
    expect(error.findDetails(ErrorInfoSchema)).toMatchObject([{ reason: "INVALID_FIELD", domain: "errand.v1" }]);
    expect(error.findDetails(BadRequestSchema)[0]?.fieldViolations).toMatchObject([{ field: "task.title" }]);
  });

  it("need someone who calls", async () => {
    await expect(tasks.listTasks({})).rejects.toMatchObject({ code: Code.Unauthenticated });
    const unknown = { authorization: "Bearer nonsense" };
    await expect(tasks.listTasks({}, { headers: unknown })).rejects.toMatchObject({ code: Code.Unauthenticated });
  });
});

describe("the stream of updates", () => {
  const updates = createClient(UpdateService, createGrpcWebTransport({ baseUrl: WEB_URL }));

  it("tells of a change while it goes on, and ends when it is left", async () => {
    const left = new AbortController();
    const options = { headers, signal: left.signal, timeoutMs: 0 };
    const frames = updates.streamUpdates({}, options)[Symbol.asyncIterator]();
    const next = async () => ((await frames.next()).value as StreamUpdatesResponse).frame;
    expect(await next()).toMatchObject({ case: "ready" });

    const title = word();
    const transport = createConnectTransport({ baseUrl: `${WEB_URL}/api/rpc` });
    await createClient(TaskService, transport).createTask({ task: { title } }, { headers });
    for (;;) {
      const frame = await next();
      const item = frame.case === "update" ? frame.value.item : undefined;
      if (item?.case === "task" && item.value.title === title) break;
    }
    left.abort();
    await expect(frames.next()).rejects.toMatchObject({ code: Code.Canceled });
  });

  it("needs a token: a cookie opens none", async () => {
    const frames = updates.streamUpdates({}, { headers: { cookie: "errand.session_token=x" } })[Symbol.asyncIterator]();
    await expect(frames.next()).rejects.toMatchObject({ code: Code.Unauthenticated });
  });

  it("is opened by POST of gRPC-web alone", async () => {
    const url = `${WEB_URL}/errand.v1.UpdateService/StreamUpdates`;
    expect((await fetch(url)).status).toBe(405);
    const json = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
    expect(json.status).toBe(415);
  });
});
