import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { UpdateAction, UpdateDataSchema } from "@/gen/errand/v1/event_pb";
import { TaskStatus, type Task } from "@/gen/errand/v1/task_pb";

import { dueAt, dueOn, later, NOW, query, task } from "./fixtures";
import { identityOf } from "./identity";
import { listKey, statsKey, taskKey } from "./keys";
import { completed, removed } from "./overlays";
import { tasksOf, type TaskPages } from "./pages";
import type { TaskStats } from "./stats";
import { TaskStore } from "./store";
import type { ListQuery } from "./types";

let client: QueryClient;
let store: TaskStore;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  client = new QueryClient();
  store = TaskStore.of(client);
});

afterEach(() => {
  store.forget();
  client.clear();
  vi.useRealTimers();
});

/** Caches a list as if it had been read to its end, and gives what tells its titles. */
function cache(part: Partial<ListQuery>, tasks: Task[], zone = "UTC"): () => string {
  const key = listKey(query(part), zone);
  for (const each of tasks) store.ledger.record(each);
  client.setQueryData<TaskPages>(key, { pages: [{ tasks, nextPageToken: "" }], pageParams: [{ token: "" }] });
  return () => {
    const pages = client.getQueryData<TaskPages>(key);
    return pages
      ? tasksOf(pages)
          .map(({ title }) => title)
          .join(" ")
      : "";
  };
}

const tell = (action: UpdateAction, value: Task) =>
  store.apply(create(UpdateDataSchema, { action, item: { case: "task", value } }));

const [a, b, c] = ["a", "b", "c"].map((title) => task({ id: title, title, due: dueOn("2026-12-01") })) as [
  Task,
  Task,
  Task,
];

describe("an update", () => {
  test("of a new task puts it in every list that it belongs to", () => {
    const [all, today, completedList] = [
      cache({}, [a, c]),
      cache({ view: "today" }, [a, c]),
      cache({ view: "completed" }, []),
    ];
    tell(UpdateAction.CREATED, b);
    expect([all(), today(), completedList()]).toEqual(["a b c", "a b c", ""]);
  });

  test("moves a task between lists", () => {
    const [all, done, trash] = [cache({}, [a, b]), cache({ view: "completed" }, []), cache({ view: "trash" }, [])];
    const finished = later(a, { status: TaskStatus.COMPLETED });
    tell(UpdateAction.COMPLETED, finished);
    expect([all(), done(), trash()]).toEqual(["b", "a", ""]);
    tell(UpdateAction.DELETED, later(finished, { deletedAt: timestampFromMs(NOW) }));
    expect([all(), done(), trash()]).toEqual(["b", "", "a"]);
  });

  test("that comes late changes nothing", () => {
    const all = cache({}, [later(a, { title: "new", version: 5n })]);
    tell(UpdateAction.UPDATED, later(a, { title: "old", version: 4n }));
    expect(all()).toBe("new");
  });

  test("of a task that is gone takes it from the trash", () => {
    const trashed = later(a, { deletedAt: timestampFromMs(NOW) });
    const trash = cache({ view: "trash" }, [trashed]);
    tell(UpdateAction.DELETED, task({ id: "a" }));
    expect(trash()).toBe("");
  });

  test("reaches the task that is open, and the counts", () => {
    cache({}, [a]);
    client.setQueryData(taskKey("a"), a);
    client.setQueryData<TaskStats>(statsKey("UTC"), { total: 1, pending: 1, completed: 0, overdue: 0, dueToday: 1 });
    tell(UpdateAction.COMPLETED, later(a, { status: TaskStatus.COMPLETED }));
    expect(client.getQueryData<Task>(taskKey("a"))?.version).toBe(2n);
    expect(client.getQueryData(statsKey("UTC"))).toEqual({
      total: 1,
      pending: 0,
      completed: 1,
      overdue: 0,
      dueToday: 0,
    });
  });

  test("leaves the pages of other lists as they are", () => {
    cache({ view: "completed" }, []);
    const key = listKey(query({ view: "completed" }), "UTC");
    const before = client.getQueryData(key);
    tell(UpdateAction.CREATED, b);
    expect(client.getQueryData(key)).toBe(before);
  });
});

describe("a change on its way", () => {
  test("shows at once, and goes back when it is refused", () => {
    const [all, done] = [cache({}, [a, b]), cache({ view: "completed" }, [])];
    const change = store.show((ledger) => ledger.overlay(a, completed), "a");
    expect([all(), done()]).toEqual(["b", "a"]);
    store.takeBack(change);
    expect([all(), done()]).toEqual(["a b", ""]);
  });

  test("stays over an update of something else, and goes back to that", () => {
    const all = cache({}, [a, b]);
    const change = store.show((ledger) => ledger.overlay(a, removed), "a");
    tell(UpdateAction.UPDATED, later(a, { title: "renamed" }));
    expect(all()).toBe("b");
    store.takeBack(change);
    expect(all()).toBe("b renamed");
  });

  test("does not flicker when the stream is faster than the answer", () => {
    const all = cache({}, [a, b]);
    const change = store.show((ledger) => ledger.overlay(a, completed), "a");
    const finished = later(a, { status: TaskStatus.COMPLETED });
    tell(UpdateAction.COMPLETED, finished);
    expect(all()).toBe("b");
    store.receive(finished, change);
    expect(all()).toBe("b");
  });

  test("a new task is there once, whether answer or stream comes first", () => {
    const draft = task({ id: "draft-1", title: "b", version: 0n, due: dueOn("2026-12-01") });
    const all = cache({}, [a, c]);
    const change = store.show((ledger) => ledger.draft(draft), draft.id);
    expect(all()).toBe("a b c");
    tell(UpdateAction.CREATED, b);
    expect(all()).toBe("a b c");
    store.receive(b, change);
    expect(all()).toBe("a b c");
    expect(store.ledger.shown("draft-1")).toBeUndefined();
    expect(identityOf(b.id)).toBe("draft-1");
  });
});

describe("time", () => {
  test("makes a task overdue without an event", () => {
    const soon = task({ id: "soon", title: "soon", due: dueAt("2026-12-01T09:31:00Z") });
    const [today, overdue] = [cache({ view: "today" }, [soon]), cache({ view: "overdue" }, [])];
    store.tick(Date.now(), "UTC");
    expect([today(), overdue()]).toEqual(["soon", ""]);
    vi.setSystemTime(Date.parse("2026-12-01T09:31:01Z"));
    store.tick(Date.now(), "UTC");
    expect([today(), overdue()]).toEqual(["soon", "soon"]);
  });

  test("passes midnight in the person's zone: today becomes overdue, tomorrow becomes today", () => {
    const zone = "America/New_York";
    const [yesterday, tomorrow] = [a, task({ id: "t", title: "t", due: dueOn("2026-12-02") })];
    const lists = [
      cache({ view: "overdue" }, [], zone),
      cache({ view: "today" }, [yesterday], zone),
      cache({ view: "upcoming" }, [tomorrow], zone),
    ];
    const shown = () => lists.map((list) => list());
    const reads = vi.spyOn(client, "invalidateQueries");
    vi.setSystemTime(Date.parse("2026-12-02T04:59:00Z"));
    store.tick(Date.now(), zone);
    expect(shown()).toEqual(["", "a", "t"]);
    expect(reads).not.toHaveBeenCalled();
    vi.setSystemTime(Date.parse("2026-12-02T05:00:00Z"));
    store.tick(Date.now(), zone);
    expect(shown()).toEqual(["a", "t", ""]);
    // What this page does not know is read once.
    expect(reads).toHaveBeenCalledTimes(1);
  });
});
