import { describe, expect, test } from "vitest";

import { compareCodePoints, fold, searchText, searchWords, titleKey } from "./fold";

describe("fold", () => {
  test.each([
    ["ÄÖÜ", "äöü"],
    ["STRASSE", "straße"],
    ["STRASSE", "STRAẞE"],
    ["A\u0308", "ä"],
    ["ΣΊΣΥΦΟΣ", "σίσυφος"],
    ["ＦＵＬＬ", "full"],
    ["ｶﾞ", "ガ"],
    ["ﬁne", "FINE"],
    ["ПРИВЕТ", "привет"],
    ["Ǆ", "ǆ"],
    ["ᾳ", "ᾼ"],
    ["ꭰ", "Ꭰ"],
  ])("case, width and composition make no difference: %s %s", (left, right) => {
    expect(fold(left)).toBe(fold(right));
  });

  test("letters stay apart", () => {
    expect(fold("a")).not.toBe(fold("ä"));
    expect(fold("漢字 買う")).toBe("漢字 買う");
  });

  test.each(["İSTANBUL", "ISTANBUL", "istanbul", "ıstanbul", "I\u0307stanbul", "i\u0307stanbul"])(
    "every Turkish i is one letter: %s",
    (word) => expect(fold(word)).toBe("istanbul"),
  );

  test("folding a folded text changes nothing", () => {
    for (let code = 0; code < 0x40000; code += 1) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const folded = fold(`|${String.fromCodePoint(code)}`);
      if (fold(folded) !== folded) expect.fail(`U+${code.toString(16)}`);
    }
  });
});

test("a search is its folded words, without repeats", () => {
  expect(searchWords(" Groß\u3000GROSS\n50% a_b ")).toEqual(["gross", "50%", "a_b"]);
  expect(searchWords(" \t\u3000")).toEqual([]);
});

test("a word does not reach from the title into the description", () => {
  expect(searchText("Buy Milk", "Shakes")).toBe("buy milk\nshakes");
  expect(searchText("Buy Milk", "")).toBe("buy milk");
});

test("titles are compared by code points", () => {
  expect(compareCodePoints("\u{1F600}", "\uFF5E")).toBeGreaterThan(0);
  expect(compareCodePoints("a", "ab")).toBeLessThan(0);
  expect(compareCodePoints("ab", "b")).toBeLessThan(0);
  expect(compareCodePoints("a", "a")).toBe(0);
});

test("a title's key is cut at the end of a character, as the server cuts it", () => {
  const key = titleKey("\u{fdfa}".repeat(255));
  const bytes = new TextEncoder().encode(key).length;
  expect(bytes).toBeLessThanOrEqual(1024);
  expect(bytes).toBeGreaterThan(1020);
});
