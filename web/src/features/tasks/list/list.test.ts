import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";

import { TaskSchema } from "@/gen/errand/v1/task_pb";

import { draftBecame } from "../data/identity";
import { linesOf } from "./grouping";
import { all, extended, NOTHING_SELECTED, selectedTasks, toggled } from "./selection";

const tasks = ["a", "b", "c", "d"].map((id) => create(TaskSchema, { id, title: id }));
const days: Record<string, string> = { a: "2027-03-09", b: "2027-03-09", c: "2027-03-10", d: "2027-03-10" };

test("a heading stands before the first task of each day", () => {
  expect(linesOf(tasks, (task) => days[task.id]).map(({ key }) => key)).toEqual([
    "day-2027-03-09",
    "a",
    "b",
    "day-2027-03-10",
    "c",
    "d",
  ]);
  expect(linesOf(tasks).map(({ key }) => key)).toEqual(["a", "b", "c", "d"]);
});

test("a new task keeps its row when the server gives it an id", () => {
  draftBecame("draft-1", "stored-1");
  const stored = create(TaskSchema, { id: "stored-1", title: "new" });
  expect(linesOf([stored, ...tasks]).map(({ key }) => key)).toEqual(["draft-1", "a", "b", "c", "d"]);
});

test("a task is selected and taken out again", () => {
  const one = toggled(NOTHING_SELECTED, "b");
  expect(selectedTasks(one, tasks).map(({ id }) => id)).toEqual(["b"]);
  expect(toggled(one, "b").ids.size).toBe(0);
});

test("a range goes from where the selection began, either way", () => {
  expect([...extended(toggled(NOTHING_SELECTED, "b"), "d", tasks).ids]).toEqual(["b", "c", "d"]);
  expect([...extended(toggled(NOTHING_SELECTED, "c"), "a", tasks).ids].sort()).toEqual(["a", "b", "c"]);
  expect([...extended(NOTHING_SELECTED, "c", tasks).ids]).toEqual(["c"]);
});

test("a task that the list no longer has is not among the selected", () => {
  expect(selectedTasks(all(tasks), tasks.slice(2)).map(({ id }) => id)).toEqual(["c", "d"]);
});
