import type { Task } from "@/gen/errand/v1/task_pb";

/** What a change that is on its way makes of a task. */
export type Overlay = (task: Task) => Task;

/** A change that is on its way; it is settled once, when the server has answered. */
export interface PendingChange {
  readonly taskId: string;
  readonly settle: () => void;
}

/**
 * The latest state of every task that this page has heard of, and what the person has changed that the server has not
 * confirmed. Of two states the one with the higher version is the later, from wherever it comes.
 */
export class TaskLedger {
  readonly #entries = new Map<string, { state: Task | "gone"; at: number }>();
  readonly #overlays = new Map<string, Overlay[]>();
  readonly #drafts = new Map<string, Task>();
  #count = 0;

  /** Takes a state that the server told. Gives whether it is news. */
  record(task: Task): boolean {
    const known = this.#entries.get(task.id)?.state;
    if (known === "gone") return false;
    if (known && !isLater(task, known)) return false;
    this.#remember(task.id, task);
    return true;
  }

  /** Remembers that a task is gone for good. */
  recordGone(id: string): void {
    this.#remember(id, "gone");
  }

  /** The state that the server told last. */
  latest(id: string): Task | undefined {
    const state = this.#entries.get(id)?.state;
    return state === "gone" ? undefined : state;
  }

  isGone(id: string): boolean {
    return this.#entries.get(id)?.state === "gone";
  }

  /** The latest state with what the person has changed since. */
  shown(id: string): Task | undefined {
    const draft = this.#drafts.get(id);
    if (draft) return draft;
    const task = this.latest(id);
    if (!task) return undefined;
    return (this.#overlays.get(id) ?? []).reduce((current, overlay) => overlay(current), task);
  }

  /** Shows a task as changed until the change is settled. */
  overlay(task: Task, overlay: Overlay): PendingChange {
    this.record(task);
    this.#overlays.set(task.id, [...(this.#overlays.get(task.id) ?? []), overlay]);
    const settle = () => {
      const left = (this.#overlays.get(task.id) ?? []).filter((other) => other !== overlay);
      if (left.length > 0) this.#overlays.set(task.id, left);
      else this.#overlays.delete(task.id);
    };
    return { taskId: task.id, settle };
  }

  /** Shows a task that the server does not know yet. */
  draft(task: Task): PendingChange {
    this.#drafts.set(task.id, task);
    return { taskId: task.id, settle: () => void this.#drafts.delete(task.id) };
  }

  /** The draft that the server's new task has come of, if there is one. */
  draftOf(task: Task): Task | undefined {
    if (this.#entries.has(task.id)) return undefined;
    return [...this.#drafts.values()].find((draft) => draft.title.trim() === task.title);
  }

  endDraft(id: string): void {
    this.#drafts.delete(id);
  }

  /** A point in time, for `changedSince`. */
  mark(): number {
    return this.#count;
  }

  /** The ids of the tasks of which something was heard since then, and of all with changes on their way. */
  changedSince(mark: number): string[] {
    const ids = new Set([...this.#drafts.keys(), ...this.#overlays.keys()]);
    for (const [id, entry] of this.#entries) if (entry.at > mark) ids.add(id);
    return [...ids];
  }

  /** The ids of all tasks that are known. */
  ids(): string[] {
    return [...this.#drafts.keys(), ...this.#entries.keys()];
  }

  forget(): void {
    this.#entries.clear();
    this.#overlays.clear();
    this.#drafts.clear();
  }

  #remember(id: string, state: Task | "gone"): void {
    this.#entries.delete(id);
    this.#entries.set(id, { state, at: (this.#count += 1) });
    const oldest = this.#entries.keys().next().value;
    if (this.#entries.size > REMEMBERED && oldest !== undefined) this.#entries.delete(oldest);
  }
}

/** The stream leaves out when a task in the trash is purged; an answer to a call has it. */
function isLater(task: Task, known: Task): boolean {
  if (task.version !== known.version) return task.version > known.version;
  return task.purgeAt !== undefined && known.purgeAt === undefined;
}

const REMEMBERED = 20_000;
