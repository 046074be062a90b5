import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { wasClockAhead } from './storage/clock-ahead.ts';
import type { RecordChange, RecordRef, RecordStore } from './storage/record-store.ts';
import type { Storage } from './storage/storage.ts';

/** One use that was granted, to be given back when nothing came of it. */
export interface Grant {
  readonly kind: 'granted';
  readonly key: string;
  readonly at: number;
}

export interface Limited {
  readonly kind: 'limited';
  /** How many uses there are in one window. */
  readonly limit: number;
  /** When the next use will be granted, in milliseconds since 1970. */
  readonly retryAt: number;
}

/**
 * At most `limit` uses in any `windowMs` milliseconds, for each key; survives a restart. Keys are stored as keyed digests,
 * so that the records name nobody, and expire with their window.
 */
export class SlidingWindow {
  readonly #storage: Storage;
  readonly #records: RecordStore<number[]>;
  readonly #options: { limit: number; windowMs: number; now: () => number; digestKey: Buffer };

  constructor(
    storage: Storage,
    name: string,
    options: { limit: number; windowMs: number; now: () => number; digestKey: Buffer },
  ) {
    this.#storage = storage;
    this.#records = storage.records(`limit-${name}`, z.array(z.number()), { longestMs: options.windowMs });
    this.#options = options;
  }

  /** Takes one use. Atomic: of many concurrent calls exactly `limit` are granted. */
  async take(key: string): Promise<Grant | Limited> {
    const at = this.#options.now();
    return this.#storage.change<[RecordRef<number[]>], Grant | Limited>([this.at(key)], ([uses]) => {
      const taken = this.withUse(uses, at);
      if (taken.kind === 'limited') return { result: taken };
      return { changes: [taken.change], result: { kind: 'granted', key, at } };
    });
  }

  /** Gives one use back. */
  async giveBack(grant: Grant): Promise<void> {
    await this.#storage.change([this.at(grant.key)], ([uses]) => ({
      changes: [this.withoutUse(uses, grant.at)],
      result: undefined,
    }));
  }

  /** Where the uses of a key stand, for a change together with other records. */
  at(key: string): RecordRef<number[]> {
    return this.#records.at(this.#digest(key));
  }

  /** One use more, or when there will be one. Pure. */
  withUse(uses: readonly number[] = [], at: number): Limited | { kind: 'taken'; change: RecordChange<number[]> } {
    const { limit, windowMs } = this.#options;
    // A use from the future is forgotten: nobody knows when it was, and it would count until then.
    const recent = uses.filter((use) => use > at - windowMs && !wasClockAhead(use, at));
    if (recent.length >= limit) return { kind: 'limited', limit, retryAt: (recent.at(-limit) ?? at) + windowMs };
    return { kind: 'taken', change: { save: [...recent, at], ttlMs: windowMs } };
  }

  /** The same without one use. Pure. */
  withoutUse(uses: readonly number[] | undefined, at: number): RecordChange<number[]> {
    const index = uses?.indexOf(at) ?? -1;
    return uses === undefined || index < 0 ? undefined : { save: uses.toSpliced(index, 1) };
  }

  #digest(key: string): string {
    return createHmac('sha256', this.#options.digestKey).update(key).digest('base64url');
  }
}
