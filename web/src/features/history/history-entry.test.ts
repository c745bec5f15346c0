import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";

import { AuditLogSchema } from "@/gen/errand/v1/audit_service_pb";
import { ActorKind } from "@/gen/errand/v1/event_pb";
import { TaskStatus } from "@/gen/errand/v1/task_pb";

import { happened, toldChanges, who } from "./history-entry";

const entry = (init: MessageInitShape<typeof AuditLogSchema>) => create(AuditLogSchema, init);

test("an edit tells the fields that a person knows", () => {
  const edit = entry({
    eventType: "task.updated",
    before: { title: "a" },
    after: { title: "b" },
    changedFields: ["title", "recurring_rule", "series_position"],
  });
  expect(happened(edit)).toBe("edited");
  expect(toldChanges(edit)).toEqual(["title", "recurringRule"]);
});

test("a reopening and a restoring are told apart from an edit", () => {
  const done = { status: TaskStatus.COMPLETED };
  const open = { status: TaskStatus.PENDING };
  expect(happened(entry({ eventType: "task.updated", before: done, after: open }))).toBe("reopened");
  const trashed = { ...open, deletedAt: timestampFromDate(new Date(0)) };
  expect(happened(entry({ eventType: "task.updated", before: trashed, after: open }))).toBe("restored");
});

test.each([
  ["task.created", "created"],
  ["task.completed", "completed"],
  ["task.deleted", "trashed"],
  ["reminder.due", "reminded"],
])("%s is %s", (eventType, expected) => {
  expect(happened(entry({ eventType }))).toBe(expected);
});

test("who it was", () => {
  expect(who(entry({ actor: { kind: ActorKind.USER, id: "u" } }))).toBe("you");
  expect(who(entry({ actor: { kind: ActorKind.SERVICE, id: "recurring-service" } }))).toBe("series");
  expect(who(entry({ actor: { kind: ActorKind.SERVICE, id: "notification-service" } }))).toBe("reminders");
});
