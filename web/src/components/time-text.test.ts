import { expect, test } from "vitest";

import { parseTime, stepTime } from "./time-text";

test.each([
  ["9", "09:00"],
  ["9:30", "09:30"],
  ["0930", "09:30"],
  ["9.30", "09:30"],
  ["21h", "21:00"],
  ["14h30", "14:30"],
  ["9 pm", "21:00"],
  ["12am", "00:00"],
  ["12:15 p.m.", "12:15"],
  ["9 Uhr", "09:00"],
  ["٩:٣٠ م", "21:30"],
  ["24:00", undefined],
  ["9:60", undefined],
  ["13 pm", undefined],
  ["soon", undefined],
  ["", undefined],
])("%s means %s", (text, time) => {
  expect(parseTime(text)).toBe(time);
});

test("steps stay on their grid, around midnight", () => {
  expect(stepTime("09:07", 15)).toBe("09:15");
  expect(stepTime("09:07", -15)).toBe("09:00");
  expect(stepTime("23:45", 15)).toBe("00:00");
  expect(stepTime("00:00", -15)).toBe("23:45");
});
