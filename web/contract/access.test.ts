import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { ask, makeTask, TOKEN, USER_ID, WEB_URL, word, type TaskBody } from "./errand";

const run = promisify(execFile);

describe("the commands that people paste", () => {
  /** As a shell takes them, with the address and the token put in. */
  const shell = async (command: string) =>
    (await run("bash", ["-euo", "pipefail", "-c", command], { env: { ...process.env, URL: WEB_URL, TOKEN } })).stdout;

  it("make a task, complete it and list it", async () => {
    const title = word();
    const made = JSON.parse(
      await shell(`curl -sf -X POST "$URL/api/tasks" \\
        -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\
        -d '{"title": "${title}", "priority": "high", "category": "work", "user_id": "bob"}'`),
    ) as TaskBody;
    expect(made).toMatchObject({ title, userId: USER_ID, completed: false });
    const done = await shell(
      `curl -sf -X PATCH "$URL/api/tasks/${made.id}/complete" -H "Authorization: Bearer $TOKEN"`,
    );
    expect(JSON.parse(done)).toMatchObject({ id: made.id, completed: true });
    const listed = await shell(
      `curl -sf "$URL/api/tasks?status=completed&search=${title}" -H "Authorization: Bearer $TOKEN"`,
    );
    expect(JSON.parse(listed)).toMatchObject([{ id: made.id }]);
    await shell(`curl -sf -X DELETE "$URL/api/tasks/${made.id}" -H "Authorization: Bearer $TOKEN"`);
  });

  it("work without the type of the content, as curl sends it by itself", async () => {
    const made = await shell(`curl -sf "$URL/api/tasks" -H "Authorization: Bearer $TOKEN" \\
      -d '{"title": "x", "priority": "low", "category": "home"}'`);
    expect(JSON.parse(made)).toMatchObject({ title: "x" });
  });
});

const PATHS: [string, string, string][] = [
  ["GET", "/api/tasks", "GET, POST"],
  ["GET", "/api/tasks/7", "GET, PUT, PATCH, DELETE"],
  ["PATCH", "/api/tasks/7/complete", "PATCH"],
  ["GET", "/api/stats", "GET"],
  ["GET", "/api/notifications", "GET"],
  ["DELETE", "/api/notifications/7", "DELETE"],
  ["PATCH", "/api/notifications/7/read", "PATCH"],
  ["PATCH", "/api/notifications/read-all", "PATCH"],
  ["GET", "/api/audit", "GET"],
];

describe("every path", () => {
  it.each(PATHS)("%s %s asks nobody to sign in by a page: 401", async (method, path) => {
    for (const headers of [{ authorization: "" }, { authorization: "Basic eDp5" }, { authorization: "Bearer" }]) {
      const answer = await ask(path, { method, headers });
      expect([answer.status, answer.body]).toEqual([401, { error: "Authentication required" }]);
    }
  });

  it.each(PATHS)("%s %s has no other methods than it should: 405", async (_, path, allowed) => {
    const known = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    for (const method of known.filter((one) => !allowed.includes(one))) {
      const answer = await ask(path, { method });
      expect([answer.status, answer.body]).toEqual([405, { detail: "Method Not Allowed" }]);
      expect(answer.headers.get("allow")).toBe(known.filter((one) => allowed.includes(one)).join(", "));
    }
  });

  it.each([
    ["nonsense", "nonsense"],
    ["unsigned", `${Buffer.from('{"alg":"none"}').toString("base64url")}.${TOKEN.split(".")[1] ?? ""}.`],
    ["of another signature", `${TOKEN.split(".").slice(0, 2).join(".")}.${"A".repeat(86)}`],
  ])("does not know a token that is %s: 401", async (_, token) => {
    const answer = await ask("/api/tasks", { headers: { authorization: `Bearer ${token}` } });
    expect(answer).toMatchObject({ status: 401, body: { error: "Authentication required", detail: "Invalid token" } });
  });

  it("that is none is 404 in JSON", async () => {
    for (const path of ["/api/nothing", "/api/tasks/7/nothing", "/api/notifications/7/read/8"]) {
      for (const method of ["GET", "POST", "DELETE"]) {
        const answer = await ask(path, { method });
        expect([answer.status, answer.body]).toEqual([404, { detail: "Not Found" }]);
      }
    }
  });
});

describe("a change with a cookie", () => {
  const person = { email: `${word()}@errand.example`, password: word(), name: "Ann" };
  const auth = (path: string, body: object, cookie = "") =>
    fetch(`${WEB_URL}/api/auth/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: WEB_URL, cookie },
      body: JSON.stringify(body),
    });
  let cookie = "";

  beforeAll(async () => {
    const response = await auth("sign-up/email", person);
    expect(response.status, await response.clone().text()).toBe(200);
    cookie = response.headers
      .getSetCookie()
      .map((line) => line.split(";", 1)[0])
      .join("; ");
  });

  afterAll(() => auth("sign-out", {}, cookie));

  const json = JSON.stringify({ title: "x", priority: "low", category: "work" });
  const post = (headers: Record<string, string>, body = json, path = "/api/tasks") =>
    fetch(WEB_URL + path, { method: "POST", headers: { cookie, ...headers }, body });
  const own = { "content-type": "application/json", "sec-fetch-site": "same-origin" };

  it("from Errand's own page is taken, and its task is the person's", async () => {
    const response = await post(own);
    expect(response.status).toBe(201);
    const task = (await response.json()) as TaskBody;
    expect(task.userId).not.toBe(USER_ID);
    expect((await post({ "content-type": "application/json", origin: WEB_URL })).status).toBe(201);
    const list = await fetch(`${WEB_URL}/api/tasks`, { headers: { cookie } });
    expect(((await list.json()) as TaskBody[]).map(({ id }) => id)).toContain(task.id);
    const deleted = await fetch(`${WEB_URL}/api/tasks/${task.id}`, {
      method: "DELETE",
      headers: { cookie, "sec-fetch-site": "same-origin" },
    });
    expect(deleted.status).toBe(204);
  });

  it("cannot reach another user's task, which is there to its owner", async () => {
    const { id } = await makeTask({ title: "mine" });
    const path = `${WEB_URL}/api/tasks/${id}`;
    expect((await fetch(path, { headers: { cookie } })).status).toBe(404);
    for (const [method, at] of [
      ["PUT", path],
      ["DELETE", path],
      ["PATCH", `${path}/complete`],
    ] as const) {
      const response = await fetch(at, { method, headers: { cookie, ...own }, body: "{}" });
      expect([response.status, await response.json()]).toEqual([404, { detail: "Task not found" }]);
    }
    expect((await ask(`/api/tasks/${id}`)).status).toBe(200);
  });

  it.each<[string, Record<string, string>, string]>([
    [
      "a form of another site",
      {
        "content-type": "application/x-www-form-urlencoded",
        origin: "https://evil.example",
        "sec-fetch-site": "cross-site",
      },
      "title=x",
    ],
    [
      "JSON as plain text of another site",
      { "content-type": "text/plain", origin: "https://evil.example", "sec-fetch-site": "cross-site" },
      json,
    ],
    ["JSON as plain text of our own page", { "content-type": "text/plain", "sec-fetch-site": "same-origin" }, json],
    ["JSON of another site", { "content-type": "application/json", origin: "https://evil.example" }, json],
    ["a request without Origin and Sec-Fetch-Site", { "content-type": "application/json" }, json],
  ])("by %s is 403", async (_, headers, body) => {
    const before = (await (await fetch(`${WEB_URL}/api/stats`, { headers: { cookie } })).json()) as object;
    const response = await post(headers, body);
    expect([response.status, Object.keys((await response.json()) as object)]).toEqual([403, ["detail"]]);
    const call = await post(headers, "{}", "/api/rpc/errand.v1.TaskService/CreateTask");
    expect([call.status, ((await call.json()) as { code: string }).code]).toEqual([403, "permission_denied"]);
    expect(await (await fetch(`${WEB_URL}/api/stats`, { headers: { cookie } })).json()).toEqual(before);
  });

  it("is not looked at beside a bearer token", async () => {
    const response = await post({ "content-type": "application/json", authorization: `Bearer ${TOKEN}` });
    expect(((await response.json()) as TaskBody).userId).toBe(USER_ID);
    expect((await post({ ...own, authorization: "Bearer nonsense" })).status).toBe(401);
  });
});
