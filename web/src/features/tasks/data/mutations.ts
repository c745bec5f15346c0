import type { Task } from "@/gen/errand/v1/task_pb";

import { ChangeQueue, type Change, type Outcome } from "./change-queue";
import { edit, reversed, stateChange, type ChangeTools, type StateChange } from "./changes";
import { OfflineError } from "./describe-error";
import { differences, fieldsIn, patched, patchInit } from "./fields";
import { draftTask } from "./overlays";
import { forEach, send } from "./send";
import type { TaskStore } from "./store";
import type { BulkResult, SeriesScope, TaskDraft, TaskPatch, UndoEntry, UndoKind } from "./types";
import type { Reverse, UndoStack } from "./undo";

/** What the person is told. */
export interface Reporter {
  done: (what: { kind: UndoKind | "skip"; count: number; title: string }, entry: UndoEntry | undefined) => void;
  failed: (what: { kind: UndoKind | "skip"; count: number; title: string }, error: unknown) => void;
}

export interface MutationTools extends ChangeTools {
  store: TaskStore;
  undo: UndoStack;
  reporter: Reporter;
}

/** Changes tasks, tells the person, and remembers how to undo it. */
export class TaskMutations {
  readonly #queue: ChangeQueue;

  constructor(private readonly tools: MutationTools) {
    this.#queue = new ChangeQueue(tools.store, tools.client);
  }

  async create(draft: TaskDraft): Promise<Task | undefined> {
    const { store, client, undo, reporter, isOffline } = this.tools;
    const task = draftTask(draft);
    const what = { kind: "create" as const, count: 1, title: task.title };
    if (isOffline()) {
      this.#refuse(what);
      return undefined;
    }
    const change = store.show((ledger) => ledger.draft(task), task.id);
    const made = send((requestId) => client.createTask({ task: patchInit(draft), requestId }), isOffline).then(
      (answer) => {
        if (!answer.task) return undefined;
        const stored = answer.task;
        store.receive(stored, change);
        reporter.done(
          what,
          undo.push(what, () => this.#quietly(stateChange("delete", stored, this.tools))),
        );
        return stored;
      },
      (error: unknown) => {
        store.takeBack(change);
        reporter.failed(what, error);
        return undefined;
      },
    );
    this.#queue.creating(task, made);
    return made;
  }

  async update(task: Task, patch: TaskPatch, scope?: SeriesScope): Promise<Task | undefined> {
    if (isNoChange(task, patch)) return task;
    const [outcome] = await this.#all(
      "edit",
      [task],
      (each) => edit(each, patch, scope, this.tools),
      (before, after) => edit(after, reversed(before, after, patch), scope, this.tools),
    );
    return taskOf(outcome);
  }

  async change(kind: StateChange, task: Task): Promise<Task | undefined> {
    const [outcome] = await this.#changeAll(kind, [task]);
    return taskOf(outcome);
  }

  async changeMany(kind: StateChange, tasks: readonly Task[]): Promise<BulkResult> {
    return countOf(await this.#changeAll(kind, tasks), tasks);
  }

  async updateMany(tasks: readonly Task[], patch: TaskPatch): Promise<BulkResult> {
    const different = tasks.filter((task) => !isNoChange(task, patch));
    const outcomes = await this.#all(
      "edit",
      different,
      (task) => edit(task, patch, undefined, this.tools),
      (before, after) => edit(after, reversed(before, after, patch), undefined, this.tools),
    );
    const { done, failed } = countOf(outcomes, different);
    return { done: done + tasks.length - different.length, failed };
  }

  #changeAll(kind: StateChange, tasks: readonly Task[]): Promise<Outcome[]> {
    const opposite = OPPOSITES[kind];
    return this.#all(
      kind,
      tasks,
      (task) => stateChange(kind, task, this.tools),
      opposite && ((_, after) => stateChange(opposite, after, this.tools)),
    );
  }

  /** Shows all changes at once and sends them a few at a time; one undo is for all that were done. */
  async #all(
    kind: UndoKind | "skip",
    tasks: readonly Task[],
    change: (task: Task) => Change,
    reverse: ((before: Task, after: Task) => Change) | undefined,
  ): Promise<Outcome[]> {
    const { reporter, undo, isOffline } = this.tools;
    const title = tasks[0]?.title ?? "";
    if (tasks.length === 0) return [];
    if (isOffline()) {
      this.#refuse({ kind, count: tasks.length, title });
      return [];
    }
    const outcomes = await forEach(
      tasks.map((task) => this.#queue.begin(change(task))),
      AT_ONCE,
      (sendChange) => sendChange(),
    );
    const done = outcomes.filter((outcome) => "before" in outcome);
    const errors = outcomes.filter((outcome) => "error" in outcome);
    if (done.length > 0) {
      const what = { kind, count: done.length, title: done[0]?.task.title ?? title };
      const reverseAll: Reverse = async () => {
        const changes = done.flatMap(({ before, task }) => (reverse ? [reverse(before, task)] : []));
        const results = await forEach(changes, AT_ONCE, (each) => this.#quietly(each));
        return results.every(Boolean);
      };
      const entry = reverse && kind !== "skip" ? undo.push({ ...what, kind }, reverseAll) : undefined;
      reporter.done(what, entry);
    }
    if (errors[0]) reporter.failed({ kind, count: errors.length, title }, errors[0].error);
    return outcomes;
  }

  /** Makes a change that nobody is told of, such as to undo another. */
  async #quietly(change: Change): Promise<boolean> {
    if (this.tools.isOffline()) return false;
    const outcome = await this.#queue.begin(change)();
    return !("error" in outcome);
  }

  #refuse(what: { kind: UndoKind | "skip"; count: number; title: string }): void {
    this.tools.reporter.failed(what, new OfflineError("there is no connection"));
  }
}

function isNoChange(task: Task, patch: TaskPatch): boolean {
  return differences(task, patched(task, patch), fieldsIn(patch)).length === 0;
}

function taskOf(outcome: Outcome | undefined): Task | undefined {
  return outcome && !("error" in outcome) ? outcome.task : undefined;
}

function countOf(outcomes: readonly Outcome[], tasks: readonly Task[]): BulkResult {
  const done = outcomes.filter((outcome) => !("error" in outcome)).length;
  return { done, failed: tasks.length - done };
}

const OPPOSITES: Record<StateChange, StateChange | undefined> = {
  complete: "reopen",
  reopen: "complete",
  delete: "restore",
  restore: "delete",
  skip: undefined,
};

const AT_ONCE = 6;
