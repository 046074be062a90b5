import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { ShortMemory } from './short-memory.ts';
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

/** Limits up to this one are exact. Of a greater one, the uses within a sixtieth of the window are counted together. */
const EXACT_LIMIT = 60;

/** The time of one use, in milliseconds since 1970; or of the last of several uses, and how many there were. */
const use = z.union([z.number(), z.tuple([z.number(), z.number()])]);
/** The uses of one key, oldest first. */
export type Uses = z.infer<typeof use>[];

/**
 * At most `limit` uses in any `windowMs` milliseconds, for each key; survives a restart. Keys are stored as keyed digests,
 * so that the records name nobody, and expire with their window.
 *
 * A record has at most about 60 entries, however great the limit is. Uses that are counted together end with the last of them:
 * there are never more than `limit` in a window, and of a limit over 60 an hour one may count for a minute too long.
 */
export class SlidingWindow {
  readonly #storage: Storage;
  readonly #records: RecordStore<Uses>;
  readonly #options: { limit: number; windowMs: number; now: () => number; digestKey: Buffer };
  /** Milliseconds within which uses are counted together; 0 where each stands by itself. */
  readonly #slotMs: number;
  /** By key: each step of a ticket asks for the same two. */
  readonly #digests = new ShortMemory<string>();

  constructor(
    storage: Storage,
    name: string,
    options: { limit: number; windowMs: number; now: () => number; digestKey: Buffer },
  ) {
    this.#storage = storage;
    this.#options = options;
    this.#slotMs = options.limit > EXACT_LIMIT ? options.windowMs / EXACT_LIMIT : 0;
    this.#records = storage.records(`limit-${name}`, z.array(use), { longestMs: options.windowMs + this.#slotMs });
  }

  /** Takes one use. Atomic: of many concurrent calls exactly `limit` are granted. */
  async take(key: string): Promise<Grant | Limited> {
    const at = this.#options.now();
    return this.#storage.change<[RecordRef<Uses>], Grant | Limited>([this.at(key)], ([uses]) => {
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
  at(key: string): RecordRef<Uses> {
    return this.#records.at(this.#digest(key));
  }

  /** One use more, or when there will be one. Pure. */
  withUse(uses: Uses | undefined, at: number): Limited | { kind: 'taken'; change: RecordChange<Uses> } {
    const { limit, windowMs } = this.#options;
    // A use from the future is forgotten: nobody knows when it was, and it would count until then.
    const recent = (uses ?? []).filter((one) => timeOf(one) > at - windowMs && !wasClockAhead(timeOf(one), at));
    let free = recent.reduce((left: number, one) => left - countOf(one), limit);
    if (free > 0) return { kind: 'taken', change: this.#withOneMore(recent, at) };
    for (const one of recent) {
      free += countOf(one);
      if (free > 0) return { kind: 'limited', limit, retryAt: timeOf(one) + windowMs };
    }
    return { kind: 'limited', limit, retryAt: at + windowMs };
  }

  /** The same without one use. Pure. */
  withoutUse(uses: Uses | undefined, at: number): RecordChange<Uses> {
    const index = uses?.findIndex((one) => one === at || this.#isTogether(one, at)) ?? -1;
    const found = uses?.[index];
    if (!uses || found === undefined) return undefined;
    const left = countOf(found) - 1;
    return { save: uses.toSpliced(index, 1, ...(left > 0 ? [useOf(timeOf(found), left)] : [])) };
  }

  #withOneMore(uses: Uses, at: number): RecordChange<Uses> {
    const last = uses.at(-1);
    if (last === undefined || !this.#isTogether(last, at)) {
      return { save: [...uses, at], ttlMs: this.#options.windowMs + this.#slotMs };
    }
    // The record lives long enough, and its expiry need not be written again.
    return { save: [...uses.slice(0, -1), useOf(Math.max(timeOf(last), at), countOf(last) + 1)] };
  }

  /** Whether a use is counted together with those of an entry. */
  #isTogether(one: Uses[number], at: number): boolean {
    return this.#slotMs > 0 && Math.floor(timeOf(one) / this.#slotMs) === Math.floor(at / this.#slotMs);
  }

  #digest(key: string): string {
    const known = this.#digests.get(key);
    if (known !== undefined) return known;
    const digest = createHmac('sha256', this.#options.digestKey).update(key).digest('base64url');
    this.#digests.set(key, digest);
    return digest;
  }
}

function timeOf(one: Uses[number]): number {
  return typeof one === 'number' ? one : one[0];
}

function countOf(one: Uses[number]): number {
  return typeof one === 'number' ? 1 : one[1];
}

function useOf(at: number, count: number): Uses[number] {
  return count === 1 ? at : [at, count];
}
