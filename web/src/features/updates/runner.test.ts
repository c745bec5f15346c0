import { Code } from "@connectrpc/connect";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { heartbeat, ready, resyncRequired, update, UpdateServer } from "./fixtures";
import { connectionState } from "./machine";
import { StreamRunner } from "./runner";
import { NoSessionError } from "./token";

let server: UpdateServer;
let runner: StreamRunner;
let heard: string[];

const listener = {
  frame: () => undefined,
  effect: (effect: { type: string }) => void heard.push(effect.type),
  state: () => undefined,
};

/** Lets everything happen that is due within so many milliseconds. */
const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  server = new UpdateServer();
  heard = [];
  // Half of the longest wait, always.
  runner = new StreamRunner(server.open, listener, () => 0.5);
});

afterEach(() => {
  runner.stop();
  vi.useRealTimers();
});

async function goLive(cursor = "1"): Promise<void> {
  runner.start({ cursor: "", hasRead: false }, true);
  await pass();
  server.last.send(ready(cursor));
  await pass();
}

test("it opens the stream with a token, and hears frames in order", async () => {
  await goLive();
  expect(server.last).toMatchObject({ cursor: "", authorization: "Bearer t1" });
  server.last.send(update("2"), update("3"), heartbeat("3"));
  await pass();
  expect(heard).toEqual(["read", "deliver", "deliver"]);
  expect(runner.state.cursor).toBe("3");
});

test("it waits twice as long after each failure, but never longer than half a minute", async () => {
  server.refusals = Array<Code>(12).fill(Code.Unavailable);
  runner.start({ cursor: "", hasRead: false }, true);
  await pass();
  const waits: number[] = [];
  let before = Date.now();
  for (let count = 2; count <= 9; count += 1) {
    while (server.streams.length < count) await pass(250);
    waits.push(Date.now() - before);
    before = Date.now();
  }
  expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
});

test("it resumes where it was", async () => {
  await goLive();
  server.last.send(update("2"));
  await pass();
  server.last.fail(Code.Unavailable);
  await pass(600);
  expect(server.streams).toHaveLength(2);
  expect(server.last.cursor).toBe("2");
  server.last.send(ready("2", true));
  await pass();
  expect(heard).toEqual(["read", "deliver"]);
});

test("it gives up a stream of which nothing is heard for 40 seconds", async () => {
  await goLive();
  await pass(39_000);
  server.last.send(heartbeat("1"));
  await pass(39_000);
  expect(connectionState(runner.state)).toBe("live");
  await pass(1001);
  expect(server.streams[0]?.signal.aborted).toBe(true);
  expect(connectionState(runner.state)).toBe("reconnecting");
  await pass(600);
  expect(server.streams).toHaveLength(2);
});

test("it gives up a stream that does not begin, and lists are read meanwhile", async () => {
  runner.start({ cursor: "", hasRead: false }, true);
  await pass(2500);
  expect(heard).toEqual(["read"]);
  await pass(12_600);
  expect(connectionState(runner.state)).toBe("reconnecting");
});

test("it takes a new token at the end of the old one, and nobody is told", async () => {
  await goLive();
  server.last.fail(Code.Unauthenticated);
  await pass();
  expect(server.last).toMatchObject({ cursor: "1", authorization: "Bearer t2" });
  expect(connectionState(runner.state)).toBe("live");
  server.last.send(ready("1", true));
  await pass();
  expect(heard).toEqual(["read"]);
});

test("it asks for one new token when a token is refused, then for a sign-in", async () => {
  server.refusals = [Code.Unauthenticated, Code.Unauthenticated];
  runner.start({ cursor: "", hasRead: false }, true);
  await pass(60_000);
  expect(server.streams.map(({ authorization }) => authorization)).toEqual(["Bearer t1", "Bearer t2"]);
  expect(heard.at(-1)).toBe("sign-in");
});

test("it asks for a sign-in where there is no session", async () => {
  const open = async function* () {
    await Promise.resolve();
    throw new NoSessionError("");
  };
  const without = new StreamRunner(open, listener);
  without.start({ cursor: "", hasRead: true }, true);
  await pass();
  expect(heard).toEqual(["sign-in"]);
  without.stop();
});

test("it wakes from its wait, and from sleep, but leaves a stream that lives", async () => {
  await goLive();
  runner.wake(true);
  await pass();
  expect(server.streams).toHaveLength(1);
  server.last.fail(Code.Unavailable);
  await pass();
  runner.wake(true);
  await pass();
  expect(server.streams).toHaveLength(2);
  server.last.send(ready("1", true));
  await pass();
  // The machine has slept: its timers have not run.
  vi.setSystemTime(Date.now() + 60_000);
  runner.wake(true);
  await pass();
  expect(server.streams).toHaveLength(3);
});

test("it reads lists once after a gap", async () => {
  await goLive();
  server.last.fail(Code.Unavailable);
  await pass(600);
  server.last.send(ready("9"), resyncRequired("9"));
  await pass();
  expect(heard).toEqual(["read", "resync"]);
});

test("it hears nothing once it is stopped", async () => {
  await goLive();
  runner.stop();
  server.last.send(update("2"));
  await pass(120_000);
  expect(heard).toEqual(["read"]);
  expect(server.streams).toHaveLength(1);
});
