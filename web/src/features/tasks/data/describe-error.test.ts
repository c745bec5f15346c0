import { Code, ConnectError } from "@connectrpc/connect";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { expect, test } from "vitest";

import messages from "@messages/en/taskData.json";

import { describeError, isTransient, OfflineError, reasonOf } from "./describe-error";
import { serviceError } from "./task-server";

/** Looks a key up, and shows what it is given. */
const t = (key: string, values: Record<string, string | number> = {}) => {
  const text = key.split(".").reduce<unknown>((level, part) => (level as Record<string, unknown>)[part], messages);
  if (typeof text !== "string") throw new Error(`there is no text for ${key}`);
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
};

test("every code has words", () => {
  for (const code of Object.values(Code).filter((value) => typeof value === "number")) {
    expect(describeError(new ConnectError("", code), t)).not.toBe("");
  }
});

test.each(["TASK_COMPLETED", "TASK_PENDING", "TASK_DELETED", "NOT_RECURRING", "SERIES_ENDED", "REMINDER_GONE"])(
  "%s has words of its own",
  (reason) => {
    const error = serviceError(Code.FailedPrecondition, reason);
    expect(reasonOf(error)).toBe(reason);
    expect(describeError(error, t)).not.toBe(messages.errors.conflict);
  },
);

test("a wrong field is named", () => {
  const violation = new BinaryWriter()
    .tag(1, WireType.LengthDelimited)
    .string("due.date")
    .tag(2, WireType.LengthDelimited)
    .string("out of range")
    .finish();
  const error = new ConnectError("", Code.InvalidArgument);
  error.details = [
    {
      type: "google.rpc.BadRequest",
      value: new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(violation).finish(),
    },
  ];
  expect(describeError(error, t)).toBe("The server did not accept this value of “Due date”.");
});

test("without a connection the person is told that nothing was changed", () => {
  expect(describeError(new OfflineError(""), t)).toBe(messages.errors.offline);
});

test("what never reached the server can be sent again", () => {
  expect(isTransient(new TypeError("Failed to fetch"))).toBe(true);
  expect(isTransient(new ConnectError("", Code.Internal, undefined, undefined, new TypeError("Failed to fetch")))).toBe(
    true,
  );
  expect(isTransient(new ConnectError("", Code.Unavailable))).toBe(true);
  expect(isTransient(new ConnectError("", Code.Internal))).toBe(false);
  expect(describeError(new TypeError("Failed to fetch"), t)).toBe(messages.errors.unavailable);
});
