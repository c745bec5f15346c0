import { expect, test } from "vitest";

import { splitDuration } from "./durations";

test.each([
  [0, { amount: 0, unit: "minutes" }],
  [600, { amount: 10, unit: "minutes" }],
  [5_400, { amount: 90, unit: "minutes" }],
  [7_200, { amount: 2, unit: "hours" }],
  [86_400, { amount: 1, unit: "days" }],
  [1_209_600, { amount: 2, unit: "weeks" }],
])("%d seconds", (seconds, expected) => {
  expect(splitDuration(seconds)).toEqual(expected);
});
