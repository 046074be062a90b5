import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import type { RecordStore } from './storage/record-store.ts';
import type { Storage } from './storage/storage.ts';

const lease = z.object({
  /** Goes up with every renewal. Others watch whether it moves; no two clocks are ever compared. */
  beat: z.number(),
  /** The gateway shards that this process holds, such as "0,1/4". */
  shards: z.string(),
  /** Whether it is connected to Discord and takes interactions. */
  isReady: z.boolean(),
});
type Lease = z.infer<typeof lease>;

/** How patient the processes on one store are with each other. */
export interface LeaseTimes {
  /** Milliseconds between renewals. */
  readonly renewEveryMs: number;
  /** Milliseconds without a renewal after which a process counts as gone. */
  readonly lifetimeMs: number;
  /** Milliseconds since the last renewal after which a process starts no call. Less than `lifetimeMs`. */
  readonly startsCallsForMs: number;
}

export const LEASE_TIMES: LeaseTimes = { renewEveryMs: 5000, lifetimeMs: 15_000, startsCallsForMs: 10_000 };

/**
 * Milliseconds after which the store forgets a lease. The others remove it much earlier; this must be longer than clocks
 * differ and than machines sleep, or a process that lives is taken for gone.
 */
const RECORD_LIFETIME_MS = 7 * 24 * 60 * 60_000;

export interface ProcessLeaseOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly shards: string;
  readonly times?: Partial<LeaseTimes> | undefined;
}

/** What was last seen of another process. */
interface Other {
  readonly lease: Lease;
  /** Milliseconds for which its lease has not moved while this process was watching. */
  readonly silentForMs: number;
}

/**
 * Which bot processes work on this store. Each has a lease that it renews; what belongs to a process without a live lease
 * is nobody's. Where the store can be opened by one process alone, every other one is gone.
 */
export class ProcessLease {
  /** Names this process in what it works on. A new one at each start. */
  readonly id = randomUUID();
  readonly #records: RecordStore<Lease>;
  readonly #isShared: boolean;
  readonly #options: ProcessLeaseOptions;
  readonly #times: LeaseTimes;
  readonly #others = new Map<string, Other>();
  readonly #listeners = new Set<() => void>();
  #own: Lease;
  /** When the last renewal began, and when the others were last looked at (clock.elapsed()). */
  #renewedAt: number;
  #lookedAt: number;
  #isFailing = false;
  #isStopped = false;
  #callOff: (() => void) | undefined;

  constructor(storage: Storage, options: ProcessLeaseOptions) {
    this.#records = storage.records('processes', lease);
    this.#isShared = storage.isShared;
    this.#options = options;
    this.#times = { ...LEASE_TIMES, ...options.times };
    this.#own = { beat: 1, shards: options.shards, isReady: false };
    this.#renewedAt = options.clock.elapsed();
    this.#lookedAt = this.#renewedAt;
  }

  /** Takes the lease and looks who else is there. @throws {StorageError} */
  async start(): Promise<void> {
    if (!this.#isShared) return;
    await this.#renew();
    await this.look();
    this.#schedule();
  }

  /** Whether this process may start a call: it has renewed its lease lately, so nobody takes it for gone. */
  get mayStartCalls(): boolean {
    return !this.#isShared || this.#options.clock.elapsed() - this.#renewedAt < this.#times.startsCallsForMs;
  }

  /** Whether a process is gone: it has no lease, or one that it does not renew. For one that may be new, `look` first. */
  readonly isGone = (id: string): boolean => {
    if (id === this.id) return false;
    const other = this.#others.get(id);
    return other === undefined || other.silentForMs >= this.#times.lifetimeMs;
  };

  /** Whether other processes use this store. */
  get hasOthers(): boolean {
    return [...this.#others.keys()].some((id) => !this.isGone(id));
  }

  /** Calls back each time when a process has gone that was there, or may have been. @returns What ends that. */
  onGone(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells the others that this process takes interactions now. @throws {StorageError} */
  async announceReady(isReady: boolean): Promise<void> {
    this.#own = { ...this.#own, isReady };
    if (this.#isShared) await this.#renew();
  }

  /**
   * Looks once more, for somebody who is about to stop.
   * @returns Whether another process takes all interactions that this one would. @throws {StorageError}
   */
  async isReplaced(): Promise<boolean> {
    if (!this.#isShared) return false;
    await this.look();
    return [...this.#others].some(
      ([id, { lease }]) => !this.isGone(id) && lease.isReady && lease.shards === this.#own.shards,
    );
  }

  /** Gives the lease back: what still belongs to this process is nobody's at once. Never rejects. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#callOff?.();
    this.#listeners.clear();
    if (this.#isShared) await this.#records.remove(this.id).catch(() => undefined);
  }

  #schedule(): void {
    this.#callOff = this.#options.clock.after(this.#times.renewEveryMs, () => void this.#tick());
  }

  async #tick(): Promise<void> {
    const { log } = this.#options;
    try {
      await this.#renew();
      await this.look();
      this.#isFailing = false;
    } catch (error) {
      // Once for each outage. No call is started until the lease is renewed.
      if (!this.#isFailing) log.error({ error }, 'the lease of this process could not be renewed; it starts no calls');
      this.#isFailing = true;
    }
    if (!this.#isStopped) this.#schedule();
  }

  async #renew(): Promise<void> {
    const startedAt = this.#options.clock.elapsed();
    this.#own = { ...this.#own, beat: this.#own.beat + 1 };
    await this.#records.save(this.id, this.#own, RECORD_LIFETIME_MS);
    this.#renewedAt = startedAt;
  }

  /** Looks at the leases of the others. @throws {StorageError} */
  async look(): Promise<void> {
    if (!this.#isShared) return;
    const at = this.#options.clock.elapsed();
    // Somebody who has slept saw nothing of the others meanwhile: that says nothing against them. Nor does it when they slept
    // too, also where the last look was a moment before they would have renewed.
    const watchedMs = Math.min(at - this.#lookedAt, 1.5 * this.#times.renewEveryMs);
    const before = [...this.#others.keys()].filter((id) => !this.isGone(id));
    const found = new Map<string, Other>();
    for await (const [id, lease] of this.#records.entries()) {
      if (id === this.id) continue;
      const known = this.#others.get(id);
      const isSilent = known?.lease.beat === lease.beat;
      found.set(id, { lease, silentForMs: isSilent ? known.silentForMs + watchedMs : 0 });
    }
    this.#others.clear();
    for (const [id, other] of found) this.#others.set(id, other);
    this.#lookedAt = at;
    const gone = before.filter((id) => this.isGone(id));
    // One that only slept takes its lease again at its next renewal.
    for (const id of gone) await this.#records.remove(id);
    if (gone.length > 0) for (const listener of this.#listeners) listener();
  }
}
