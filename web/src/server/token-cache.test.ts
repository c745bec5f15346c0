import { beforeEach, expect, test } from "vitest";

import { TokenCache } from "./token-cache";

let minted: string[];
let now: number;

beforeEach(() => {
  minted = [];
  now = 0;
});

function mint(): Promise<string> {
  minted.push(`token ${minted.length}`);
  return Promise.resolve(minted.at(-1) ?? "");
}

const cache = (capacity = 10) => new TokenCache({ capacity, seconds: 240 }, () => now);

test("a session's token is made once, also for who asks at the same time, until it is too old", async () => {
  const tokens = cache();
  expect(await Promise.all([tokens.get("a", mint), tokens.get("a", mint)])).toEqual(["token 0", "token 0"]);
  now = 239_999;
  expect(await tokens.get("a", mint)).toBe("token 0");
  now = 240_000;
  expect(await tokens.get("a", mint)).toBe("token 1");
});

test("each session has its own", async () => {
  const tokens = cache();
  expect([await tokens.get("a", mint), await tokens.get("b", mint)]).toEqual(["token 0", "token 1"]);
});

test("one that could not be made is made for the next who asks", async () => {
  const tokens = cache();
  await expect(tokens.get("a", () => Promise.reject(new Error("no database")))).rejects.toThrow("no database");
  expect(await tokens.get("a", mint)).toBe("token 0");
});

test("the oldest makes room", async () => {
  const tokens = cache(2);
  for (const session of ["a", "b", "c", "b"]) await tokens.get(session, mint);
  expect(minted).toHaveLength(3);
  await tokens.get("a", mint);
  expect(minted).toHaveLength(4);
});
