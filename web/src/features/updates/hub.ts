import type { UpdateData } from "@/gen/errand/v1/event_pb";
import { ResyncReason, type StreamUpdatesResponse } from "@/gen/errand/v1/update_service_pb";

import type { ConnectionState, UpdateListener } from "./types";

/** What the page knows of the stream. */
export interface HubState {
  state: ConnectionState;
  since: number;
  /** Whether lists may be read. */
  hasRead: boolean;
}

/** Where everything that the stream tells arrives, in whichever tab it runs, and from where the page takes it. */
export class UpdateHub {
  cursor = "";
  #state: HubState = { state: "connecting", since: Date.now(), hasRead: false };
  readonly #updates = new Set<UpdateListener>();
  readonly #resyncs = new Set<(reason: ResyncReason) => void>();
  readonly #watchers = new Set<() => void>();

  readonly get = (): HubState => this.#state;

  readonly subscribe = (watcher: () => void): (() => void) => addTo(this.#watchers, watcher);

  onUpdate(listener: UpdateListener): () => void {
    return addTo(this.#updates, listener);
  }

  onResync(listener: (reason: ResyncReason) => void): () => void {
    return addTo(this.#resyncs, listener);
  }

  connection(state: ConnectionState): void {
    if (state !== this.#state.state) this.#set({ ...this.#state, state, since: Date.now() });
  }

  /** Lists may be read from now on. */
  read(): void {
    if (!this.#state.hasRead) this.#set({ ...this.#state, hasRead: true });
  }

  resync(reason = ResyncReason.UNSPECIFIED): void {
    for (const listener of this.#resyncs) listener(reason);
  }

  deliver(update: UpdateData): void {
    for (const listener of this.#updates) listener(update);
  }

  /** Takes a frame that another tab has read. */
  takeFrame({ frame, cursor }: StreamUpdatesResponse, after: string): void {
    const isGap = this.cursor !== "" && after !== this.cursor;
    this.cursor = cursor || this.cursor;
    if (frame.case === "update") this.deliver(frame.value);
    const isResync = frame.case === "resyncRequired" || (frame.case === "ready" && !frame.value.resumed);
    if (!this.#state.hasRead) this.read();
    else if (isGap || isResync) this.resync();
  }

  #set(state: HubState): void {
    this.#state = state;
    for (const watcher of this.#watchers) watcher();
  }
}

function addTo<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
