import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../src/clock.ts';

/** Turns of the event loop in which a call between two ends in this process arrives and is answered. */
const TURNS = 20;

/**
 * A clock that a test holds. Nothing that waits for it (Discord's three seconds, the bot's time limits and pauses) comes
 * to pass on a slow machine, and nothing has to be waited for on a quick one.
 */
export class ManualClock implements Clock {
  readonly #pending = new Map<symbol, { readonly at: number; readonly call: () => void }>();
  readonly #base: () => number;
  #elapsedMs = 0;

  /** @param base Milliseconds since 1970 to which the time that was let pass is added. */
  constructor(base: () => number = ticking(Date.now())) {
    this.#base = base;
  }

  readonly now = (): number => this.#base() + this.#elapsedMs;

  readonly elapsed = (): number => this.#elapsedMs;

  readonly after = (ms: number, call: () => void): (() => void) => {
    if (ms <= 0) {
      // What need not wait is not held up.
      const immediate = setImmediate(call);
      return () => clearImmediate(immediate);
    }
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

  /**
   * Lets time pass for as long as something takes that waits for the clock, again and again perhaps.
   * @throws {Error} when six hours are over: then it does not wait for the clock.
   */
  async passUntil<T>(done: Promise<T>): Promise<T> {
    let isOver = false;
    const end = () => {
      isOver = true;
    };
    done.then(end, end);
    const until = this.#elapsedMs + 6 * 3_600_000;
    while (!isOver) {
      if (this.#elapsedMs > until) throw new Error('Six hours have passed on the clock, and it has not come to pass.');
      await this.passSlowly(500);
    }
    return done;
  }

  /** Lets time pass bit by bit, and what follows from each bit happen before the next. */
  async passSlowly(ms: number, stepMs = 50): Promise<void> {
    for (let passed = 0; passed < ms; passed += stepMs) {
      this.pass(Math.min(stepMs, ms - passed));
      for (let turn = 0; turn < TURNS; turn += 1) await nextTurn();
    }
  }
}

/** Each reading is a millisecond after the last, so that what is written later has a later time on every machine. */
function ticking(start: number): () => number {
  let now = start;
  return () => {
    now += 1;
    return now;
  };
}
