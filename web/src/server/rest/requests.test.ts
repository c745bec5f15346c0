import { describe, expect, it } from "vitest";

import { readTaskFields, REQUIRED_OF_A_NEW_TASK } from "@/server/rest/body";
import { readBytes, readJson } from "@/server/rest/json-body";
import { locate } from "@/server/rest/locate";
import { linkHeader, walk } from "@/server/rest/pages";
import { Refused } from "@/server/rest/problem";
import { subjectOf } from "@/server/rest/subject";
import { problemsOf } from "../../../test/problems";

describe("a body", () => {
  it("without what a new task needs is told all that is missing", () => {
    const body = { title: "x" };
    expect(problemsOf(() => readTaskFields(body, REQUIRED_OF_A_NEW_TASK))).toEqual([
      { type: "missing", loc: ["body", "priority"], msg: "Field required", input: body },
      { type: "missing", loc: ["body", "category"], msg: "Field required", input: body },
    ]);
  });

  it.each([
    ["title", null, "string_type"],
    ["title", 5, "string_type"],
    ["priority", null, "string_type"],
    ["priority", "urgent", "enum"],
    ["category", null, "string_type"],
    ["category", " ", "value_error"],
    ["description", 5, "string_type"],
    ["dueDate", "tomorrow", "datetime_from_date_parsing"],
    ["due_date", 5, "datetime_from_date_parsing"],
    ["recurring_end_date", "x", "datetime_from_date_parsing"],
    ["reminderAt", "2030-02-30", "datetime_from_date_parsing"],
    ["recurringRule", [], "string_type"],
    ["tags", "a", "list_type"],
  ])("with %s: %j has a problem of the type %s, named as the client named it", (name, input, type) => {
    const problems = problemsOf(() => readTaskFields({ [name]: input }));
    expect(problems).toMatchObject([{ type, loc: ["body", name], input }]);
  });

  it("says which tag is none", () => {
    expect(problemsOf(() => readTaskFields({ tags: ["a", 5] }))).toMatchObject([
      { loc: ["body", "tags", 1], input: 5 },
    ]);
  });

  it.each([null, [], "x", 5])("of %j is no object", (body) => {
    expect(problemsOf(() => readTaskFields(body))).toMatchObject([{ type: "model_attributes_type", loc: ["body"] }]);
  });

  it("is read no further than its bound", async () => {
    const post = (body: BodyInit, headers = {}) => new Request("http://x/", { method: "POST", body, headers });
    expect((await readBytes(post("12345"), 5)).toString()).toBe("12345");
    await expect(readBytes(post("123456"), 5)).rejects.toThrow(Refused);
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(4)) });
    const request = new Request("http://x/", { method: "POST", body: endless, duplex: "half" } as RequestInit);
    await expect(readBytes(request, 5)).rejects.toMatchObject({ status: 413 });
  });

  it("has to be JSON", async () => {
    const post = (body: string) => readJson(new Request("http://x/", { method: "POST", body }));
    await expect(post('{"a":1}')).resolves.toEqual({ a: 1 });
    await expect(post("")).rejects.toMatchObject({ problems: [{ type: "missing", loc: ["body"] }] });
    await expect(post("{nonsense")).rejects.toMatchObject({ problems: [{ type: "json_invalid", loc: ["body", 1] }] });
  });
});

describe("a field of the service", () => {
  const given = {
    body: { title: "", due_date: "2999-01-01", tags: ["a", "b"], reminderAt: "x" },
    query: new URLSearchParams("search=long&category=nowhere&entity_id=7"),
    headers: new Headers({ "idempotency-key": "once" }),
    path: { name: "task_id", id: "seven" },
  };

  it.each([
    ["task.title", ["body", "title"], ""],
    ["task.due.time", ["body", "due_date"], "2999-01-01"],
    ["task.tags[1]", ["body", "tags", 1], "b"],
    ["task.reminders[0].time", ["body", "reminderAt"], "x"],
    ["task.recurring_rule", ["body", "recurringRule"], null],
    ["filter.search", ["query", "search"], "long"],
    ["filter.categories[0]", ["query", "category"], "nowhere"],
    ["task_id", ["query", "entity_id"], "7"],
    ["request_id", ["header", "Idempotency-Key"], "once"],
    ["task.id", ["path", "task_id"], "seven"],
    ["id", ["path", "task_id"], "seven"],
    ["page_size", ["page_size"], null],
  ])("%s stands at %j of the request", (field, loc, input) => {
    expect(locate(field, given)).toEqual({ loc, input });
  });
});

describe("a list in pages", () => {
  const numbers =
    (count: number, most = 500) =>
    async (size: number, token: string) => {
      const start = Number(token || 0);
      const end = Math.min(start + Math.min(size, most), count);
      const items = Array.from({ length: end - start }, (_, index) => start + index);
      return Promise.resolve({ items, next: end < count ? String(end) : "" });
    };

  it("is read as far as it is wanted", async () => {
    expect(await walk(10, numbers(3))).toEqual({ items: [0, 1, 2], ended: true });
    expect(await walk(3, numbers(3))).toEqual({ items: [0, 1, 2], ended: true });
    expect(await walk(2, numbers(3))).toEqual({ items: [0, 1], ended: false });
    const many = await walk(1200, numbers(5000, 70));
    expect([many.items.length, many.items.at(-1), many.ended]).toEqual([1200, 1199, false]);
  });

  it("links to the parts around one", () => {
    const url = new URL("http://x/api/tasks?status=pending&user_id=bob&offset=10");
    expect(linkHeader(url, { offset: 10, limit: 4, ended: false })).toBe(
      '</api/tasks?status=pending&offset=6&limit=4>; rel="prev", </api/tasks?status=pending&offset=14&limit=4>; rel="next"',
    );
    expect(linkHeader(url, { offset: 0, limit: 4, ended: true })).toBeUndefined();
    expect(linkHeader(url, { offset: 2, limit: 4, ended: true })).toContain("offset=0");
  });
});

describe("the user of a token", () => {
  it("is its subject", () => {
    const token = (payload: string) => `e30.${Buffer.from(payload).toString("base64url")}.x`;
    expect(subjectOf(token('{"sub":"ann"}'))).toBe("ann");
    expect(["", "x", "a.b.c", token("null"), token('{"sub":5}')].map(subjectOf)).toEqual(["", "", "", "", ""]);
  });
});
