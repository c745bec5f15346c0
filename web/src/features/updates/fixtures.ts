import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";

import {
  StreamUpdatesResponseSchema,
  UpdateService,
  type StreamUpdatesResponse,
} from "@/gen/errand/v1/update_service_pb";
import type { TabChannel, TabLocks, TabMessage } from "./tab-message";
import { updateStream, type OpenStream } from "./stream";

export const ready = (cursor: string, resumed = false) =>
  create(StreamUpdatesResponseSchema, { cursor, frame: { case: "ready", value: { resumed } } });

export const heartbeat = (cursor: string) =>
  create(StreamUpdatesResponseSchema, { cursor, frame: { case: "heartbeat", value: {} } });

export const resyncRequired = (cursor: string) =>
  create(StreamUpdatesResponseSchema, { cursor, frame: { case: "resyncRequired", value: {} } });

/** An update that can be told from others by the task's id. */
export const update = (cursor: string, id = cursor) =>
  create(StreamUpdatesResponseSchema, {
    cursor,
    frame: { case: "update", value: { item: { case: "task", value: { id } } } },
  });

/** One stream that a client has open. */
export class OpenedStream {
  readonly #queue: (StreamUpdatesResponse | ConnectError)[] = [];
  #wake: () => void = () => undefined;

  constructor(
    readonly cursor: string,
    readonly authorization: string,
    readonly signal: AbortSignal,
  ) {
    signal.addEventListener("abort", () => this.#wake());
  }

  send(...frames: StreamUpdatesResponse[]): void {
    this.#queue.push(...frames);
    this.#wake();
  }

  fail(code: Code): void {
    this.#queue.push(new ConnectError("", code));
    this.#wake();
  }

  async *frames(): AsyncGenerator<StreamUpdatesResponse> {
    while (!this.signal.aborted) {
      const next = this.#queue.shift();
      if (next instanceof ConnectError) throw next;
      if (next) yield next;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

/** realtime-service in memory. */
export class UpdateServer {
  readonly streams: OpenedStream[] = [];
  /** Refuses the next streams. */
  refusals: Code[] = [];
  tokens = 0;

  readonly open: OpenStream = updateStream(
    (isFresh) =>
      Promise.resolve(isFresh || this.tokens === 0 ? `t${String((this.tokens += 1))}` : `t${String(this.tokens)}`),
    createRouterTransport(({ service }) => {
      service(UpdateService, {
        streamUpdates: ({ cursor }, { requestHeader, signal }) => this.#open(cursor, requestHeader, signal),
      });
    }),
  );

  /** The stream that was opened last. */
  get last(): OpenedStream {
    const last = this.streams.at(-1);
    if (!last) throw new Error("no stream was opened");
    return last;
  }

  async *#open(cursor: string, headers: Headers, signal: AbortSignal): AsyncGenerator<StreamUpdatesResponse> {
    const stream = new OpenedStream(cursor, headers.get("authorization") ?? "", signal);
    this.streams.push(stream);
    const refusal = this.refusals.shift();
    if (refusal !== undefined) throw new ConnectError("", refusal);
    yield* stream.frames();
  }
}

/** What tabs of one browser share. */
export class Browser {
  readonly #channels = new Set<TabChannel>();
  readonly #waiting: { grant: () => void }[] = [];
  #holder: { lose: () => void } | undefined;

  readonly channel = (): TabChannel => {
    const channel: TabChannel = {
      onmessage: null,
      postMessage: (data: TabMessage) => {
        for (const other of this.#channels) if (other !== channel) other.onmessage?.({ data });
      },
      close: () => void this.#channels.delete(channel),
    };
    this.#channels.add(channel);
    return channel;
  };

  readonly locks: TabLocks = {
    request: (_, { signal, steal }, callback) =>
      new Promise<void>((resolve, reject) => {
        const holder = { lose: () => reject(new DOMException("stolen", "AbortError")) };
        const entry = {
          grant: () => {
            this.#holder = holder;
            void callback().then(() => {
              resolve();
              if (this.#holder === holder) this.#next();
            });
          },
        };
        signal?.addEventListener("abort", () => {
          if (this.#waiting.includes(entry)) this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        });
        if (steal) {
          this.#holder?.lose();
          entry.grant();
        } else if (this.#holder) this.#waiting.push(entry);
        else entry.grant();
      }),
  };

  /** From now on nothing is heard of the tabs that have come so far. */
  mute(): void {
    for (const channel of this.#channels) channel.postMessage = () => undefined;
  }

  #next(): void {
    this.#holder = undefined;
    this.#waiting.shift()?.grant();
  }
}
