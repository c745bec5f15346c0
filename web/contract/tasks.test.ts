import { describe, expect, it } from "vitest";

import { ask, makeTask, USER_ID, word, type TaskBody } from "./errand";

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/;

describe("POST /api/tasks", () => {
  it("makes a task, with every key in the answer", async () => {
    const body = {
      title: "  Pay rent  ",
      priority: "HIGH",
      category: "Home",
      description: "To the landlord",
      dueDate: "2030-12-31",
      recurringRule: "monthly",
      recurringEndDate: "2031-06-30",
      reminderAt: "2030-12-30T18:00:00",
      tags: ["Money"],
      user_id: "bob",
      surprise: true,
    };
    const answer = await ask("/api/tasks?user_id=bob", { method: "POST", body });
    expect(answer.status, answer.text).toBe(201);
    expect(answer.body).toStrictEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
      title: "Pay rent",
      description: "To the landlord",
      priority: "high",
      category: "home",
      status: "pending",
      completed: false,
      dueDate: "2030-12-31T00:00:00Z",
      createdAt: expect.stringMatching(MOMENT) as unknown,
      updatedAt: expect.stringMatching(MOMENT) as unknown,
      userId: USER_ID,
      recurringRule: "monthly",
      recurringEndDate: "2031-06-30T00:00:00Z",
      parentTaskId: null,
      reminderAt: "2030-12-30T18:00:00Z",
      reminderSent: false,
      tags: ["money"],
    });
    expect(answer.headers.get("etag")).toMatch(/^".+"$/);
    expect(answer.headers.get("cache-control")).toContain("no-store");
    expect(answer.headers.get("x-correlation-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("has nulls for what there is not, takes snake_case and empty dates", async () => {
    const task = await makeTask({
      title: "x",
      due_date: "2030-12-31T10:00+02:00",
      recurringEndDate: "",
      reminder_at: "",
    });
    expect(task).toMatchObject({
      description: null,
      dueDate: "2030-12-31T08:00:00Z",
      recurringRule: null,
      recurringEndDate: null,
      parentTaskId: null,
      reminderAt: null,
      tags: [],
    });
  });

  it.each([
    [{}, ["title", "priority", "category"]],
    [{ title: "x", category: "work" }, ["priority"]],
  ])("without what it needs is 422 and says what is missing: %j", async (body, missing) => {
    const { status, body: answer } = await ask("/api/tasks", { method: "POST", body });
    expect(status).toBe(422);
    expect(answer).toEqual({
      detail: missing.map((name) => ({ type: "missing", loc: ["body", name], msg: "Field required", input: body })),
    });
  });

  it.each<[Record<string, unknown>, (string | number)[]]>([
    [{ title: "" }, ["body", "title"]],
    [{ title: "x".repeat(256) }, ["body", "title"]],
    [{ priority: "urgent" }, ["body", "priority"]],
    [{ category: "garden" }, ["body", "category"]],
    [{ dueDate: "tomorrow" }, ["body", "dueDate"]],
    [{ due_date: "3000-01-01" }, ["body", "due_date"]],
    [{ recurringRule: "hourly", dueDate: "2030-12-31" }, ["body", "recurringRule"]],
    [{ recurringRule: "daily" }, ["body", "recurringRule"]],
    [{ tags: ["a", "x".repeat(51)] }, ["body", "tags", 1]],
    [{ description: 5 }, ["body", "description"]],
  ])("that cannot be taken is 422 and says where: %j", async (fields, loc) => {
    const body = { title: "x", priority: "low", category: "work", ...fields };
    const answer = await ask("/api/tasks", { method: "POST", body });
    expect(answer.status, answer.text).toBe(422);
    const [problem] = (answer.body as { detail: Record<string, unknown>[] }).detail;
    expect(Object.keys(problem ?? {}).sort()).toEqual(["input", "loc", "msg", "type"]);
    expect(problem?.loc).toEqual(loc);
  });

  it("that is no JSON, no object or too large is refused", async () => {
    const post = (body: string) => ask("/api/tasks", { method: "POST", body });
    expect(await post("{nonsense")).toMatchObject({ status: 422, body: { detail: [{ type: "json_invalid" }] } });
    expect(await post("[]")).toMatchObject({ status: 422, body: { detail: [{ loc: ["body"] }] } });
    expect(await post(`"${"x".repeat(1024 * 1024)}"`)).toMatchObject({ status: 413 });
  });

  it("with an Idempotency-Key makes one task, however often it comes", async () => {
    const headers = { "idempotency-key": crypto.randomUUID() };
    const body = { title: "once", priority: "low", category: "work" };
    const send = (changed = {}) => ask("/api/tasks", { method: "POST", headers, body: { ...body, ...changed } });
    const [first, second, other] = [await send(), await send(), await send({ title: "twice" })];
    expect([first.status, second.status, other.status]).toEqual([201, 201, 422]);
    expect((second.body as TaskBody).id).toBe((first.body as TaskBody).id);
    const nonsense = await ask("/api/tasks", { method: "POST", headers: { "idempotency-key": "x" }, body });
    expect(nonsense).toMatchObject({ status: 422, body: { detail: [{ loc: ["header", "Idempotency-Key"] }] } });
  });
});

describe("/api/tasks/{id}", () => {
  it("reads, changes in part by PUT and by PATCH, and deletes", async () => {
    const task = await makeTask({ title: "x", description: "d", tags: ["a"], dueDate: "2030-12-31" });
    const path = `/api/tasks/${task.id}`;
    expect((await ask(path)).body).toEqual(task);
    const put = await ask(path, {
      method: "PUT",
      body: { title: "y", id: "no", status: "completed", completed: true },
    });
    expect(put.body).toEqual({ ...task, title: "y", updatedAt: expect.stringMatching(MOMENT) as unknown });
    const patch = await ask(path, { method: "PATCH", body: { description: null, due_date: null, tags: null } });
    expect(patch.body).toMatchObject({ title: "y", description: null, dueDate: null, tags: [] });
    expect((await ask(path, { method: "PUT", body: {} })).body).toEqual(patch.body);
    const deleted = await ask(path, { method: "DELETE" });
    expect([deleted.status, deleted.text]).toEqual([204, ""]);
    for (const method of ["GET", "DELETE"]) {
      expect(await ask(path, { method })).toMatchObject({ status: 404, body: { detail: "Task not found" } });
    }
    expect(await ask(path, { method: "PUT", body: { title: "z" } })).toMatchObject({ status: 404 });
    expect(await ask(`${path}/complete`, { method: "PATCH" })).toMatchObject({ status: 404 });
  });

  it("keeps the reminder where its time is sent back as it was", async () => {
    const task = await makeTask({ title: "x", reminderAt: "2030-12-30T18:00:00Z" });
    const path = `/api/tasks/${task.id}`;
    const before = await ask(path);
    const same = await ask(path, { method: "PUT", body: task });
    expect(same.headers.get("etag")).toBe(before.headers.get("etag"));
    const moved = await ask(path, { method: "PUT", body: { reminderAt: "2030-12-30T19:00:00Z", title: "y" } });
    expect(moved.body).toMatchObject({ title: "y", reminderAt: "2030-12-30T19:00:00Z", reminderSent: false });
    expect((await ask(path, { method: "PUT", body: { reminderAt: null } })).body).toMatchObject({ reminderAt: null });
  });

  it.each(["title", "priority", "category"])("cannot do without %s", async (name) => {
    const { id } = await makeTask({ title: "x" });
    const answer = await ask(`/api/tasks/${id}`, { method: "PUT", body: { [name]: null } });
    expect(answer).toMatchObject({ status: 422, body: { detail: [{ loc: ["body", name], input: null }] } });
  });

  it("that nobody has is 404, and one that is no id 422", async () => {
    const nobody = `/api/tasks/${crypto.randomUUID()}`;
    for (const method of ["GET", "DELETE"]) {
      expect(await ask(nobody, { method })).toMatchObject({ status: 404, body: { detail: "Task not found" } });
    }
    const none = await ask("/api/tasks/seven");
    expect(none).toMatchObject({ status: 422, body: { detail: [{ loc: ["path", "task_id"], input: "seven" }] } });
  });

  it("changes only the state that If-Match names", async () => {
    const { id } = await makeTask({ title: "x" });
    const path = `/api/tasks/${id}`;
    const seen = (await ask(path)).headers.get("etag") ?? "";
    const put = (etag: string, body: object) => ask(path, { method: "PUT", headers: { "if-match": etag }, body });
    expect((await put(seen, { title: "y" })).status).toBe(200);
    expect((await put(seen, { title: "z" })).status).toBe(412);
    expect((await put(seen, { dueDate: "2030-12-31" })).status).toBe(412);
    expect((await put(seen, {})).status).toBe(412);
    expect((await put('"nonsense"', { title: "z" })).status).toBe(412);
    expect((await put("*", { title: "z" })).status).toBe(200);
    const complete = await ask(`${path}/complete`, { method: "PATCH", headers: { "if-match": seen } });
    expect(complete.status).toBe(412);
    expect((await ask(path, { method: "DELETE", headers: { "if-match": seen } })).status).toBe(412);
  });
});

describe("PATCH /api/tasks/{id}/complete", () => {
  it("toggles", async () => {
    const { id } = await makeTask({ title: "x" });
    const toggle = async () => (await ask(`/api/tasks/${id}/complete`, { method: "PATCH" })).body;
    expect(await toggle()).toMatchObject({ status: "completed", completed: true });
    expect(await toggle()).toMatchObject({ status: "pending", completed: false });
  });

  it("does not toggle back when it comes again with its Idempotency-Key", async () => {
    const { id } = await makeTask({ title: word() });
    const toggle = async (key: string) => {
      const answer = await ask(`/api/tasks/${id}/complete`, { method: "PATCH", headers: { "idempotency-key": key } });
      expect(answer.status, answer.text).toBe(200);
      return (answer.body as TaskBody).completed;
    };
    const [done, undone] = [crypto.randomUUID(), crypto.randomUUID()];
    expect([await toggle(done), await toggle(done)]).toEqual([true, true]);
    expect([await toggle(undone), await toggle(undone)]).toEqual([false, false]);
  });
});
