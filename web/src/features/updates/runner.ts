import { Code, ConnectError } from "@connectrpc/connect";

import type { StreamUpdatesResponse } from "@/gen/errand/v1/update_service_pb";

import { backOff } from "./back-off";
import { INITIAL_STREAM, step, type StreamEffect, type StreamEvent, type StreamState } from "./machine";
import type { OpenStream } from "./stream";
import { NoSessionError } from "./token";

/** Who hears of what the stream does. */
export interface RunnerListener {
  /** A frame that counts, and the cursor before it. */
  frame: (frame: StreamUpdatesResponse, after: string) => void;
  effect: (effect: StreamEffect) => void;
  state: (state: StreamState) => void;
}

/** Keeps one stream open: does what the machine says, and tells it what happens. */
export class StreamRunner {
  #state: StreamState;
  #stream: AbortController | undefined;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #watching: ReturnType<typeof setTimeout> | undefined;
  #late: ReturnType<typeof setTimeout> | undefined;
  #lastFrameAt = 0;

  constructor(
    private readonly openStream: OpenStream,
    private readonly listener: RunnerListener,
    private readonly random: () => number = Math.random,
  ) {
    this.#state = INITIAL_STREAM;
  }

  get state(): StreamState {
    return this.#state;
  }

  /** Starts where another has ended. */
  start(from: { cursor: string; hasRead: boolean }, isOnline: boolean): void {
    this.#state = { ...INITIAL_STREAM, ...from };
    this.#late = setTimeout(() => this.#take({ type: "late" }), LATE);
    this.#take({ type: "start", isOnline });
  }

  /** Tries at once if it is not connected, or has not been heard of for long. */
  wake(isOnline: boolean): void {
    const patience = this.#state.phase === "live" ? SILENCE : OPENING;
    this.#take({ type: "woken", isOnline, isStale: Date.now() - this.#lastFrameAt >= patience });
  }

  goOffline(): void {
    this.#take({ type: "offline" });
  }

  stop(): void {
    this.#take({ type: "stop" });
    for (const timer of [this.#waiting, this.#watching, this.#late]) clearTimeout(timer);
  }

  #take(event: StreamEvent): void {
    const before = this.#state;
    const { state, effects } = step(before, event);
    this.#state = state;
    if (event.type === "frame") this.listener.frame(event.frame, before.cursor);
    for (const effect of effects) this.#do(effect);
    if (state !== before) this.listener.state(state);
  }

  #do(effect: StreamEffect): void {
    switch (effect.type) {
      case "open":
        clearTimeout(this.#waiting);
        void this.#read(effect);
        break;
      case "close":
        this.#close();
        break;
      case "wait":
        clearTimeout(this.#waiting);
        this.#waiting = setTimeout(() => this.#take({ type: "due" }), backOff(effect.attempt, this.random));
        break;
      default:
        this.listener.effect(effect);
    }
  }

  async #read(request: { cursor: string; isFreshToken: boolean }): Promise<void> {
    this.#close();
    const stream = new AbortController();
    this.#stream = stream;
    this.#watch(OPENING);
    // What a closed stream still says is not heard.
    const take = (event: StreamEvent) => {
      if (this.#stream === stream) this.#take(event);
    };
    try {
      for await (const frame of this.openStream(request, stream.signal)) {
        if (stream.signal.aborted) return;
        this.#watch(SILENCE);
        take({ type: "frame", frame });
      }
      take({ type: "ended" });
    } catch (error) {
      if (error instanceof NoSessionError) take({ type: "no-session" });
      else take({ type: "ended", code: error instanceof ConnectError ? error.code : Code.Unavailable });
    }
  }

  #close(): void {
    clearTimeout(this.#watching);
    const stream = this.#stream;
    this.#stream = undefined;
    stream?.abort();
  }

  #watch(patience: number): void {
    this.#lastFrameAt = Date.now();
    clearTimeout(this.#watching);
    this.#watching = setTimeout(() => this.#take({ type: "silent" }), patience);
  }
}

/** The server says something every 15 seconds. */
const SILENCE = 40_000;
const OPENING = 15_000;
/** So long a page waits for the stream before it reads its lists without. */
const LATE = 2500;
