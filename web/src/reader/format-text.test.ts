import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";

import { DueSchema } from "@/gen/errand/v1/task_pb";

import { dueText, zoneCity } from "./due-text";
import { createFormat } from "./format-text";

const TODAY = "2026-12-01";
const english = createFormat("en", "Europe/Berlin", TODAY);
const german = createFormat("de", "Europe/Berlin", TODAY);
const arabic = createFormat("ar", "Asia/Riyadh", TODAY);
/** Spaces of all kinds are one: browsers and Node differ in which they take. */
const plain = (text: string | undefined) => text?.replace(/\s/g, " ");

describe("a day", () => {
  test.each([
    ["2026-11-30", "Yesterday"],
    ["2026-12-01", "Today"],
    ["2026-12-02", "Tomorrow"],
    ["2026-12-03", "Thursday"],
    ["2026-12-07", "Monday"],
    ["2026-12-08", "Dec 8"],
    ["2026-11-29", "Nov 29"],
    ["2027-02-03", "Feb 3, 2027"],
  ])("%s is %s", (date, text) => {
    expect(english.day(date)).toBe(text);
  });

  test("is in the reader's language", () => {
    expect(german.day("2026-12-02")).toBe("Morgen");
    expect(german.day("2026-12-04")).toBe("Freitag");
    expect(arabic.day("2026-12-02")).toBe("غدًا");
  });

  test("is the one that the reader's zone has", () => {
    expect(english.day(new Date("2026-12-01T22:59:00Z"))).toBe("Today");
    expect(english.day(new Date("2026-12-01T23:00:00Z"))).toBe("Tomorrow");
  });
});

test("how long ago it was, is said in the largest unit that is full", () => {
  const now = new Date("2026-12-01T12:00:00Z");
  const at = (seconds: number) => english.relative(new Date(now.getTime() + seconds * 1000), now);
  expect(at(-20)).toBe("now");
  expect(at(-60)).toBe("1 minute ago");
  expect(at(-7200)).toBe("2 hours ago");
  expect(at(86_400)).toBe("tomorrow");
  expect(at(-8 * 86_400)).toBe("last week");
});

describe("a due", () => {
  const now = new Date("2026-12-01T12:00:00Z");
  const timed = (moment: string, timeZone: string) =>
    create(DueSchema, { when: { case: "time", value: timestampFromDate(new Date(moment)) }, timeZone });

  test("of a whole day is the same wherever the reader is", () => {
    const due = create(DueSchema, { when: { case: "date", value: { year: 2026, month: 12, day: 2 } } });
    expect(dueText(due, english, now)).toBe("Tomorrow");
    expect(dueText(due, arabic, now)).toBe("غدًا");
  });

  test("is in the task's zone, which is named where its clocks differ", () => {
    expect(plain(dueText(timed("2026-12-02T08:00:00Z", "Europe/Berlin"), german, now))).toBe("Morgen, 09:00");
    expect(plain(dueText(timed("2026-12-02T08:00:00Z", "Europe/Paris"), german, now))).toBe("Morgen, 09:00");
    expect(plain(dueText(timed("2026-12-02T14:00:00Z", "America/New_York"), english, now))).toBe(
      "Tomorrow, 9:00 AM (New York)",
    );
    expect(plain(dueText(timed("2026-12-02T08:00:00Z", ""), german, now))).toBe("Morgen, 09:00");
  });

  test("is nothing where there is none", () => {
    expect(dueText(undefined, english)).toBeUndefined();
  });
});

test("a zone is named after its place", () => {
  expect(zoneCity("America/Argentina/Buenos_Aires")).toBe("Buenos Aires");
  expect(zoneCity("UTC")).toBe("UTC");
});
