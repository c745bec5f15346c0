import { describe, expect, it } from "vitest";

import { Priority, TaskStatus } from "@/gen/errand/v1/task_pb";
import { readAuditQuery, readNotificationListQuery, readTaskListQuery } from "@/server/rest/query";
import { problemsOf } from "../../../test/problems";

describe("the query of a task list", () => {
  const read = (query: string) => readTaskListQuery(new URLSearchParams(query));

  it("is all tasks, the latest first", () => {
    expect(read("user_id=bob&status=&search=")).toEqual({
      status: undefined,
      priority: undefined,
      category: undefined,
      search: "",
      orderBy: "created_at desc",
      limit: 10_000,
      offset: 0,
    });
  });

  it("takes every parameter", () => {
    expect(
      read("status=Completed&priority=HIGH&category=Home&search=50%25&sort_by=title&sort_order=asc&limit=5&offset=10"),
    ).toEqual({
      status: TaskStatus.COMPLETED,
      priority: Priority.HIGH,
      category: "Home",
      search: "50%",
      orderBy: "title",
      limit: 5,
      offset: 10,
    });
  });

  it.each([
    ["createdAt", "created_at"],
    ["created_at", "created_at"],
    ["updatedAt", "updated_at"],
    ["dueDate", "due"],
    ["due_date", "due"],
    ["priority", "priority"],
    ["title", "title"],
  ])("sorts by %s", (sort, order) => {
    expect(read(`sort_by=${sort}`).orderBy).toBe(`${order} desc`);
    expect(read(`sort_by=${sort}&sort_order=ASC`).orderBy).toBe(order);
  });

  it.each([
    ["sort_by=id", "enum", "sort_by"],
    ["sort_order=up", "enum", "sort_order"],
    ["status=done", "enum", "status"],
    ["priority=urgent", "enum", "priority"],
    ["limit=x", "int_parsing", "limit"],
    ["limit=0", "greater_than_equal", "limit"],
    ["limit=10001", "less_than_equal", "limit"],
    ["offset=-1", "greater_than_equal", "offset"],
  ])("refuses %s", (query, type, name) => {
    expect(problemsOf(() => read(query))).toMatchObject([{ type, loc: ["query", name], input: query.split("=")[1] }]);
  });
});

describe("other queries", () => {
  it("of notifications", () => {
    const read = (query: string) => readNotificationListQuery(new URLSearchParams(query));
    expect(read("")).toEqual({ unreadOnly: false, limit: 50 });
    expect(read("unread_only=True&limit=100")).toEqual({ unreadOnly: true, limit: 100 });
    expect(read("unread_only=0").unreadOnly).toBe(false);
    expect(problemsOf(() => read("unread_only=perhaps&limit=101"))).toMatchObject([
      { type: "bool_parsing", loc: ["query", "unread_only"] },
      { type: "less_than_equal", loc: ["query", "limit"] },
    ]);
  });

  it("of the audit trail", () => {
    const read = (query: string) => readAuditQuery(new URLSearchParams(query));
    expect(read("")).toEqual({
      eventTypes: ["task.created", "task.updated", "task.deleted", "task.completed"],
      isOfTasks: true,
      taskId: "",
      limit: 100,
      offset: 0,
    });
    expect(read("event_type=deleted&entity_type=task&entity_id=7&limit=500&offset=3")).toEqual({
      eventTypes: ["task.deleted"],
      isOfTasks: true,
      taskId: "7",
      limit: 500,
      offset: 3,
    });
    expect(read("entity_type=user").isOfTasks).toBe(false);
    expect(problemsOf(() => read("event_type=reminder&limit=501"))).toHaveLength(2);
  });
});
