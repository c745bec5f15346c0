import { create } from "@bufbuild/protobuf";
import { timestampFromMs, TimestampSchema } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";

import { Priority, type Task } from "@/gen/errand/v1/task_pb";

import { dueAt, dueOn, NOW, task } from "./fixtures";
import { comparison, defaultSort, orderBy, SORTS } from "./order";
import type { Sort } from "./types";

const sorted = (tasks: Task[], sort: Sort) => tasks.toSorted(comparison(sort)).map(({ id }) => id);

test("ties are sorted by id, in the same direction", () => {
  const tasks = ["b", "c", "a"].map((id) => task({ id }));
  for (const sort of SORTS) {
    expect(sorted(tasks, sort), sort).toEqual(sort.startsWith("-") ? ["c", "b", "a"] : ["a", "b", "c"]);
  }
});

test("tasks without a due come last in both directions", () => {
  const tasks = [
    task({ id: "none-a" }),
    task({ id: "late", due: dueOn("2026-12-05") }),
    task({ id: "none-b" }),
    task({ id: "soon", due: dueAt("2026-12-04T23:00:00Z") }),
  ];
  expect(sorted(tasks, "due")).toEqual(["soon", "late", "none-a", "none-b"]);
  expect(sorted(tasks, "-due")).toEqual(["late", "soon", "none-b", "none-a"]);
});

test("an all-day due begins at midnight in its own zone", () => {
  const tasks = [
    task({ id: "tokyo", due: dueOn("2026-12-05", "Asia/Tokyo") }),
    task({ id: "moment", due: dueAt("2026-12-04T20:00:00Z") }),
    task({ id: "new-york", due: dueOn("2026-12-05", "America/New_York") }),
  ];
  expect(sorted(tasks, "due")).toEqual(["tokyo", "moment", "new-york"]);
  // Where a clock change skips midnight, the day begins an hour later.
  const cairo = [
    task({ id: "day", due: dueOn("2026-04-24", "Africa/Cairo") }),
    task({ id: "before", due: dueAt("2026-04-23T21:59:59Z") }),
    task({ id: "after", due: dueAt("2026-04-23T22:00:01Z") }),
  ];
  expect(sorted(cairo, "due")).toEqual(["before", "day", "after"]);
});

test("times are compared to the microsecond", () => {
  const at = (nanos: number) => create(TimestampSchema, { seconds: 100n, nanos });
  const tasks = [task({ id: "a", createdAt: at(2000) }), task({ id: "b", createdAt: at(1000) })];
  expect(sorted(tasks, "created")).toEqual(["b", "a"]);
  const updated = [
    task({ id: "a", updatedAt: timestampFromMs(NOW) }),
    task({ id: "b", updatedAt: timestampFromMs(0) }),
  ];
  expect(sorted(updated, "-updated")).toEqual(["a", "b"]);
});

test("low is the least priority", () => {
  const tasks = [Priority.HIGH, Priority.LOW, Priority.MEDIUM].map((priority) =>
    task({ id: String(priority), priority }),
  );
  expect(sorted(tasks, "priority")).toEqual(["1", "2", "3"]);
});

test("titles are sorted folded", () => {
  const tasks = ["b", "Äpfel", "a", "C", "apfel"].map((title) => task({ id: title, title }));
  expect(sorted(tasks, "title")).toEqual(["a", "apfel", "b", "C", "Äpfel"]);
});

test("a sort has the server's name", () => {
  expect(SORTS.map(orderBy)).toEqual([
    "created_at",
    "created_at desc",
    "updated_at",
    "updated_at desc",
    "due",
    "due desc",
    "priority",
    "priority desc",
    "title",
    "title desc",
  ]);
  expect(defaultSort("all")).toBe("-created");
  expect(defaultSort("today")).toBe("due");
});
