import { expect, test } from "vitest";

import { snoozeMoment, tomorrowMorning } from "./snooze-times";

const now = new Date("2027-03-27T22:30:00Z");

test("tomorrow is the reader's, at nine on the reader's clocks", () => {
  // In Berlin it is still the 27th; clocks change on the 28th.
  expect(tomorrowMorning(now, "Europe/Berlin").toISOString()).toBe("2027-03-28T07:00:00.000Z");
  // In Tokyo the 28th has begun.
  expect(tomorrowMorning(now, "Asia/Tokyo").toISOString()).toBe("2027-03-29T00:00:00.000Z");
});

test("a moment of one's own lies ahead, and within a year", () => {
  expect(snoozeMoment("2027-03-28", "12:00", "Europe/Berlin", now)).toEqual(new Date("2027-03-28T10:00:00Z"));
  expect(snoozeMoment("2027-03-27", "23:30", "Europe/Berlin", now)).toBe("past");
  expect(snoozeMoment("2028-03-28", "12:00", "Europe/Berlin", now)).toBe("tooFar");
});
