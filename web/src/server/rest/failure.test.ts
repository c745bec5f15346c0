import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";

import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "@/gen/google/rpc/error_details_pb";
import { failureOf, type FailureContext } from "@/server/rest/failure";

const context: FailureContext = {
  entity: "Task",
  conditional: false,
  locate: (field) => ({ loc: ["body", field], input: "given" }),
};

function thrown(code: Code, reason: string, extra: ConstructorParameters<typeof ConnectError>[3] = []) {
  const info = { desc: ErrorInfoSchema, value: { reason, domain: "errand.v1" } };
  const error = new ConnectError("what happened", code, undefined, [info, ...extra]);
  return error;
}

const answer = (error: ConnectError, changed: Partial<FailureContext> = {}) => {
  const { status, body, headers } = failureOf(error, { ...context, ...changed });
  return { status, body, headers };
};

describe("an error of a service", () => {
  it.each([
    [Code.NotFound, "NOT_FOUND", 404, "Task not found"],
    [Code.PermissionDenied, "FORBIDDEN", 403, "what happened"],
    [Code.Aborted, "ETAG_MISMATCH", 409, "what happened"],
    [Code.Aborted, "CONFLICT", 409, "what happened"],
    [Code.FailedPrecondition, "TASK_COMPLETED", 409, "what happened"],
    [Code.FailedPrecondition, "TASK_PENDING", 409, "what happened"],
    [Code.FailedPrecondition, "NOT_RECURRING", 409, "what happened"],
    [Code.FailedPrecondition, "SERIES_ENDED", 409, "what happened"],
    [Code.FailedPrecondition, "REMINDER_GONE", 409, "what happened"],
    [Code.FailedPrecondition, "ACCOUNT_DELETED", 409, "what happened"],
    [Code.AlreadyExists, "TASK_NOT_DELETED", 409, "what happened"],
    [Code.ResourceExhausted, "RATE_LIMITED", 429, "what happened"],
    [Code.Unavailable, "UNAVAILABLE", 503, "what happened"],
    [Code.DeadlineExceeded, "DEADLINE_EXCEEDED", 504, "what happened"],
    [Code.Unimplemented, "UNIMPLEMENTED", 501, "what happened"],
    [Code.Canceled, "", 499, "what happened"],
    [Code.Internal, "INTERNAL", 500, "Internal Server Error"],
    [Code.Unknown, "", 500, "Internal Server Error"],
    [Code.DataLoss, "", 500, "Internal Server Error"],
  ])("of code %i and reason %s is %i %s", (code, reason, status, detail) => {
    expect(answer(thrown(code, reason))).toEqual({ status, body: { detail }, headers: {} });
  });

  it("about a task in the trash says that there is none", () => {
    const failure = answer(thrown(Code.FailedPrecondition, "TASK_DELETED"));
    expect(failure).toEqual({ status: 404, body: { detail: "Task not found" }, headers: {} });
  });

  it("says what the path names", () => {
    const failure = answer(thrown(Code.NotFound, "NOT_FOUND"), { entity: "Notification" });
    expect(failure.body.detail).toBe("Notification not found");
  });

  it("about a token asks for one", () => {
    const failure = answer(thrown(Code.Unauthenticated, "UNAUTHENTICATED"));
    expect(failure).toEqual({
      status: 401,
      body: { error: "Authentication required", detail: "Invalid token" },
      headers: { "www-authenticate": "Bearer" },
    });
    expect(answer(thrown(Code.Unauthenticated, "TOKEN_EXPIRED")).body.detail).toBe("Token has expired");
  });

  it("about the state that was seen is 412 where the client named one", () => {
    expect(answer(thrown(Code.Aborted, "ETAG_MISMATCH"), { conditional: true }).status).toBe(412);
    expect(answer(thrown(Code.Aborted, "CONFLICT"), { conditional: true }).status).toBe(409);
    const malformed = {
      desc: BadRequestSchema,
      value: { fieldViolations: [{ field: "task.etag", description: "x" }] },
    };
    const error = thrown(Code.InvalidArgument, "INVALID_FIELD", [malformed]);
    expect(answer(error, { conditional: true }).status).toBe(412);
  });

  it("about fields names each", () => {
    const fieldViolations = [
      { field: "title", description: "must have 1 to 255 characters" },
      { field: "tags", description: "must have at most 10 entries" },
    ];
    const error = thrown(Code.InvalidArgument, "INVALID_FIELD", [
      { desc: BadRequestSchema, value: { fieldViolations } },
    ]);
    expect(answer(error)).toEqual({
      status: 422,
      body: {
        detail: [
          { type: "value_error", loc: ["body", "title"], msg: "title must have 1 to 255 characters", input: "given" },
          { type: "value_error", loc: ["body", "tags"], msg: "tags must have at most 10 entries", input: "given" },
        ],
      },
      headers: {},
    });
  });

  it("about an argument that it does not name tells what it says", () => {
    const failure = answer(thrown(Code.InvalidArgument, "REQUEST_ID_REUSED"));
    expect(failure.status).toBe(422);
    expect(failure.body.detail).toEqual([{ type: "value_error", loc: [], msg: "what happened", input: null }]);
  });

  it("tells when to come back, in whole seconds", () => {
    const wait = (seconds: number, nanos: number) => ({
      desc: RetryInfoSchema,
      value: { retryDelay: { seconds: BigInt(seconds), nanos } },
    });
    const headers = (seconds: number, nanos: number) =>
      answer(thrown(Code.Unavailable, "UNAVAILABLE", [wait(seconds, nanos)])).headers;
    expect(headers(1, 0)).toEqual({ "retry-after": "1" });
    expect(headers(1, 5)).toEqual({ "retry-after": "2" });
    expect(headers(0, 0)).toEqual({ "retry-after": "1" });
  });
});
