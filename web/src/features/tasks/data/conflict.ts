import { createStore } from "@/components/store";
import type { Task } from "@/gen/errand/v1/task_pb";

import { differences, fieldsIn, patched } from "./fields";
import { newRequestId } from "./request-id";
import type { Conflict, TaskPatch } from "./types";

/** The fields that two have changed, each to something else. */
export function conflictOf(base: Task, theirs: Task, patch: TaskPatch): Omit<Conflict, "id"> | undefined {
  const mine = patched(theirs, patch);
  const changed = differences(base, theirs, fieldsIn(patch));
  const fields = differences(mine, theirs, changed);
  return fields.length > 0 ? { base, mine, theirs, fields } : undefined;
}

/** Conflicts wait here, one after the other, until the person has chosen. */
export class ConflictQueue {
  readonly conflicts = createStore<readonly Conflict[]>([]);
  readonly #choices = new Map<string, (keepMine: boolean) => void>();

  /** Asks the person; true to keep what is mine. */
  ask(conflict: Omit<Conflict, "id">): Promise<boolean> {
    const id = newRequestId();
    this.conflicts.set([...this.conflicts.get(), { ...conflict, id }]);
    return new Promise((resolve) => this.#choices.set(id, resolve));
  }

  /** The person has chosen in the first of them. */
  choose(keepMine: boolean): void {
    const [first, ...others] = this.conflicts.get();
    if (!first) return;
    this.conflicts.set(others);
    this.#choices.get(first.id)?.(keepMine);
    this.#choices.delete(first.id);
  }
}
