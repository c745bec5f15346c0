import { expect, test } from "vitest";

import { returnPath } from "./return-path";

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
])("%j leads to %s", (asked, path) => {
  expect(returnPath(asked)).toBe(path);
});
