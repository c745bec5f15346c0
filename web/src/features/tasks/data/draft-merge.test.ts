import { describe, expect, test } from "vitest";

import { Priority } from "@/gen/errand/v1/task_pb";

import { newDraft, rebase, touch, valueOf } from "./draft-merge";
import { dueOn, later, task } from "./fixtures";

const base = task({ title: "Milk", description: "2 l", due: dueOn("2026-12-01") });

describe("a draft", () => {
  test("takes what others change, but for what the person writes", () => {
    const writing = touch(newDraft(base), "title", "Oat milk");
    const merged = rebase(writing, later(base, { description: "3 l", priority: Priority.HIGH }));
    expect(valueOf(merged, "title")).toBe("Oat milk");
    expect(valueOf(merged, "description")).toBe("3 l");
    expect(valueOf(merged, "priority")).toBe(Priority.HIGH);
    expect(merged.touched).toEqual({ title: "Oat milk" });
    expect(merged.changedElsewhere).toEqual([]);
  });

  test("tells of fields that both have changed, and keeps what the person writes", () => {
    const writing = touch(newDraft(base), "title", "Oat milk");
    const merged = rebase(writing, later(base, { title: "Soy milk" }));
    expect(valueOf(merged, "title")).toBe("Oat milk");
    expect(merged.changedElsewhere).toEqual(["title"]);
    expect(merged.base.version).toBe(2n);
  });

  test("is settled where both have written the same", () => {
    const writing = touch(newDraft(base), "title", "Oat milk");
    const merged = rebase(writing, later(base, { title: "Oat milk" }));
    expect(merged.touched).toEqual({});
    expect(merged.changedElsewhere).toEqual([]);
  });

  test("is untouched where the person writes what was there", () => {
    const writing = touch(touch(newDraft(base), "title", "Oat milk"), "title", "Milk");
    expect(writing.touched).toEqual({});
    // A space that is being typed stays.
    expect(valueOf(touch(newDraft(base), "title", "Milk "), "title")).toBe("Milk ");
  });

  test("can clear a field", () => {
    const writing = touch(newDraft(base), "due", undefined);
    expect(Object.hasOwn(writing.touched, "due")).toBe(true);
    expect(valueOf(writing, "due")).toBeUndefined();
  });

  test("ignores an older state, and begins anew with another task", () => {
    const writing = touch(newDraft(later(base, { version: 5n })), "title", "Oat milk");
    expect(rebase(writing, later(base, { title: "old", version: 4n }))).toBe(writing);
    expect(rebase(writing, task({ id: "b" })).touched).toEqual({});
  });
});
