import { expect, test } from "vitest";

import { tagsWith } from "./tag-text";

test("tags are trimmed, lowered, each once, and without their sign", () => {
  expect(tagsWith(["a"], " #B, a ,, c d ")).toEqual(["a", "b", "c d"]);
});

test("there are at most ten, of at most 50 characters", () => {
  expect(tagsWith([], "a,b,c,d,e,f,g,h,i,j,k")).toHaveLength(10);
  expect(tagsWith(["a"], "x".repeat(51))).toEqual(["a"]);
});
