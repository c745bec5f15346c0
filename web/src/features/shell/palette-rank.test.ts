import { expect, test } from "vitest";

import { rank } from "./palette-rank";

const items = [
  { label: "Go to Today" },
  { label: "Go to Trash" },
  { label: "Add a task", keywords: "new create" },
  { label: "Überfällige zeigen" },
  { label: "الانتقال إلى اليوم" },
];
const found = (query: string) => rank(query, items).map(({ label }) => label);

test("nothing asked finds all, in their order", () => {
  expect(found("  ")).toHaveLength(items.length);
});

test("the beginning of a text comes before that of a word, and of a keyword", () => {
  expect(rank("t", [{ label: "Add a task" }, { label: "Today" }]).map(({ label }) => label)).toEqual([
    "Today",
    "Add a task",
  ]);
  expect(found("new")).toEqual(["Add a task"]);
});

test("words may be begun in any order, and initials do", () => {
  expect(found("tod go")).toEqual(["Go to Today"]);
  expect(found("gtt")).toEqual(["Go to Today", "Go to Trash"]);
});

test("accents and case don't matter", () => {
  expect(found("UBERF")).toEqual(["Überfällige zeigen"]);
  expect(found("اليوم")).toEqual(["الانتقال إلى اليوم"]);
});

test("what has nothing of it is not found", () => {
  expect(found("xyz")).toEqual([]);
});
