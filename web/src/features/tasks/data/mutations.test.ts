import { Code, ConnectError } from "@connectrpc/connect";
import { beforeEach, describe, expect, test, vi } from "vitest";

import { Priority, TaskStatus } from "@/gen/errand/v1/task_pb";

import { OfflineError } from "./describe-error";
import { serviceError, TaskServer } from "./task-server";

let server: TaskServer;
const unavailable = () => new ConnectError("away", Code.Unavailable);
const shown = (id: string) => server.store.ledger.shown(id);
const methods = () => server.requests.map(({ method }) => method);

beforeEach(() => {
  server = new TaskServer();
});

describe("a change", () => {
  test("shows before the server has answered", async () => {
    const a = server.add({ id: "a" });
    let open: () => void = () => undefined;
    server.gate = new Promise((resolve) => (open = resolve));
    const done = server.mutations.change("complete", a);
    expect(shown("a")?.status).toBe(TaskStatus.COMPLETED);
    expect(shown("a")?.version).toBe(1n);
    open();
    expect((await done)?.version).toBe(2n);
    expect(shown("a")?.version).toBe(2n);
  });

  test("goes back with a message when it is refused", async () => {
    const a = server.add({ id: "a" });
    server.failures = [{ when: "before", error: new ConnectError("no", Code.ResourceExhausted) }];
    expect(await server.mutations.change("delete", a)).toBeUndefined();
    expect(shown("a")?.deletedAt).toBeUndefined();
    expect(server.reporter.failed).toHaveBeenCalledTimes(1);
    expect(server.undo.entries.get()).toEqual([]);
  });

  test("is sent once more with the same request id when the server was away", async () => {
    const a = server.add({ id: "a" });
    // It was done, but the answer was lost.
    server.failures = [{ when: "after", error: unavailable() }];
    expect((await server.mutations.change("complete", a))?.version).toBe(2n);
    expect(server.requests).toHaveLength(2);
    expect(server.requests[0]?.requestId).toBe(server.requests[1]?.requestId);
  });

  test("fails when the server is away twice", async () => {
    const a = server.add({ id: "a" });
    server.failures = [
      { when: "before", error: unavailable() },
      { when: "before", error: unavailable() },
    ];
    expect(await server.mutations.change("complete", a)).toBeUndefined();
    expect(server.requests).toHaveLength(2);
    expect(shown("a")?.status).toBe(TaskStatus.PENDING);
  });

  test("fails at once without a connection, and nothing moves", async () => {
    const a = server.add({ id: "a" });
    server.isOffline = true;
    expect(await server.mutations.change("complete", a)).toBeUndefined();
    expect(await server.mutations.create({ title: "b" })).toBeUndefined();
    expect(server.requests).toEqual([]);
    expect(server.reporter.failed.mock.calls.map(([, error]) => error instanceof OfflineError)).toEqual([true, true]);
  });

  test("that someone else has made already is as good", async () => {
    const a = server.add({ id: "a" });
    server.tasks.set("a", { ...a, status: TaskStatus.COMPLETED, version: 7n });
    expect((await server.mutations.change("complete", a))?.version).toBe(7n);
    expect(server.reporter.failed).not.toHaveBeenCalled();
  });

  test("of a task that is gone takes it from the page", async () => {
    const a = server.add({ id: "a" });
    server.tasks.delete("a");
    await server.mutations.change("complete", a);
    await vi.waitFor(() => expect(shown("a")).toBeUndefined());
  });

  test("of a task that is still being made waits for it", async () => {
    let open: () => void = () => undefined;
    server.gate = new Promise((resolve) => (open = resolve));
    const created = server.mutations.create({ title: "new" });
    const draft = shown(server.store.ledger.ids()[0] ?? "");
    expect(draft?.title).toBe("new");
    if (!draft) return;
    const done = server.mutations.change("complete", draft);
    open();
    await created;
    expect((await done)?.id).toBe("made-1");
    expect(methods()).toEqual(["create", "complete"]);
    expect(server.store.ledger.ids()).toEqual(["made-1"]);
  });

  test("of the same task waits for the one before, and does not conflict with it", async () => {
    const a = server.add({ id: "a", title: "one" });
    const first = server.mutations.update(a, { title: "two" });
    const second = server.mutations.update(shown("a") ?? a, { title: "three" });
    expect(shown("a")?.title).toBe("three");
    await Promise.all([first, second]);
    expect(server.tasks.get("a")).toMatchObject({ title: "three", version: 3n });
    expect(server.conflicts.conflicts.get()).toEqual([]);
  });

  test("that changes nothing is not sent", async () => {
    const a = server.add({ id: "a", title: "one" });
    expect(await server.mutations.update(a, { title: " one " })).toBe(a);
    expect(server.requests).toEqual([]);
  });
});

describe("undo", () => {
  test.each(["complete", "delete"] as const)("takes %s back", async (kind) => {
    const a = server.add({ id: "a" });
    await server.mutations.change(kind, a);
    expect(server.undo.entries.get()).toMatchObject([{ kind, count: 1, title: "Task" }]);
    await server.undo.undo();
    expect(shown("a")).toMatchObject({ status: TaskStatus.PENDING, version: 3n });
    expect(shown("a")?.deletedAt).toBeUndefined();
    // An undo is not undone.
    expect(server.undo.entries.get()).toEqual([]);
  });

  test("takes an edit back, and keeps what others changed since", async () => {
    const a = server.add({ id: "a", title: "one", description: "before" });
    await server.mutations.update(a, { title: "two" });
    const now = server.tasks.get("a");
    if (now) server.tasks.set("a", { ...now, description: "after", version: 3n, etag: "e3" });
    await server.undo.undo();
    expect(server.tasks.get("a")).toMatchObject({ title: "one", description: "after", version: 4n });
  });

  test("puts a task that was made in the trash", async () => {
    await server.mutations.create({ title: "new" });
    await server.undo.undo();
    expect(server.tasks.get("made-1")?.deletedAt).toBeDefined();
  });

  test("stays on the stack when it fails", async () => {
    const a = server.add({ id: "a" });
    await server.mutations.change("complete", a);
    server.isOffline = true;
    expect(await server.undo.undo()).toMatchObject({ done: false });
    expect(server.undo.entries.get()).toHaveLength(1);
    server.isOffline = false;
    expect(await server.undo.undo(server.undo.entries.get()[0]?.id)).toMatchObject({ done: true });
  });
});

describe("a conflict", () => {
  test("of different fields is none: both changes are kept", async () => {
    const a = server.add({ id: "a", title: "one" });
    server.tasks.set("a", { ...a, priority: Priority.HIGH, version: 2n, etag: "e2" });
    await server.mutations.update(a, { title: "two" });
    expect(server.tasks.get("a")).toMatchObject({ title: "two", priority: Priority.HIGH, version: 3n });
    expect(server.conflicts.conflicts.get()).toEqual([]);
  });

  test.each([
    [true, "mine", 3n],
    [false, "theirs", 2n],
  ])("of the same field asks the person: keep mine is %s", async (keepMine, title, version) => {
    const a = server.add({ id: "a", title: "one" });
    server.tasks.set("a", { ...a, title: "theirs", version: 2n, etag: "e2" });
    const done = server.mutations.update(a, { title: "mine" });
    await vi.waitFor(() => expect(server.conflicts.conflicts.get()).toHaveLength(1));
    const [conflict] = server.conflicts.conflicts.get();
    expect([conflict?.base.title, conflict?.mine.title, conflict?.theirs.title]).toEqual(["one", "mine", "theirs"]);
    expect(conflict?.fields).toEqual(["title"]);
    expect(shown("a")?.title).toBe("theirs");
    server.conflicts.choose(keepMine);
    await done;
    expect(server.tasks.get("a")).toMatchObject({ title, version });
    expect(shown("a")?.title).toBe(title);
    expect(server.undo.entries.get()).toHaveLength(keepMine ? 1 : 0);
    expect(server.reporter.failed).not.toHaveBeenCalled();
  });
});

describe("many at once", () => {
  test("all show at once, six are sent at a time, and one undo takes all back", async () => {
    const tasks = Array.from({ length: 20 }, (_, index) => server.add({ id: `t${String(index)}` }));
    let open: () => void = () => undefined;
    server.gate = new Promise((resolve) => (open = resolve));
    const done = server.mutations.changeMany("complete", tasks);
    expect(tasks.every(({ id }) => shown(id)?.status === TaskStatus.COMPLETED)).toBe(true);
    await vi.waitFor(() => expect(server.requests).toHaveLength(6));
    open();
    expect(await done).toEqual({ done: 20, failed: 0 });
    expect(server.reporter.done).toHaveBeenCalledTimes(1);
    expect(server.undo.entries.get()).toMatchObject([{ kind: "complete", count: 20 }]);
    await server.undo.undo();
    expect(tasks.every(({ id }) => shown(id)?.status === TaskStatus.PENDING)).toBe(true);
  });

  test("what fails goes back, and the rest is done", async () => {
    const tasks = ["a", "b", "c"].map((id) => server.add({ id }));
    server.failures = [{ when: "before", error: serviceError(Code.PermissionDenied, "FORBIDDEN") }];
    expect(await server.mutations.updateMany(tasks, { tags: ["x"] })).toEqual({ done: 2, failed: 1 });
    expect(tasks.map(({ id }) => shown(id)?.tags.length)).toEqual([0, 1, 1]);
    expect(server.undo.entries.get()).toMatchObject([{ kind: "edit", count: 2 }]);
    expect(server.reporter.failed.mock.calls[0]?.[0]).toMatchObject({ kind: "edit", count: 1 });
  });
});
