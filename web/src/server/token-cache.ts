/** Tokens by session, each made once and kept while it is good for longer. The oldest make room for new ones. */
export class TokenCache {
  readonly #entries = new Map<string, { token: Promise<string>; until: number }>();

  constructor(
    private readonly limits: { readonly capacity: number; readonly seconds: number },
    private readonly now: () => number = Date.now,
  ) {}

  /** The token of a session, by `mint` where there is none; who asks meanwhile gets the same one. */
  get(session: string, mint: () => Promise<string>): Promise<string> {
    const entry = this.#entries.get(session);
    if (entry && entry.until > this.now()) return entry.token;
    this.#entries.delete(session);
    const made = { token: mint(), until: this.now() + this.limits.seconds * 1000 };
    // One that could not be made is tried again.
    made.token.catch(() => {
      if (this.#entries.get(session) === made) this.#entries.delete(session);
    });
    this.#entries.set(session, made);
    this.#makeRoom();
    return made.token;
  }

  #makeRoom(): void {
    for (const session of this.#entries.keys()) {
      if (this.#entries.size <= this.limits.capacity) return;
      this.#entries.delete(session);
    }
  }
}
