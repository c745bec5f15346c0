import { create } from "@bufbuild/protobuf";
import { timestampDate } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";

import { DueSchema } from "@/gen/errand/v1/task_pb";

import { dueOf, partsOf, type DueParts } from "./due-parts";

const reader = { today: "2027-03-09", timeZone: "Europe/Berlin" };
const there = (parts: DueParts) => partsOf(create(DueSchema, dueOf(parts)), reader);

test.each<DueParts>([
  { date: "2027-03-09", time: null, timeZone: "Europe/Berlin" },
  { date: "2027-03-28", time: "09:00", timeZone: "Europe/Berlin" },
  { date: "2027-11-07", time: "00:30", timeZone: "America/New_York" },
])("%j is a due, and back", (parts) => {
  expect(there(parts)).toEqual(parts);
});

test("a time that the clocks skip is the later one", () => {
  expect(there({ date: "2027-03-28", time: "02:30", timeZone: "Europe/Berlin" }).time).toBe("03:30");
});

test("a time that comes twice is the first", () => {
  const due = dueOf({ date: "2027-10-31", time: "02:30", timeZone: "Europe/Berlin" });
  const { when } = create(DueSchema, due);
  expect(when.case === "time" && timestampDate(when.value).toISOString()).toBe("2027-10-31T00:30:00.000Z");
});

test("without a due it is today, all day", () => {
  expect(partsOf(undefined, reader)).toEqual({ date: "2027-03-09", time: null, timeZone: "Europe/Berlin" });
});
