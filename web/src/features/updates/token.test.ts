import { beforeEach, expect, test, vi } from "vitest";

import { NoSessionError, tokenSource } from "./token";

const signal = new AbortController().signal;
let now: number;
let asked: number;

beforeEach(() => {
  now = 1_000_000_000;
  asked = 0;
});

/** A token of five minutes, as the web app makes it. */
const tokenOf = (sub: string, id: number) =>
  ["e30", btoa(JSON.stringify({ sub, exp: now / 1000 + 300, id })).replaceAll("=", ""), "signature"].join(".");

function source(status = 200, sub = "alice") {
  const answer = vi.fn<typeof fetch>(() => {
    asked += 1;
    return Promise.resolve(Response.json({ token: tokenOf(sub, asked) }, { status }));
  });
  return tokenSource("alice", answer, () => now);
}

test("a token is kept until a minute before its end", async () => {
  const token = source();
  const first = await token(false, signal);
  now += 239_000;
  expect(await token(false, signal)).toBe(first);
  now += 2000;
  expect(await token(false, signal)).not.toBe(first);
  expect(asked).toBe(2);
});

test("all who ask at the same time get the same", async () => {
  const token = source();
  const [first, second] = await Promise.all([token(false, signal), token(true, signal)]);
  expect(first).toBe(second);
  expect(asked).toBe(1);
});

test("a fresh token is not the one that was kept", async () => {
  const token = source();
  const first = await token(false, signal);
  expect(await token(true, signal)).not.toBe(first);
});

test("without a session, or in that of someone else, there is none", async () => {
  await expect(source(401)(false, signal)).rejects.toThrow(NoSessionError);
  await expect(source(200, "bob")(false, signal)).rejects.toThrow(NoSessionError);
});

test("a web app that is away is not taken for a session that has ended", async () => {
  const token = source(503);
  await expect(token(false, signal)).rejects.not.toThrow(NoSessionError);
  await expect(token(false, signal)).rejects.toThrow("503");
  expect(asked).toBe(2);
});
