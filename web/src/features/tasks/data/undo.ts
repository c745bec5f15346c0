import { createStore } from "@/components/store";

import { newRequestId } from "./request-id";
import type { UndoEntry } from "./types";

/** Undoes something; false if the server refused. */
export type Reverse = () => Promise<boolean>;

/** What the person has done and can undo, the last on top. */
export class UndoStack {
  readonly entries = createStore<readonly UndoEntry[]>([]);
  readonly #reverses = new Map<string, Reverse>();

  push(entry: Omit<UndoEntry, "id">, reverse: Reverse): UndoEntry {
    const pushed = { ...entry, id: newRequestId() };
    this.#reverses.set(pushed.id, reverse);
    const entries = [...this.entries.get(), pushed];
    for (const old of entries.slice(0, -KEPT)) this.#reverses.delete(old.id);
    this.entries.set(entries.slice(-KEPT));
    return pushed;
  }

  /** Takes the last entry, or the one with this id, from the stack and undoes it; it comes back if that fails. */
  async undo(id?: string): Promise<{ entry: UndoEntry; done: boolean } | undefined> {
    const before = this.entries.get();
    const entry = id === undefined ? before.at(-1) : before.find((each) => each.id === id);
    const reverse = entry && this.#reverses.get(entry.id);
    if (!entry || !reverse) return undefined;
    this.entries.set(before.filter((each) => each !== entry));
    this.#reverses.delete(entry.id);
    const done = await reverse();
    if (!done) {
      this.#reverses.set(entry.id, reverse);
      this.entries.set([...this.entries.get(), entry].slice(-KEPT));
    }
    return { entry, done };
  }

  clear(): void {
    this.#reverses.clear();
    this.entries.set([]);
  }
}

const KEPT = 50;
