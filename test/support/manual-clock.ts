import type { Clock } from '../../src/clock.ts';

/**
 * A clock that a test holds. Nothing that waits for it (Discord's three seconds, the bot's time limits and pauses) comes
 * to pass on a slow machine, and nothing has to be waited for on a quick one.
 */
export class ManualClock implements Clock {
  readonly #pending = new Map<symbol, { readonly at: number; readonly call: () => void }>();
  readonly #base: () => number;
  #elapsedMs = 0;

  /** @param base Milliseconds since 1970 to which the time that was let pass is added. It goes with the machine, so that what
   * is written one after the other has growing times. */
  constructor(base: () => number = Date.now) {
    this.#base = base;
  }

  readonly now = (): number => this.#base() + this.#elapsedMs;

  readonly elapsed = (): number => this.#elapsedMs;

  readonly after = (ms: number, call: () => void): (() => void) => {
    const id = Symbol();
    this.#pending.set(id, { at: this.#elapsedMs + Math.max(0, ms), call });
    return () => this.#pending.delete(id);
  };

  /** Lets time pass: calls everything that falls due, in its order, also what is begun meanwhile. */
  pass(ms: number): void {
    const until = this.#elapsedMs + ms;
    for (;;) {
      const [next] = [...this.#pending].filter(([, { at }]) => at <= until).sort(([, a], [, b]) => a.at - b.at);
      if (!next) break;
      const [id, { at, call }] = next;
      this.#pending.delete(id);
      this.#elapsedMs = at;
      call();
    }
    this.#elapsedMs = until;
  }

  /** How many calls are still to come. */
  get pending(): number {
    return this.#pending.size;
  }
}
