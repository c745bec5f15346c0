/** Counts attempts by key within a window of time. Keys that are not tried any more make room for others. */
export class Attempts {
  readonly #counted = new Map<string, { count: number; until: number }>();

  constructor(
    private readonly limits: { readonly max: number; readonly seconds: number; readonly capacity: number },
    private readonly now: () => number = Date.now,
  ) {}

  /** Counts one more, and says whether it is one of those that are allowed. */
  allows(key: string): boolean {
    let entry = this.#counted.get(key);
    if (!entry || entry.until <= this.now()) {
      entry = { count: 0, until: this.now() + this.limits.seconds * 1000 };
      // Behind the others, as it is the newest.
      this.#counted.delete(key);
      this.#counted.set(key, entry);
      this.#makeRoom();
    }
    entry.count += 1;
    return entry.count <= this.limits.max;
  }

  /** Begins anew with a key. */
  forget(key: string): void {
    this.#counted.delete(key);
  }

  #makeRoom(): void {
    for (const key of this.#counted.keys()) {
      if (this.#counted.size <= this.limits.capacity) return;
      this.#counted.delete(key);
    }
  }
}
