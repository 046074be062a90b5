/** Milliseconds that a text is kept: as long as a code lives. */
const KEPT_FOR_MS = 15 * 60_000;
/** People whose text is kept at a time. The form that comes back for others is empty. */
const MOST = 1000;

/**
 * What people typed as their address, so that the form comes back filled in. In memory alone: a text that is no address is
 * worth nothing after a restart, and no file can hold it.
 */
export class TypedAddresses {
  readonly #texts = new Map<string, { readonly text: string; readonly until: number }>();
  readonly #now: () => number;

  constructor(options: { now: () => number }) {
    this.#now = options.now;
  }

  /** Keeps the last text of a person. */
  save(userId: string, text: string): void {
    this.#forgetOld();
    // The oldest stand first.
    this.#texts.delete(userId);
    this.#texts.set(userId, { text, until: this.#now() + KEPT_FOR_MS });
    const [oldest] = this.#texts.keys();
    if (this.#texts.size > MOST && oldest !== undefined) this.#texts.delete(oldest);
  }

  find(userId: string): string | undefined {
    this.#forgetOld();
    return this.#texts.get(userId)?.text;
  }

  remove(userId: string): void {
    this.#texts.delete(userId);
  }

  #forgetOld(): void {
    const now = this.#now();
    for (const [userId, { until }] of this.#texts) if (now >= until) this.#texts.delete(userId);
  }
}
