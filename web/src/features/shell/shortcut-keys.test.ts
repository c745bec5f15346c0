import { describe, expect, test } from "vitest";

import { isCharacterShortcut, matchShortcut, normalShortcut, pressName, type KeyPress } from "./shortcut-keys";

function press(key: string, held: Partial<KeyPress> = {}): KeyPress {
  return { key, code: "", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held };
}

describe("the name of a press", () => {
  test("is the key with what is held", () => {
    expect(pressName(press("k"), false)).toBe("k");
    expect(pressName(press("k", { ctrlKey: true }), false)).toBe("mod+k");
    expect(pressName(press("k", { metaKey: true }), true)).toBe("mod+k");
    expect(pressName(press("ArrowDown", { shiftKey: true }), false)).toBe("shift+arrowdown");
    expect(pressName(press(" "), false)).toBe("space");
  });

  test("leaves out how a character was typed", () => {
    expect(pressName(press("?", { shiftKey: true }), false)).toBe("?");
    expect(pressName(press("#", { altKey: true }), true)).toBe("#");
    expect(pressName(press("A", { shiftKey: true }), false)).toBe("shift+a");
  });

  test("is that of the place on a keyboard with other letters", () => {
    expect(pressName(press("ض", { code: "KeyQ" }), false)).toBe("q");
    expect(pressName(press("й", { code: "KeyQ" }), false)).toBe("q");
    // On a German keyboard the letter counts, not the place.
    expect(pressName(press("z", { code: "KeyY" }), false)).toBe("z");
  });

  test("is none for a modifier, or for keys of the system", () => {
    expect(pressName(press("Shift", { shiftKey: true }), false)).toBeUndefined();
    expect(pressName(press("k", { metaKey: true }), false)).toBeUndefined();
  });
});

describe("a shortcut", () => {
  const shortcuts = [
    { id: "today", presses: normalShortcut("g t") },
    { id: "trash", presses: normalShortcut("g x") },
    { id: "palette", presses: normalShortcut("Mod+K") },
    { id: "select", presses: normalShortcut("x") },
    { id: "select-in-list", presses: normalShortcut("x") },
  ];

  test("is found press by press", () => {
    expect(matchShortcut(["g"], shortcuts)).toEqual({ kind: "begun" });
    expect(matchShortcut(["g", "t"], shortcuts)).toMatchObject({ kind: "found", item: { id: "today" } });
    expect(matchShortcut(["g", "q"], shortcuts)).toEqual({ kind: "none" });
    expect(matchShortcut(["mod+k"], shortcuts)).toMatchObject({ item: { id: "palette" } });
  });

  test("gives way to a later one with the same keys", () => {
    expect(matchShortcut(["x"], shortcuts)).toMatchObject({ item: { id: "select-in-list" } });
  });

  test("is written in any order", () => {
    expect(normalShortcut("shift+Mod+Z")).toEqual(["mod+shift+z"]);
    expect(normalShortcut("mod++")).toEqual(["mod++"]);
  });

  test("of plain characters can be turned off", () => {
    expect(isCharacterShortcut(normalShortcut("g t"))).toBe(true);
    expect(isCharacterShortcut(normalShortcut("mod+k"))).toBe(false);
    expect(isCharacterShortcut(normalShortcut("delete"))).toBe(false);
  });
});
