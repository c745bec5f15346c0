import { describe, expect, test } from "vitest";

import {
  addDays,
  addMonths,
  dateInZone,
  daysBetween,
  isIsoDate,
  momentInZone,
  monthGrid,
  startOfWeek,
  weekdayOf,
} from "./calendar";

describe("days and months", () => {
  test("go over the ends of months and years", () => {
    expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
    expect(addDays("2027-01-01", -1)).toBe("2026-12-31");
    expect(addMonths("2027-01-31", 1)).toBe("2027-02-28");
    expect(addMonths("2027-03-31", -1)).toBe("2027-02-28");
    expect(addMonths("2026-11-30", 2)).toBe("2027-01-30");
    expect(daysBetween("2026-12-31", "2027-01-02")).toBe(2);
  });

  test("are only those that there are", () => {
    expect(isIsoDate("2028-02-29")).toBe(true);
    expect(isIsoDate("2027-02-29")).toBe(false);
    expect(isIsoDate("2027-2-9")).toBe(false);
  });
});

describe("a week", () => {
  test("begins where the reader's does", () => {
    expect(weekdayOf("2026-12-01")).toBe(2);
    expect(startOfWeek("2026-12-01", 1)).toBe("2026-11-30");
    expect(startOfWeek("2026-12-01", 7)).toBe("2026-11-29");
    expect(startOfWeek("2026-12-01", 6)).toBe("2026-11-28");
  });

  test("is one of the six of a month", () => {
    const grid = monthGrid("2026-12-17", 1);
    expect(grid).toHaveLength(6);
    expect(grid[0]).toEqual([
      "2026-11-30",
      "2026-12-01",
      "2026-12-02",
      "2026-12-03",
      "2026-12-04",
      "2026-12-05",
      "2026-12-06",
    ]);
    expect(grid[5]?.[6]).toBe("2027-01-10");
  });
});

describe("a moment", () => {
  test("has the date of its zone", () => {
    const moment = new Date("2026-12-01T23:30:00Z");
    expect(dateInZone(moment, "America/Los_Angeles")).toBe("2026-12-01");
    expect(dateInZone(moment, "Europe/Berlin")).toBe("2026-12-02");
    expect(dateInZone(moment, "Pacific/Kiritimati")).toBe("2026-12-02");
  });

  test("is found by what clocks show", () => {
    expect(momentInZone("2026-12-02", "00:30", "Europe/Berlin").toISOString()).toBe("2026-12-01T23:30:00.000Z");
    expect(momentInZone("2026-07-01", "09:00", "Asia/Kathmandu").toISOString()).toBe("2026-07-01T03:15:00.000Z");
  });

  test("moves to the later side where clocks skip it", () => {
    expect(momentInZone("2027-03-28", "02:30", "Europe/Berlin").toISOString()).toBe("2027-03-28T01:30:00.000Z");
    expect(momentInZone("2027-03-14", "02:30", "America/New_York").toISOString()).toBe("2027-03-14T07:30:00.000Z");
  });

  test("is the first where clocks show it twice", () => {
    expect(momentInZone("2027-10-31", "02:30", "Europe/Berlin").toISOString()).toBe("2027-10-31T00:30:00.000Z");
    expect(momentInZone("2027-11-07", "01:30", "America/New_York").toISOString()).toBe("2027-11-07T05:30:00.000Z");
  });
});
