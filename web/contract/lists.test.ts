import { beforeAll, describe, expect, it } from "vitest";

import { ask, makeTask, until, USER_ID, word, type Answer, type TaskBody } from "./errand";

/** Only tasks of this run have it in their title. */
const mark = word();

const titles = (answer: Answer) => (answer.body as TaskBody[]).map(({ title }) => title.replace(` ${mark}`, ""));
const list = (query: string) => ask(`/api/tasks?search=${mark}&${query}`);

beforeAll(async () => {
  await makeTask({ title: `b 100% ${mark}`, priority: "low", category: "work", dueDate: "2030-03-01" });
  await makeTask({ title: `C under_score ${mark}`, priority: "high", category: "home" });
  const done = await makeTask({
    title: `a plain ${mark}`,
    priority: "medium",
    category: "work",
    dueDate: "2030-01-01",
  });
  await ask(`/api/tasks/${done.id}/complete`, { method: "PATCH" });
});

describe("GET /api/tasks", () => {
  it("is a bare array of the whole list, the latest first", async () => {
    const answer = await list("");
    expect(answer.status).toBe(200);
    expect(titles(answer)).toEqual(["a plain", "C under_score", "b 100%"]);
    expect(answer.headers.get("x-total-count")).toBe("3");
    expect(answer.headers.get("link")).toBeNull();
    const ofBob = await list("user_id=bob");
    expect(new Set((ofBob.body as TaskBody[]).map((task) => task.userId))).toEqual(new Set([USER_ID]));
  });

  it.each([
    ["sort_by=createdAt&sort_order=asc", ["b 100%", "C under_score", "a plain"]],
    ["sort_by=updatedAt", ["a plain", "C under_score", "b 100%"]],
    ["sort_by=dueDate&sort_order=asc", ["a plain", "b 100%", "C under_score"]],
    ["sort_by=dueDate&sort_order=desc", ["b 100%", "a plain", "C under_score"]],
    ["sort_by=due_date&sort_order=asc", ["a plain", "b 100%", "C under_score"]],
    ["sort_by=priority", ["C under_score", "a plain", "b 100%"]],
    ["sort_by=title&sort_order=asc", ["a plain", "b 100%", "C under_score"]],
    ["status=completed", ["a plain"]],
    ["status=pending", ["C under_score", "b 100%"]],
    ["priority=HIGH", ["C under_score"]],
    ["category=Work", ["a plain", "b 100%"]],
    ["category=work&status=pending&priority=low", ["b 100%"]],
    ["status=&priority=&category=", ["a plain", "C under_score", "b 100%"]],
  ])("sorts and filters by %s", async (query, expected) => {
    const answer = await list(query);
    expect(answer.status, answer.text).toBe(200);
    expect(titles(answer)).toEqual(expected);
  });

  it.each([
    ["PLAIN", ["a plain"]],
    ["100%25", ["b 100%"]],
    ["r_s", ["C under_score"]],
    ["1%25%25", []],
    ["a_plain", []],
  ])("searches for the text %s itself, whatever the case", async (search, expected) => {
    const answer = await ask(`/api/tasks?search=${mark}%20${search}`);
    expect(titles(answer)).toEqual(expected);
  });

  it("gives a part, and tells the rest", async () => {
    const answer = await list("limit=1&offset=1");
    expect(titles(answer)).toEqual(["C under_score"]);
    expect(answer.headers.get("x-total-count")).toBe("3");
    const links = [...(answer.headers.get("link") ?? "").matchAll(/<([^>]+)>; rel="(\w+)"/g)];
    expect(links.map(([, , relation]) => relation)).toEqual(["prev", "next"]);
    const [previous, next] = await Promise.all(links.map(([, path]) => ask(path ?? "")));
    expect(previous && titles(previous)).toEqual(["a plain"]);
    expect(next && titles(next)).toEqual(["b 100%"]);
    expect(next?.headers.get("link")).not.toContain("next");
    expect(titles(await list("offset=9"))).toEqual([]);
    const counted = await ask("/api/tasks?limit=1&status=pending");
    const { pending } = (await ask("/api/stats")).body as { pending: number };
    expect(counted.headers.get("x-total-count")).toBe(String(pending));
  });

  it.each([
    ["sort_by=id", "sort_by"],
    ["sort_order=up", "sort_order"],
    ["status=done", "status"],
    ["priority=urgent", "priority"],
    ["category=garden", "category"],
    ["limit=0", "limit"],
    ["limit=x", "limit"],
    ["offset=-1", "offset"],
    [`search=${"x".repeat(201)}`, "search"],
  ])("refuses %s", async (query, name) => {
    const answer = await ask(`/api/tasks?${query}`);
    expect(answer).toMatchObject({ status: 422, body: { detail: [{ loc: ["query", name] }] } });
  });
});

describe("GET /api/stats", () => {
  it("counts", async () => {
    const before = (await ask("/api/stats")).body as Record<string, number>;
    const { id } = await makeTask({ title: "x" });
    await ask(`/api/tasks/${id}/complete`, { method: "PATCH" });
    await makeTask({ title: "y" });
    const { total = 0, pending = 0, completed = 0 } = before;
    expect((await ask("/api/stats?user_id=bob")).body).toStrictEqual({
      total: total + 2,
      pending: pending + 1,
      completed: completed + 1,
    });
  });
});

interface NotificationBody {
  id: string;
  taskId: string;
  read: boolean;
}

describe("/api/notifications", () => {
  const read = async (query = "") => (await ask(`/api/notifications${query}`)).body as NotificationBody[];

  async function notified(): Promise<NotificationBody> {
    const title = word();
    const task = await makeTask({ title, reminderAt: new Date(Date.now() + 1000).toISOString() });
    const isOfTask = ({ taskId }: NotificationBody) => taskId === task.id;
    const [found] = (await until(read, (all) => all.some(isOfTask))).filter(isOfTask);
    if (found === undefined) throw new Error("there is no notification");
    expect(found).toStrictEqual({
      id: expect.any(String) as unknown,
      userId: USER_ID,
      message: `Reminder: ${title}`,
      taskId: task.id,
      read: false,
      createdAt: expect.stringMatching(/Z$/) as unknown,
    });
    const isSent = (answer: Answer) => (answer.body as TaskBody).reminderSent === true;
    await until(() => ask(`/api/tasks/${task.id}`), isSent);
    return found;
  }

  it("lists them, marks one and all as read, and deletes", async () => {
    const [first, second] = [await notified(), await notified()];
    const isUnread = async ({ id }: NotificationBody) => (await read("?unread_only=true")).some((one) => one.id === id);
    const one = await ask(`/api/notifications/${first.id}/read`, { method: "PATCH" });
    expect(one).toMatchObject({ status: 200, body: { ...first, read: true } });
    expect([await isUnread(first), await isUnread(second)]).toEqual([false, true]);
    expect((await read("?limit=1")).map(({ id }) => id)).toEqual([second.id]);

    const all = await ask("/api/notifications/read-all", { method: "PATCH" });
    expect(all.status).toBe(200);
    expect((all.body as { count: number }).count).toBeGreaterThanOrEqual(1);
    expect((await ask("/api/notifications/read-all", { method: "PATCH" })).body).toEqual({ count: 0 });
    expect(await isUnread(second)).toBe(false);

    const path = `/api/notifications/${first.id}`;
    expect(await ask(path, { method: "DELETE" })).toMatchObject({ status: 200, body: { success: true } });
    for (const gone of [await ask(path, { method: "DELETE" }), await ask(`${path}/read`, { method: "PATCH" })]) {
      expect(gone).toMatchObject({ status: 404, body: { detail: "Notification not found" } });
    }
  });

  it.each(["unread_only=perhaps", "limit=0", "limit=101"])("refuses %s", async (query) => {
    expect((await ask(`/api/notifications?${query}`)).status).toBe(422);
  });
});

interface Entry {
  eventType: string;
  data: (TaskBody & { before?: TaskBody; changedFields?: string[] }) | null;
}

describe("GET /api/audit", () => {
  it("tells what happened to a task, newest first", async () => {
    const task = await makeTask({ title: "x", dueDate: "2030-12-31" });
    const path = `/api/tasks/${task.id}`;
    await ask(path, { method: "PUT", body: { title: "y", dueDate: null } });
    await ask(`${path}/complete`, { method: "PATCH" });
    await ask(path, { method: "DELETE" });
    const read = async (query = "") => (await ask(`/api/audit?entity_id=${task.id}${query}`)).body as Entry[];
    const entries = await until(
      () => read(),
      ({ length }) => length === 4,
    );
    expect(entries.map(({ eventType }) => eventType)).toEqual(["deleted", "completed", "updated", "created"]);
    expect(entries[3]).toStrictEqual({
      id: expect.any(String) as unknown,
      eventType: "created",
      entityType: "task",
      entityId: task.id,
      userId: USER_ID,
      timestamp: expect.stringMatching(/Z$/) as unknown,
      data: task,
    });
    expect(entries[2]?.data).toMatchObject({ title: "y", before: { title: "x", dueDate: "2030-12-31T00:00:00Z" } });
    expect(entries[2]?.data?.changedFields?.toSorted()).toEqual(["dueDate", "title"]);
    const types = async (query: string) => (await read(query)).map(({ eventType }) => eventType);
    expect(await types("&event_type=updated")).toEqual(["updated"]);
    expect(await types("&entity_type=task&limit=2&offset=1")).toEqual(["completed", "updated"]);
    expect(await types("&entity_type=user")).toEqual([]);
  });

  it.each(["event_type=reminder", "limit=0", "limit=501", "offset=-1", "entity_id=seven"])(
    "refuses %s",
    async (query) => {
      expect(await ask(`/api/audit?${query}`)).toMatchObject({
        status: 422,
        body: { detail: [{ loc: ["query", query.split("=")[0]] }] },
      });
    },
  );
});
