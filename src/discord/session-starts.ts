import type { Clock } from '../clock.ts';

/** What Discord says of the sessions that a bot may begin: 1,000 within 24 hours, or its token is reset. */
export interface SessionLimit {
  readonly total: number;
  readonly remaining: number;
  /** Milliseconds until all of them are there again. */
  readonly resetAfterMs: number;
}

const DAY_MS = 24 * 3_600_000;

/** Knows how many sessions can still be begun. Discord says so at a connection alone; those begun since are taken off. */
export class SessionStarts {
  readonly #clock: Clock;
  #told: { readonly limit: SessionLimit; readonly at: number } | undefined;
  #usedSince = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  told(limit: SessionLimit): void {
    this.#told = { limit, at: this.#clock.elapsed() };
    this.#usedSince = 0;
  }

  /** A shard has begun a session; resuming one costs none. */
  used(): void {
    this.#renew();
    this.#usedSince += 1;
  }

  /** @returns Undefined before Discord has said anything. */
  get left(): number | undefined {
    this.#renew();
    return this.#told && Math.max(0, this.#told.limit.remaining - this.#usedSince);
  }

  /** Discord counts anew once its time is over, and gives a whole day then. */
  #renew(): void {
    if (!this.#told) return;
    const { limit, at } = this.#told;
    if (this.#clock.elapsed() - at < limit.resetAfterMs) return;
    this.told({ total: limit.total, remaining: limit.total, resetAfterMs: DAY_MS });
  }
}
