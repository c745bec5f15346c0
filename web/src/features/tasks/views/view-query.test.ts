import { expect, test } from "vitest";

import { Priority } from "@/gen/errand/v1/task_pb";

import { filterCount, readFilter, viewOfPath, writeFilter } from "./view-query";

test("an address without parameters is the view as it usually is", () => {
  expect(readFilter("today", new URLSearchParams())).toEqual({ priorities: [], categories: [], tags: [], sort: "due" });
  expect(readFilter("all", new URLSearchParams()).sort).toBe("-created");
  expect(viewOfPath("/tasks")).toBe("all");
  expect(viewOfPath("/settings")).toBeUndefined();
});

test("what an address asks for is read, and what it can't mean is not", () => {
  const parameters = new URLSearchParams("q= milk &priority=high,urgent,low&category=home,moon&tag=A,b,a&sort=-due");
  const filter = readFilter("all", parameters);
  expect(filter).toEqual({
    search: "milk",
    priorities: [Priority.HIGH, Priority.LOW],
    categories: ["home"],
    tags: ["a", "b"],
    sort: "-due",
  });
  expect(filterCount(filter)).toBe(5);
  expect(readFilter("all", new URLSearchParams("sort=colour")).sort).toBe("-created");
});

test("a filter is written back, and all else in the address stays", () => {
  const parameters = new URLSearchParams("task=7&q=milk&sort=title&priority=high");
  const filter = readFilter("all", parameters);
  expect(writeFilter("all", { ...filter, search: "", sort: "-created", tags: ["a", "b"] }, parameters).toString()).toBe(
    "task=7&priority=high&tag=a%2Cb",
  );
});
