import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { wasClockAhead } from './storage/clock-ahead.ts';
import type { RecordStore } from './storage/record-store.ts';
import type { Storage } from './storage/storage.ts';

/** One use that was granted, to be given back when nothing came of it. */
export interface Grant {
  readonly kind: 'granted';
  readonly key: string;
  readonly at: number;
}

export interface Limited {
  readonly kind: 'limited';
  /** When the next use will be granted, in milliseconds since 1970. */
  readonly retryAt: number;
}

/**
 * At most `limit` uses in any `windowMs` milliseconds, for each key; survives a restart. Keys are stored as keyed digests,
 * so that the records name nobody, and expire with their window.
 */
export class SlidingWindow {
  readonly #records: RecordStore<number[]>;
  readonly #options: { limit: number; windowMs: number; now: () => number; digestKey: Buffer };

  constructor(
    storage: Storage,
    name: string,
    options: { limit: number; windowMs: number; now: () => number; digestKey: Buffer },
  ) {
    this.#records = storage.records(`limit-${name}`, z.array(z.number()), { longestMs: options.windowMs });
    this.#options = options;
  }

  /** Takes one use. Atomic: of many concurrent calls exactly `limit` are granted. */
  async take(key: string): Promise<Grant | Limited> {
    const { limit, windowMs, now } = this.#options;
    const at = now();
    let oldest = at;
    let granted = false;
    await this.#records.update(
      this.#digest(key),
      (uses = []) => {
        // A use from the future is forgotten: nobody knows when it was, and it would count until then.
        const recent = uses.filter((use) => use > at - windowMs && !wasClockAhead(use, at));
        oldest = recent.at(-limit) ?? at;
        granted = recent.length < limit;
        return granted ? [...recent, at] : undefined;
      },
      windowMs,
    );
    return granted ? { kind: 'granted', key, at } : { kind: 'limited', retryAt: oldest + windowMs };
  }

  /** Gives one use back. */
  async giveBack(grant: Grant): Promise<void> {
    await this.#records.update(this.#digest(grant.key), (uses) => {
      const index = uses?.indexOf(grant.at) ?? -1;
      return index < 0 ? undefined : uses?.toSpliced(index, 1);
    });
  }

  #digest(key: string): string {
    return createHmac('sha256', this.#options.digestKey).update(key).digest('base64url');
  }
}
