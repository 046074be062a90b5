/** Entries that are kept at most. */
const MAX_ENTRIES = 128;
/** Milliseconds that they are kept at most. */
const KEPT_MS = 10_000;

/**
 * Remembers what was made a moment ago and may be asked for again, as by the next step of the same ticket. All is forgotten
 * together, soon: at rest nothing of anybody stays in memory for it.
 */
export class ShortMemory<Value> {
  readonly #entries = new Map<string, Value>();
  #isForgetting = false;

  get(key: string): Value | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: Value): void {
    if (this.#entries.size >= MAX_ENTRIES) this.#entries.clear();
    this.#entries.set(key, value);
    if (this.#isForgetting) return;
    this.#isForgetting = true;
    setTimeout(() => {
      this.#isForgetting = false;
      this.#entries.clear();
    }, KEPT_MS).unref();
  }
}
