import type { UpdateData } from "@/gen/errand/v1/event_pb";

/** How the page stands with the stream of updates. */
export type ConnectionState = "connecting" | "live" | "reconnecting" | "offline";

export interface Connection {
  state: ConnectionState;
  /** Since when, in milliseconds. */
  since: number;
  /** Tries at once, without waiting for the next turn. */
  retryNow: () => void;
}

/** Takes what the stream tells, in order. */
export type UpdateListener = (update: UpdateData) => void;
