import { fromBinary, toBinary } from "@bufbuild/protobuf";

import { StreamUpdatesResponseSchema } from "@/gen/errand/v1/update_service_pb";

import type { UpdateHub } from "./hub";
import { connectionState } from "./machine";
import { StreamRunner, type RunnerListener } from "./runner";
import type { OpenStream } from "./stream";
import type { TabChannel, TabLocks, TabMessage, TabStatus } from "./tab-message";

/** What a tab needs of the browser. */
export interface TabOptions {
  /** Of this person in this browser. */
  name: string;
  hub: UpdateHub;
  openStream: OpenStream;
  isOnline: () => boolean;
  onSignIn: () => void;
  random?: () => number;
  /** Absent where the page's address is not secure: then every tab has a stream of its own. */
  locks?: TabLocks | undefined;
  channel?: (name: string) => TabChannel;
}

/**
 * One tab among those of a browser: the one that holds the lock has the stream, and tells the others what comes. When it
 * closes, the next gets the lock and goes on where it was.
 */
export class UpdateTab {
  #channel: TabChannel | undefined;
  #runner: StreamRunner | undefined;
  #membership: AbortController | undefined;
  #release: (() => void) | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #status: TabStatus | undefined;

  constructor(private readonly options: TabOptions) {}

  join(): void {
    if (this.#membership) return;
    const { locks, channel, name } = this.options;
    this.#membership = new AbortController();
    if (!locks || !channel) {
      this.#lead();
      return;
    }
    this.#channel = channel(name);
    this.#channel.onmessage = ({ data }) => this.#hear(data);
    this.#channel.postMessage({ kind: "hello" });
    this.#queue(this.#membership.signal, false);
  }

  leave(): void {
    this.#membership?.abort();
    this.#membership = undefined;
    clearTimeout(this.#silence);
    this.#stepDown();
    this.#channel?.close();
    this.#channel = undefined;
  }

  /** The network is back, the page is seen again, or the person wants it. */
  wake(): void {
    if (this.#runner) this.#runner.wake(this.options.isOnline());
    else this.#channel?.postMessage({ kind: "wake" });
  }

  goOffline(): void {
    this.#runner?.goOffline();
  }

  /** Waits for the lock. One that is stolen was held by a tab that sleeps. */
  #queue(signal: AbortSignal, steal: boolean): void {
    const hold = () =>
      new Promise<void>((resolve) => {
        if (signal.aborted) {
          resolve();
          return;
        }
        this.#release = resolve;
        this.#lead();
      });
    // A request that steals can't be withdrawn, and needs not be.
    const request = this.options.locks?.request(this.options.name, steal ? { steal } : { signal }, hold);
    request?.catch(() => {
      // Another tab took the lock, or this one left.
      if (signal.aborted) return;
      this.#stepDown();
      this.#queue(signal, false);
      this.#listen();
    });
  }

  #lead(): void {
    clearTimeout(this.#silence);
    const { hub, openStream, random } = this.options;
    this.#runner = new StreamRunner(openStream, this.#leaderListener(), random);
    this.#runner.start({ cursor: hub.cursor, hasRead: hub.get().hasRead }, this.options.isOnline());
  }

  #stepDown(): void {
    this.#runner?.stop();
    this.#runner = undefined;
    this.#release?.();
    this.#release = undefined;
  }

  #leaderListener(): RunnerListener {
    const { hub } = this.options;
    return {
      frame: (frame, after) => {
        hub.cursor = frame.cursor || hub.cursor;
        this.#channel?.postMessage({ kind: "frame", bytes: toBinary(StreamUpdatesResponseSchema, frame), after });
      },
      effect: (effect) => {
        if (effect.type === "deliver") hub.deliver(effect.update);
        else if (effect.type === "read") hub.read();
        else if (effect.type === "resync") hub.resync();
        else if (effect.type === "sign-in") this.options.onSignIn();
      },
      state: (state) => {
        if (state.phase === "stopped") return;
        hub.connection(connectionState(state));
        this.#tell();
      },
    };
  }

  /** Says how the stream stands, if this changed or somebody has asked. */
  #tell(isAsked = false): void {
    const runner = this.#runner;
    if (!runner) return;
    const { cursor, hasRead } = runner.state;
    const status = { state: connectionState(runner.state), cursor, hasRead };
    if (!isAsked && this.#status?.state === status.state && this.#status.hasRead === hasRead) return;
    this.#status = status;
    this.#channel?.postMessage({ kind: "status", status });
  }

  #hear(message: TabMessage): void {
    if (this.#runner) {
      if (message.kind === "hello") this.#tell(true);
      else if (message.kind === "wake") this.wake();
      return;
    }
    if (message.kind === "frame") {
      this.options.hub.takeFrame(fromBinary(StreamUpdatesResponseSchema, message.bytes), message.after);
      this.#listen();
    } else if (message.kind === "status") {
      this.#follow(message.status);
      this.#listen();
    }
  }

  #follow({ state, cursor, hasRead }: TabStatus): void {
    const { hub } = this.options;
    hub.connection(state);
    if (hasRead && !hub.get().hasRead) hub.read();
    else if (hub.cursor !== "" && cursor !== hub.cursor) hub.resync();
    hub.cursor = cursor;
    this.#status = { state, cursor, hasRead };
  }

  /** A tab that says nothing for long is asleep, with the lock in its hand. */
  #listen(): void {
    clearTimeout(this.#silence);
    const patience = this.#status?.state === "live" ? LIVE_SILENCE : OTHER_SILENCE;
    this.#silence = setTimeout(() => {
      const signal = this.#membership?.signal;
      if (signal && !this.#runner) this.#queue(signal, true);
    }, patience);
  }
}

/** Longer than the leader itself waits for its stream. */
const LIVE_SILENCE = 55_000;
/** Timers of a tab in the background run once a minute. */
const OTHER_SILENCE = 150_000;
