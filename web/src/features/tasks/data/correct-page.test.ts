import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";

import { TaskStatus, type Task } from "@/gen/errand/v1/task_pb";

import { correctPage } from "./correct-page";
import { CLOCK, later, NOW, query, task } from "./fixtures";
import { TaskLedger } from "./ledger";
import { removed } from "./overlays";
import type { PageStart } from "./pages";

const titled = (title: string) => task({ id: title, title });
const [b, d, f] = [titled("b"), titled("d"), titled("f")];

function arrive(ledger: TaskLedger, tasks: Task[], mark: number, nextPageToken = "", start: PageStart = { token: "" }) {
  const page = correctPage({ start, mark, tasks, nextPageToken }, ledger, query(), CLOCK);
  return page.tasks.map(({ title }) => title).join("");
}

describe("a list that was read before something happened and arrives after it", () => {
  test("a task deleted between the list's read and its arrival is not in it", () => {
    const ledger = new TaskLedger();
    const mark = ledger.mark();
    ledger.record(later(d, { deletedAt: timestampFromMs(NOW) }));
    expect(arrive(ledger, [b, d, f], mark)).toBe("bf");
  });

  test("a task that is gone for good is not in it", () => {
    const ledger = new TaskLedger();
    const mark = ledger.mark();
    ledger.recordGone("d");
    expect(arrive(ledger, [b, d, f], mark)).toBe("bf");
    expect(ledger.record(later(d, {}))).toBe(false);
  });

  test("a task that was completed, renamed or made meanwhile is as it is now", () => {
    const ledger = new TaskLedger();
    const mark = ledger.mark();
    ledger.record(later(b, { status: TaskStatus.COMPLETED }));
    ledger.record(later(d, { title: "g" }));
    ledger.record(titled("c"));
    expect(arrive(ledger, [b, d, f], mark)).toBe("cfg");
  });

  test("the higher version wins, whichever comes first", () => {
    const ledger = new TaskLedger();
    ledger.record(later(d, { title: "e", version: 3n }));
    expect(arrive(ledger, [b, later(d, { title: "x", version: 2n }), f], ledger.mark())).toBe("bef");
    expect(arrive(ledger, [b, f, later(d, { title: "y", version: 4n })], ledger.mark())).toBe("bfy");
  });

  test("a page takes only what belongs between the one before and its own end", () => {
    const ledger = new TaskLedger();
    const mark = ledger.mark();
    for (const title of ["a", "c", "e", "g"]) ledger.record(titled(title));
    expect(arrive(ledger, [d, f], mark, "more", { token: "t", after: b })).toBe("cdef");
    expect(arrive(ledger, [d, f], mark, "", { token: "t", after: b })).toBe("cdefg");
  });

  test("what was known before the read and is not in it has left the list", () => {
    const ledger = new TaskLedger();
    ledger.record(titled("c"));
    expect(arrive(ledger, [b, d], ledger.mark())).toBe("bd");
  });

  test("what the person has changed stays changed", () => {
    const ledger = new TaskLedger();
    ledger.draft(task({ id: "draft-1", title: "c", version: 0n }));
    const change = ledger.overlay(d, removed);
    expect(arrive(ledger, [b, d, f], ledger.mark())).toBe("bcf");
    change.settle();
    expect(arrive(ledger, [b, d, f], ledger.mark())).toBe("bcdf");
  });
});
