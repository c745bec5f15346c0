import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { Code, ConnectError, createClient, createRouterTransport } from "@connectrpc/connect";
import { QueryClient } from "@tanstack/react-query";
import { vi } from "vitest";

import { TaskStatus, type Task } from "@/gen/errand/v1/task_pb";
import { TaskService } from "@/gen/errand/v1/task_service_pb";

import { ConflictQueue } from "./conflict";
import { patched } from "./fields";
import { later, NOW, task } from "./fixtures";
import { TaskMutations, type Reporter } from "./mutations";
import { TaskStore } from "./store";
import { UndoStack } from "./undo";

/** An error as the services give it. */
export function serviceError(code: Code, reason: string): ConnectError {
  const value = new BinaryWriter().tag(1, WireType.LengthDelimited).string(reason).finish();
  const error = new ConnectError(reason, code);
  // As it is when it has come over the network.
  error.details = [{ type: "google.rpc.ErrorInfo", value }];
  return error;
}

/** A service of tasks in memory, and everything that changes tasks on a page. */
export class TaskServer {
  readonly tasks = new Map<string, Task>();
  /** Every request that came, by method and request id. */
  readonly requests: { method: string; id: string; requestId: string }[] = [];
  /** Thrown by the next request, before or after it is done. */
  failures: { when: "before" | "after"; error: Error }[] = [];
  /** What each request waits for. */
  gate: Promise<void> | undefined;
  isOffline = false;

  readonly store = new TaskStore(new QueryClient());
  readonly undo = new UndoStack();
  readonly conflicts = new ConflictQueue();
  readonly reporter = { done: vi.fn<Reporter["done"]>(), failed: vi.fn<Reporter["failed"]>() };
  readonly mutations = new TaskMutations({
    store: this.store,
    client: createClient(TaskService, this.#transport()),
    undo: this.undo,
    conflicts: this.conflicts,
    reporter: this.reporter,
    isOffline: () => this.isOffline,
  });
  readonly #done = new Map<string, string>();
  #made = 0;

  add(init: Parameters<typeof task>[0]): Task {
    const added = task(init);
    this.tasks.set(added.id, added);
    this.store.ledger.record(added);
    return added;
  }

  #transport() {
    return createRouterTransport(({ service }) => {
      service(TaskService, {
        createTask: async ({ task: draft, requestId }) => {
          const id = `made-${(this.#made += 1)}`;
          return this.#change("create", { id, requestId }, () => task({ ...draft, id, version: 1n, etag: "e1" }));
        },
        getTask: ({ id }) => ({ task: this.#find(id) }),
        updateTask: ({ task: wanted, updateMask, requestId }) =>
          this.#change("update", { id: wanted?.id ?? "", requestId }, (before) => {
            if (wanted?.etag && wanted.etag !== before.etag) throw serviceError(Code.Aborted, "ETAG_MISMATCH");
            const names = updateMask?.paths.map((path) =>
              path.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
            );
            const patch = Object.fromEntries((names ?? []).map((name) => [name, wanted?.[name as "title"]]));
            return later(before, {
              ...patched(before, patch),
              version: before.version + 1n,
              etag: `e${String(before.version + 1n)}`,
            });
          }),
        completeTask: (request) =>
          this.#change("complete", request, (before) => {
            if (before.status === TaskStatus.COMPLETED) throw serviceError(Code.FailedPrecondition, "TASK_COMPLETED");
            return later(before, { status: TaskStatus.COMPLETED });
          }),
        reopenTask: (request) =>
          this.#change("reopen", request, (before) => later(before, { status: TaskStatus.PENDING })),
        deleteTask: (request) =>
          this.#change("delete", request, (before) => later(before, { deletedAt: timestampFromMs(NOW) })),
        undeleteTask: (request) =>
          this.#change("undelete", request, (before) => later({ ...before, deletedAt: undefined }, {})),
      });
    });
  }

  async #change(method: string, request: { id: string; requestId: string }, change: (before: Task) => Task) {
    const { id, requestId } = request;
    this.requests.push({ method, id, requestId });
    await this.gate;
    const failure = this.failures.shift();
    if (failure?.when === "before") throw failure.error;
    const known = this.#done.get(requestId);
    const after = known === undefined ? change(method === "create" ? task() : this.#find(id)) : this.#find(known);
    this.#done.set(requestId, after.id);
    this.tasks.set(after.id, after);
    if (failure) throw failure.error;
    return { task: after };
  }

  #find(id: string): Task {
    const found = this.tasks.get(id);
    if (!found) throw serviceError(Code.NotFound, "NOT_FOUND");
    return found;
  }
}
