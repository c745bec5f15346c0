import type { ConnectionState } from "./types";

/** What the tabs of one browser tell each other. */
export type TabMessage =
  /** A tab has come, and wants to know how things stand. */
  | { kind: "hello" }
  /** The tab with the stream says how it stands. */
  | { kind: "status"; status: TabStatus }
  /** A frame of the stream as bytes, and the cursor of the one before: so a tab sees that it has missed one. */
  | { kind: "frame"; bytes: Uint8Array; after: string }
  /** The person wants the stream now. */
  | { kind: "wake" };

export interface TabStatus {
  state: ConnectionState;
  cursor: string;
  /** Whether lists may be read. */
  hasRead: boolean;
}

/** What carries the messages to the other tabs. */
export interface TabChannel {
  postMessage: (message: TabMessage) => void;
  onmessage: ((event: { data: TabMessage }) => void) | null;
  close: () => void;
}

/** What makes sure that only one tab has the stream. */
export interface TabLocks {
  request: (
    name: string,
    options: { signal?: AbortSignal; steal?: boolean },
    callback: () => Promise<void>,
  ) => Promise<void>;
}
