import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";

import { Priority, TaskStatus } from "@/gen/errand/v1/task_pb";
import { TrashFilter } from "@/gen/errand/v1/task_service_pb";

import { CLOCK, dueAt, dueOn, NOW, query, task } from "./fixtures";
import type { View } from "./types";
import { belongs, filterOf } from "./view-filter";

const viewsOf = (part: Parameters<typeof task>[0], clock = CLOCK): View[] =>
  (["today", "upcoming", "overdue", "all", "completed", "trash"] as const).filter((view) =>
    belongs(task(part), query({ view }), clock),
  );

describe("views", () => {
  test.each([
    ["without a due", {}, ["all"]],
    ["all day yesterday", { due: dueOn("2026-11-30") }, ["overdue", "all"]],
    ["all day today", { due: dueOn("2026-12-01") }, ["today", "all"]],
    ["all day tomorrow", { due: dueOn("2026-12-02") }, ["upcoming", "all"]],
    ["earlier today", { due: dueAt("2026-12-01T09:29:59Z") }, ["today", "overdue", "all"]],
    ["just now", { due: dueAt("2026-12-01T09:30:00Z") }, ["today", "all"]],
    ["at the first moment of today", { due: dueAt("2026-12-01T00:00:00Z") }, ["today", "overdue", "all"]],
    ["at the last moment of today", { due: dueAt("2026-12-01T23:59:59.999Z") }, ["today", "all"]],
    ["at midnight", { due: dueAt("2026-12-02T00:00:00Z") }, ["upcoming", "all"]],
    ["completed", { status: TaskStatus.COMPLETED, due: dueOn("2026-11-30") }, ["completed"]],
    ["in the trash", { deletedAt: timestampFromMs(NOW), due: dueOn("2026-12-01") }, ["trash"]],
    ["completed, in the trash", { deletedAt: timestampFromMs(NOW), status: TaskStatus.COMPLETED }, ["trash"]],
  ])("%s", (_, part, views) => expect(viewsOf(part)).toEqual(views));

  test("days are the person's", () => {
    const kiritimati = { ...CLOCK, zone: "Pacific/Kiritimati" };
    // There it is 23:30 of the same day; half an hour later tomorrow begins.
    expect(viewsOf({ due: dueAt("2026-12-01T09:59:00Z") }, kiritimati)).toEqual(["today", "all"]);
    expect(viewsOf({ due: dueAt("2026-12-01T10:00:00Z") }, kiritimati)).toEqual(["upcoming", "all"]);
    const niue = { now: Date.parse("2026-12-01T10:59:00Z"), zone: "Pacific/Niue" };
    expect(viewsOf({ due: dueAt("2026-12-01T10:00:00Z") }, niue)).toEqual(["today", "overdue", "all"]);
  });

  test("an all-day task has its date wherever the reader is", () => {
    const honolulu = { now: Date.parse("2026-12-01T09:30:00Z"), zone: "Pacific/Honolulu" };
    // There it is still the evening of the day before.
    expect(viewsOf({ due: dueOn("2026-11-30", "Asia/Tokyo") }, honolulu)).toEqual(["today", "all"]);
    expect(viewsOf({ due: dueOn("2026-12-01", "Asia/Tokyo") }, honolulu)).toEqual(["upcoming", "all"]);
  });

  test("a day of a clock change has its own length", () => {
    const clock = { now: Date.parse("2026-10-25T12:00:00Z"), zone: "Europe/Berlin" };
    expect(viewsOf({ due: dueAt("2026-10-25T22:59:59Z") }, clock)).toEqual(["today", "all"]);
    expect(viewsOf({ due: dueAt("2026-10-25T23:00:00Z") }, clock)).toEqual(["upcoming", "all"]);
  });
});

describe("filters", () => {
  const found = (part: Parameters<typeof task>[0], filter: Parameters<typeof query>[0]) =>
    belongs(task(part), query(filter), CLOCK);

  test("one of the priorities and one of the categories", () => {
    expect(found({ priority: Priority.HIGH }, { priorities: [Priority.LOW, Priority.HIGH] })).toBe(true);
    expect(found({ priority: Priority.MEDIUM }, { priorities: [Priority.LOW, Priority.HIGH] })).toBe(false);
    expect(found({ category: "home" }, { categories: ["home"] })).toBe(true);
    expect(found({ category: "work" }, { categories: ["home"] })).toBe(false);
  });

  test("all of the tags", () => {
    expect(found({ tags: ["a", "b"] }, { tags: ["a"] })).toBe(true);
    expect(found({ tags: ["a"] }, { tags: ["a", "b"] })).toBe(false);
  });

  test("every word, in title or description, whatever the case", () => {
    const part = { title: "Straße fegen", description: "100% bis ABEND" };
    expect(found(part, { search: "STRASSE abend" })).toBe(true);
    expect(found(part, { search: "0% FEG" })).toBe(true);
    expect(found(part, { search: "a_end" })).toBe(false);
    expect(found(part, { search: "straße morgen" })).toBe(false);
    expect(found(part, { search: "  " })).toBe(true);
  });
});

test("the server is asked for what the view shows", () => {
  const clock = { ...CLOCK, zone: "Pacific/Kiritimati" };
  const timeZone = clock.zone;
  const [first, second] = [
    { year: 2026, month: 12, day: 1 },
    { year: 2026, month: 12, day: 2 },
  ];
  const { PENDING, COMPLETED } = TaskStatus;
  const exclude = TrashFilter.EXCLUDE;
  expect(filterOf(query({ view: "today" }), clock)).toMatchObject({
    statuses: [PENDING],
    due: { timeZone, firstDate: first, lastDate: first },
    trash: exclude,
  });
  expect(filterOf(query({ view: "upcoming" }), clock)).toMatchObject({ due: { timeZone, firstDate: second } });
  expect(filterOf(query({ view: "overdue" }), clock)).toMatchObject({ due: { timeZone, overdue: true } });
  expect(filterOf(query({ view: "all" }), clock)).not.toHaveProperty("due");
  expect(filterOf(query({ view: "completed" }), clock)).toMatchObject({ statuses: [COMPLETED], trash: exclude });
  expect(filterOf(query({ view: "trash" }), clock)).toMatchObject({ statuses: [], trash: TrashFilter.ONLY });
});
