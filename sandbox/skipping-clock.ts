import type { SandboxClock } from './clock.ts';

interface Pending {
  /** By `elapsed`. */
  readonly at: number;
  readonly call: () => void;
  timer: NodeJS.Timeout;
}

/** The clock of the machine, which somebody can put forward: everything that falls due meanwhile happens at once. */
export class SkippingClock implements SandboxClock {
  readonly #pending = new Set<Pending>();
  #aheadMs: number;

  /** @param aheadMs How far it is ahead of the machine's from the start. */
  constructor(aheadMs = 0) {
    this.#aheadMs = aheadMs;
  }

  get aheadMs(): number {
    return this.#aheadMs;
  }

  readonly now = (): number => Date.now() + this.#aheadMs;

  readonly elapsed = (): number => performance.now() + this.#aheadMs;

  readonly after = (ms: number, call: () => void): (() => void) => {
    const pending: Pending = { at: this.elapsed() + ms, call, timer: setTimeout(() => this.#fire(pending), ms) };
    this.#pending.add(pending);
    return () => {
      clearTimeout(pending.timer);
      this.#pending.delete(pending);
    };
  };

  /** Puts it forward. What is due by then happens in its order, the rest so much earlier. */
  skip(ms: number): void {
    this.#aheadMs += ms;
    const now = this.elapsed();
    for (const pending of [...this.#pending].sort((a, b) => a.at - b.at)) {
      // It may have been called off by what happened before it.
      if (!this.#pending.has(pending)) continue;
      clearTimeout(pending.timer);
      if (pending.at <= now) this.#fire(pending);
      else pending.timer = setTimeout(() => this.#fire(pending), pending.at - now);
    }
  }

  #fire(pending: Pending): void {
    this.#pending.delete(pending);
    pending.call();
  }
}
