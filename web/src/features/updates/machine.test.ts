import { Code } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";

import { heartbeat, ready, resyncRequired, update } from "./fixtures";
import { connectionState, INITIAL_STREAM, step, type StreamEvent, type StreamState } from "./machine";

const frame = (of: ReturnType<typeof ready>): StreamEvent => ({ type: "frame", frame: of });
const start: StreamEvent = { type: "start", isOnline: true };
const unavailable: StreamEvent = { type: "ended", code: Code.Unavailable };
const unauthenticated: StreamEvent = { type: "ended", code: Code.Unauthenticated };

/** Takes the events one after the other: the state after them, and all that was to be done. */
function run(...events: StreamEvent[]): { state: StreamState; done: string[] } {
  let state = INITIAL_STREAM;
  const done: string[] = [];
  for (const event of events) {
    const next = step(state, event);
    state = next.state;
    done.push(...next.effects.map(({ type }) => type));
  }
  return { state, done };
}

describe("the stream opens first, and lists are read after its first frame", () => {
  test("in this order", () => {
    expect(run(start).done).toEqual(["open"]);
    expect(run(start, frame(ready("1")), frame(heartbeat("1"))).done).toEqual(["open", "read"]);
    expect(run(start, frame(ready("1"))).state).toMatchObject({ phase: "live", cursor: "1" });
  });

  test("lists are read without it when it is late or fails, and again once it is there", () => {
    expect(run(start, { type: "late" }, frame(ready("1"))).done).toEqual(["open", "read", "resync"]);
    expect(run(start, unavailable, { type: "due" }, frame(ready("1"))).done).toEqual([
      "open",
      "read",
      "wait",
      "open",
      "resync",
    ]);
  });
});

describe("a break", () => {
  const live = [start, frame(ready("1")), frame(update("2"))];

  test("is resumed at the last cursor, and nothing is read again", () => {
    const { state, done } = run(...live, unavailable, { type: "due" }, frame(ready("2", true)));
    expect(done).toEqual(["open", "read", "deliver", "wait", "open"]);
    expect(state.cursor).toBe("2");
    expect(step({ ...state, phase: "waiting" }, { type: "due" }).effects).toEqual([
      { type: "open", cursor: "2", isFreshToken: false },
    ]);
  });

  test("that can't be resumed reads lists once, though the server says it twice", () => {
    const { done } = run(...live, unavailable, { type: "due" }, frame(ready("7")), frame(resyncRequired("7")));
    expect(done.filter((type) => type === "resync")).toHaveLength(1);
  });

  test("a later gap reads them again", () => {
    const { done } = run(...live, frame(resyncRequired("5")), frame(update("6")), frame(resyncRequired("9")));
    expect(done.filter((type) => type === "resync")).toHaveLength(2);
  });

  test("of silence closes the stream", () => {
    const { state, done } = run(...live, { type: "silent" });
    expect(done.slice(3)).toEqual(["close", "wait"]);
    expect(connectionState(state)).toBe("reconnecting");
  });

  test("grows with every failure in a row, and begins anew once it is live", () => {
    const { state } = run(start, unavailable, { type: "due" }, unavailable, { type: "due" }, unavailable);
    expect(state.attempt).toBe(3);
    expect(run(start, unavailable, { type: "due" }, frame(ready("1")), unavailable).state.attempt).toBe(1);
  });

  test("ends early when the page wakes", () => {
    const woken: StreamEvent = { type: "woken", isOnline: true, isStale: false };
    expect(run(...live, unavailable, woken).done.slice(3)).toEqual(["wait", "open"]);
    expect(run(...live, woken).done.slice(3)).toEqual([]);
    expect(run(...live, { ...woken, isStale: true }).done.slice(3)).toEqual(["close", "open"]);
  });
});

describe("tokens", () => {
  const live = [start, frame(ready("1"))];

  test("the end of a token is normal: the stream goes on with a new one, and nobody is told", () => {
    const { state, done } = run(...live, unauthenticated);
    expect(done).toEqual(["open", "read", "open"]);
    expect(state.isFreshToken).toBe(true);
    expect(connectionState(state)).toBe("live");
    expect(connectionState(step(state, unavailable).state)).toBe("reconnecting");
  });

  test("one that is refused at once is replaced once, then the person signs in", () => {
    expect(run(start, unauthenticated).done).toEqual(["open", "open"]);
    const { state, done } = run(start, unauthenticated, unauthenticated);
    expect(done).toEqual(["open", "open", "close", "sign-in"]);
    expect(step(state, { type: "due" }).effects).toEqual([]);
  });

  test("without a session the person signs in", () => {
    expect(run(...live, unavailable, { type: "due" }, { type: "no-session" }).done.at(-1)).toBe("sign-in");
  });
});

describe("without a network", () => {
  test("the page says so, and is live again once a server answers, be it on the same machine", () => {
    const away = run(start, frame(ready("1")), { type: "offline" });
    expect(away.done).toEqual(["open", "read", "close", "wait"]);
    expect(connectionState(away.state)).toBe("offline");
    const opened = step(away.state, { type: "due" }).state;
    expect(connectionState(opened)).toBe("offline");
    expect(connectionState(step(opened, frame(ready("1", true))).state)).toBe("live");
  });

  test("it connects when it is back", () => {
    const { state, done } = run(start, { type: "offline" }, { type: "woken", isOnline: true, isStale: false });
    expect(done.at(-1)).toBe("open");
    expect(connectionState(state)).toBe("reconnecting");
  });
});

test("what comes after the end is not heard", () => {
  expect(run(start, { type: "stop" }, frame(ready("1")), unavailable, { type: "due" }).done).toEqual(["open", "close"]);
});
