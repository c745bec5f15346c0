import { expect, test } from "vitest";

import { returnPath, signInAddress } from "./return-path";

test.each([
  [undefined, "/"],
  [["/today", "/trash"], "/"],
  ["", "/"],
  ["/upcoming?tag=home&task=1#due", "/upcoming?tag=home&task=1#due"],
  ["today", "/"],
  ["https://elsewhere.example", "/"],
  ["//elsewhere.example", "/"],
  ["/\\elsewhere.example", "/"],
  ["/\t/elsewhere.example", "/"],
  ["/today/..//elsewhere.example", "/"],
  ["javascript:alert(1)", "/"],
  ["/api/auth/sign-out", "/"],
  ["/sign-in?next=%2Fsign-in", "/"],
])("%j leads to %s", (asked, path) => {
  expect(returnPath(asked)).toBe(path);
});

test("the sign-in page leads back to a page of ours", () => {
  expect(signInAddress("/", false)).toBe("/sign-in");
  expect(signInAddress("/tasks?q=a&tag=b", false)).toBe("/sign-in?next=%2Ftasks%3Fq%3Da%26tag%3Db");
  expect(signInAddress("//elsewhere.example", true)).toBe("/sign-in?ended=1");
});
