import { Code } from "@connectrpc/connect";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { Browser, heartbeat, ready, update, UpdateServer } from "./fixtures";
import { UpdateHub } from "./hub";
import { UpdateTab } from "./tabs";

let server: UpdateServer;
let browser: Browser;
let tabs: UpdateTab[];

const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  server = new UpdateServer();
  browser = new Browser();
  tabs = [];
});

afterEach(() => {
  for (const tab of tabs) tab.leave();
  vi.useRealTimers();
});

/** A tab, and what its page has heard. */
async function openTab(shared: Partial<Browser> = browser) {
  const hub = new UpdateHub();
  const heard: string[] = [];
  hub.onUpdate(({ item }) => heard.push(item.case === "task" ? item.value.id : ""));
  hub.onResync(() => heard.push("resync"));
  const { locks, channel } = shared;
  const tab = new UpdateTab({
    name: "errand",
    hub,
    openStream: server.open,
    isOnline: () => true,
    onSignIn: () => heard.push("sign-in"),
    random: () => 0.5,
    ...(locks && { locks }),
    ...(channel && { channel }),
  });
  tabs.push(tab);
  tab.join();
  await pass();
  return { tab, hub, heard };
}

describe("tabs of one browser", () => {
  test("have one stream, and all hear what it tells", async () => {
    const [first, second] = [await openTab(), await openTab()];
    expect(server.streams).toHaveLength(1);
    server.last.send(ready("1"), update("2", "a"));
    await pass();
    for (const { hub, heard } of [first, second]) {
      expect(hub.get()).toMatchObject({ state: "live", hasRead: true });
      expect(heard).toEqual(["a"]);
    }
  });

  test("a tab that comes later learns how things stand, and reads its lists", async () => {
    await openTab();
    server.last.send(ready("1"), update("2", "a"));
    await pass();
    const late = await openTab();
    expect(late.hub.get()).toMatchObject({ state: "live", hasRead: true });
    server.last.send(update("3", "b"));
    await pass();
    expect(late.heard).toEqual(["b"]);
  });

  test("another goes on where it was when the one with the stream closes", async () => {
    const [first, second] = [await openTab(), await openTab()];
    server.last.send(ready("1"), update("2", "a"));
    await pass();
    first.tab.leave();
    await pass();
    expect(server.streams[0]?.signal.aborted).toBe(true);
    expect(server.streams).toHaveLength(2);
    expect(server.last.cursor).toBe("2");
    server.last.send(ready("2", true), update("3", "b"));
    await pass();
    expect(second.heard).toEqual(["a", "b"]);
    expect(first.heard).toEqual(["a"]);
  });

  test("a tab that has missed a frame reads its lists once", async () => {
    const [, second] = [await openTab(), await openTab()];
    server.last.send(ready("1"));
    await pass();
    second.hub.cursor = "0";
    server.last.send(update("2", "a"), update("3", "b"));
    await pass();
    expect(second.heard).toEqual(["a", "resync", "b"]);
  });

  test("a tab that was put aside compares its cursor when it comes back", async () => {
    const [, second] = [await openTab(), await openTab()];
    server.last.send(ready("1"));
    await pass();
    second.tab.leave();
    second.tab.join();
    await pass();
    expect(second.heard).toEqual([]);
    second.tab.leave();
    server.last.send(update("2", "a"));
    await pass();
    second.tab.join();
    await pass();
    expect(second.heard).toEqual(["resync"]);
  });

  test("the stream is taken from a tab that sleeps", async () => {
    await openTab();
    const second = await openTab();
    server.last.send(ready("1"));
    await pass();
    browser.mute();
    for (let beat = 0; beat < 4; beat += 1) {
      server.streams[0]?.send(heartbeat("1"));
      await pass(14_000);
    }
    expect(server.streams).toHaveLength(2);
    server.last.send(ready("1", true), update("2", "b"));
    await pass();
    expect(second.heard).toEqual(["b"]);
    expect(server.streams[0]?.signal.aborted).toBe(true);
  });

  test("any of them can wake the stream", async () => {
    const [, second] = [await openTab(), await openTab()];
    server.last.send(ready("1"));
    await pass();
    server.last.fail(Code.Unavailable);
    await pass();
    expect(second.hub.get().state).toBe("reconnecting");
    second.tab.wake();
    await pass();
    expect(server.streams).toHaveLength(2);
  });
});

test("without locks every tab has a stream of its own", async () => {
  const [first, second] = [await openTab({}), await openTab({})];
  expect(server.streams).toHaveLength(2);
  for (const stream of server.streams) stream.send(ready("1"));
  await pass();
  expect([first.hub.get().state, second.hub.get().state]).toEqual(["live", "live"]);
});
