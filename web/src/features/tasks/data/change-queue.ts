import { Code, ConnectError } from "@connectrpc/connect";

import type { Task } from "@/gen/errand/v1/task_pb";

import type { TaskClient } from "./client";
import type { Overlay, PendingChange } from "./ledger";
import { isDraft } from "./overlays";
import type { TaskStore } from "./store";

/** A change of one task. */
export interface Change {
  task: Task;
  overlay: Overlay;
  /** Asks the server. `base` is the task as the person saw it, or as their own change before this one has left it. */
  call: (base: Task, shown: ShownChange) => Promise<Task | undefined>;
}

/** What a call can do with the change while it waits for the person. */
export interface ShownChange {
  hide: () => void;
  showAgain: () => void;
  /** A later state that the call has read. */
  learn: (task: Task) => void;
}

/** The task as it became; nothing if the person has let it be; or why it failed. */
export type Outcome = { task: Task; before: Task } | { task: undefined } | { error: unknown };

/** Shows each change at once, and sends those of the same task one after the other. */
export class ChangeQueue {
  readonly #last = new Map<string, Promise<Task | undefined>>();

  constructor(
    private readonly store: TaskStore,
    private readonly client: TaskClient,
  ) {}

  /** What is called on a task that is still being made waits for it. */
  creating(draft: Task, made: Promise<Task | undefined>): void {
    this.#follow(draft.id, made);
  }

  /** Shows the change; what it gives sends it. */
  begin({ task, overlay, call }: Change): () => Promise<Outcome> {
    const earlier = this.#last.get(task.id);
    let change = isDraft(task) ? undefined : this.#show(task, overlay);
    return () => {
      const outcome = (async (): Promise<Outcome> => {
        const base = (await earlier) ?? task;
        change ??= this.#show(base, overlay);
        const shown: ShownChange = {
          hide: () => change && this.store.takeBack(change),
          showAgain: () => (change = this.#show(base, overlay)),
          learn: (task) => this.store.receive(task),
        };
        try {
          const answer = await call(base, shown);
          if (answer) this.store.receive(answer, change);
          else this.store.takeBack(change);
          return answer ? { task: answer, before: base } : { task: undefined };
        } catch (error) {
          this.store.takeBack(change);
          void this.refresh(base.id, error);
          return { error };
        }
      })();
      this.#follow(
        task.id,
        outcome.then((done) => ("error" in done ? undefined : done.task)),
      );
      return outcome;
    };
  }

  /** Reads a task again of which something else was believed. */
  async refresh(id: string, cause: unknown): Promise<void> {
    const { code } = ConnectError.from(cause);
    if (![Code.NotFound, Code.Aborted, Code.FailedPrecondition, Code.AlreadyExists].includes(code)) return;
    try {
      const { task } = await this.client.getTask({ id });
      if (task) this.store.receive(task);
    } catch (error) {
      if (ConnectError.from(error).code === Code.NotFound) this.store.purge(id);
    }
  }

  #show(task: Task, overlay: Overlay): PendingChange {
    return this.store.show((ledger) => ledger.overlay(task, overlay), task.id);
  }

  #follow(id: string, result: Promise<Task | undefined>): void {
    this.#last.set(id, result);
    void result.finally(() => {
      if (this.#last.get(id) === result) this.#last.delete(id);
    });
  }
}
