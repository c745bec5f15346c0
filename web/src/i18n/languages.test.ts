import { expect, test } from "vitest";

import { acceptedLanguage, directionOf, languageOf } from "./languages";

test.each([
  [null, undefined],
  ["", undefined],
  ["fr", undefined],
  ["de-AT,en;q=0.8", "de"],
  ["fr, en;q=0.5, ar;q=0.9", "ar"],
  ["de;q=0, en", "en"],
  ["*;q=0.1, DE", "de"],
])("of %o it takes %o", (header, language) => {
  expect(acceptedLanguage(header)).toBe(language);
});

test("a region does not matter, and another language is none", () => {
  expect(languageOf("ar-EG")).toBe("ar");
  expect(languageOf("tlh")).toBeUndefined();
});

test("Arabic is written from right to left", () => {
  expect([directionOf("ar"), directionOf("de")]).toEqual(["rtl", "ltr"]);
});
