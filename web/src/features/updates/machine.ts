import { Code } from "@connectrpc/connect";

import type { UpdateData } from "@/gen/errand/v1/event_pb";
import type { StreamUpdatesResponse } from "@/gen/errand/v1/update_service_pb";

import type { ConnectionState } from "./types";

/** Where the stream stands. */
export interface StreamState {
  phase: "idle" | "opening" | "live" | "waiting" | "signed-out" | "stopped";
  /** Where to go on after a break. */
  cursor: string;
  /** How many times in a row it has failed. */
  attempt: number;
  /** Whether lists may have been read: from then on nothing may be missed. */
  hasRead: boolean;
  /** Whether all lists are read again already since the last frame that told of a change. */
  isResynced: boolean;
  /** Whether the token of this attempt was made for it. */
  isFreshToken: boolean;
  /** Whether it only goes on with a new token, which nobody needs to know. */
  isRenewal: boolean;
  /** What the browser thinks of the network. It knows nothing of a server on the same machine. */
  isOnline: boolean;
}

export type StreamEvent =
  | { type: "start"; isOnline: boolean }
  | { type: "frame"; frame: StreamUpdatesResponse }
  | { type: "ended"; code?: Code }
  /** There is no one signed in, so no token. */
  | { type: "no-session" }
  /** Nothing has come for too long. */
  | { type: "silent" }
  /** The time of waiting is over. */
  | { type: "due" }
  /** The first frame is late: lists are read without it. */
  | { type: "late" }
  /** The network is back, the page is seen again, or the person wants it. */
  | { type: "woken"; isOnline: boolean; isStale: boolean }
  | { type: "offline" }
  | { type: "stop" };

export type StreamEffect =
  | { type: "open"; cursor: string; isFreshToken: boolean }
  | { type: "close" }
  | { type: "wait"; attempt: number }
  | { type: "deliver"; update: UpdateData }
  /** From now on lists are read. */
  | { type: "read" }
  /** Something was missed: lists are read again. */
  | { type: "resync" }
  | { type: "sign-in" };

export interface Step {
  state: StreamState;
  effects: StreamEffect[];
}

export const INITIAL_STREAM: StreamState = {
  phase: "idle",
  cursor: "",
  attempt: 0,
  hasRead: false,
  isResynced: false,
  isFreshToken: false,
  isRenewal: false,
  isOnline: true,
};

/** What an event makes of the stream, and what is to be done. */
export function step(state: StreamState, event: StreamEvent): Step {
  if (state.phase === "stopped" || (state.phase === "signed-out" && event.type !== "stop")) return still(state);
  switch (event.type) {
    case "start":
      return open({ ...state, isOnline: event.isOnline });
    case "frame":
      return isConnected(state) ? takeFrame(state, event.frame) : still(state);
    case "ended":
      return isConnected(state) ? end(state, event.code) : still(state);
    case "no-session":
      return signOut(state);
    case "silent":
      return isConnected(state) ? retry(state, [{ type: "close" }]) : still(state);
    case "due":
      return state.phase === "waiting" ? open(state) : still(state);
    case "late":
      return read(state);
    case "woken":
      return wake({ ...state, isOnline: event.isOnline }, event.isStale);
    case "offline":
      return retry({ ...state, isOnline: false }, [{ type: "close" }]);
    case "stop":
      return { state: { ...state, phase: "stopped" }, effects: [{ type: "close" }] };
  }
}

/** What the page tells of it. */
export function connectionState(state: StreamState): ConnectionState {
  if (state.phase === "live" || (state.phase === "opening" && state.isRenewal)) return "live";
  if (!state.isOnline) return "offline";
  return state.attempt > 0 ? "reconnecting" : "connecting";
}

function takeFrame(state: StreamState, { frame, cursor }: StreamUpdatesResponse): Step {
  const here = { ...state, cursor: cursor || state.cursor };
  switch (frame.case) {
    case "ready": {
      const live: StreamState = { ...here, phase: "live", attempt: 0, isFreshToken: false, isRenewal: false };
      if (!live.hasRead) return read(live);
      return frame.value.resumed ? still({ ...live, isResynced: false }) : resync({ ...live, isResynced: false });
    }
    case "update":
      return { state: { ...here, isResynced: false }, effects: [{ type: "deliver", update: frame.value }] };
    case "resyncRequired":
      return resync(here);
    default:
      return still({ ...here, isResynced: false });
  }
}

/** That the token has expired is how every stream ends; a token that is refused at once may have been an old one. */
function end(state: StreamState, code: Code | undefined): Step {
  if (code !== Code.Unauthenticated) return retry(state);
  if (state.phase === "live") return open({ ...state, isFreshToken: true, isRenewal: true });
  return state.isFreshToken ? signOut(state) : open({ ...state, isFreshToken: true });
}

function wake(state: StreamState, isStale: boolean): Step {
  if (isConnected(state) && !isStale) return still(state);
  if (state.phase === "idle") return still(state);
  const { state: opened, effects } = open({ ...state, isRenewal: false });
  return { state: opened, effects: isConnected(state) ? [{ type: "close" }, ...effects] : effects };
}

function open(state: StreamState): Step {
  return {
    state: { ...state, phase: "opening" },
    effects: [{ type: "open", cursor: state.cursor, isFreshToken: state.isFreshToken }],
  };
}

function retry(state: StreamState, effects: StreamEffect[] = []): Step {
  const attempt = state.attempt + 1;
  const waiting = read({ ...state, phase: "waiting", attempt, isFreshToken: false, isRenewal: false });
  return { state: waiting.state, effects: [...effects, ...waiting.effects, { type: "wait", attempt }] };
}

function read(state: StreamState): Step {
  return { state: { ...state, hasRead: true, isResynced: true }, effects: state.hasRead ? [] : [{ type: "read" }] };
}

function resync(state: StreamState): Step {
  return {
    state: { ...state, hasRead: true, isResynced: true },
    effects: state.isResynced ? [] : [{ type: "resync" }],
  };
}

function signOut(state: StreamState): Step {
  return { state: { ...state, phase: "signed-out" }, effects: [{ type: "close" }, { type: "sign-in" }] };
}

function still(state: StreamState): Step {
  return { state, effects: [] };
}

function isConnected(state: StreamState): boolean {
  return state.phase === "opening" || state.phase === "live";
}
