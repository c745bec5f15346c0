import { expect, test } from "vitest";

import { Attempts } from "./attempts";

let now = 0;

const attempts = () => new Attempts({ max: 2, seconds: 10, capacity: 2 }, () => now);

test("as many as are allowed are, and more when the time is over", () => {
  const counted = attempts();
  expect(["a", "a", "a", "b"].map((key) => counted.allows(key))).toEqual([true, true, false, true]);
  now += 10_000;
  expect(counted.allows("a")).toBe(true);
});

test("what went well is not counted on", () => {
  const counted = attempts();
  for (const key of ["a", "a", "a"]) counted.allows(key);
  counted.forget("a");
  expect(counted.allows("a")).toBe(true);
});

test("the oldest key makes room", () => {
  const counted = attempts();
  for (const key of ["a", "a", "b", "c"]) counted.allows(key);
  expect(counted.allows("a")).toBe(true);
});
