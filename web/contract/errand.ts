import { expect } from "vitest";

const given = (name: string): string => {
  const value = process.env[name];
  if (value === undefined || value === "")
    throw new Error(`${name} is needed: the tests are run against a running Errand`);
  return value;
};

/** The public address of the web app. */
export const WEB_URL = given("ERRAND_TEST_WEB_URL");

/** The access token of a person. */
export const TOKEN = given("ERRAND_TEST_TOKEN");

/** The user whose token it is. */
export const USER_ID = (JSON.parse(Buffer.from(TOKEN.split(".")[1] ?? "", "base64url").toString()) as { sub: string })
  .sub;

/** An answer, read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: unknown;
}

/** What a request has beyond its path. */
export interface Asked {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** Asks with the token, or with other headers in its place. */
export async function ask(path: string, { method = "GET", body, headers = {} }: Asked = {}): Promise<Answer> {
  const type: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
  const init: RequestInit = {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, ...type, ...headers },
    redirect: "manual",
  };
  if (body !== undefined) init.body = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(WEB_URL + path, init);
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson ? (JSON.parse(text) as unknown) : undefined,
  };
}

/** A task in an answer. */
export type TaskBody = Record<string, unknown> & { id: string; title: string; tags: string[] };

/** Makes a task and answers with it. */
export async function makeTask(fields: Record<string, unknown>): Promise<TaskBody> {
  const answer = await ask("/api/tasks", { method: "POST", body: { priority: "low", category: "other", ...fields } });
  expect(answer.status, answer.text).toBe(201);
  return answer.body as TaskBody;
}

/** A word that no other run of the tests uses. */
export function word(): string {
  return `w${crypto.randomUUID().replaceAll("-", "")}`;
}

/** Reads until what is read is as wanted; most of what follows a change comes a moment later. */
export async function until<T>(read: () => Promise<T>, isWanted: (value: T) => boolean): Promise<T> {
  const last = Date.now() + 30_000;
  for (;;) {
    const value = await read();
    if (isWanted(value)) return value;
    if (Date.now() > last) throw new Error(`still not as wanted: ${JSON.stringify(value)}`);
    await new Promise((passed) => setTimeout(passed, 100));
  }
}
