import { type Clock, systemClock } from '../../clock.ts';
import type { Commit } from './sqlite-commits.ts';
import type { SqliteConnection } from './sqlite-driver.ts';

/** What a write gives that has changed nothing after all. */
export const NOTHING_WRITTEN = Symbol('nothing written');

/** Milliseconds of a commit from which on the disk is slow: then other work has its turn before the next commit. */
const SLOW_MS = 1;
/** After a slow commit, other work has at most so many times as long as that took, and at most so many milliseconds. */
const REST_FACTOR = 3;
const LONGEST_REST_MS = 50;
/** Milliseconds of a turn of the event loop below which there was nothing to do in it. */
const IDLE_TURN_MS = 0.2;

/** One write that waits for its commit. */
interface WaitingWrite {
  change(connection: SqliteConnection): unknown;
  resolve(result: unknown): void;
  reject(cause: unknown): void;
}

export interface SqliteWritesOptions {
  readonly connection: SqliteConnection;
  readonly commit: Commit;
  /** Says of the error of a write what an operator can do about it, as far as there is something. */
  readonly explain?: (cause: unknown) => unknown;
  readonly clock?: Clock;
  /** Calls in the next turn of the event loop. */
  readonly nextTurn?: (call: () => void) => void;
}

/**
 * Gathers writes: those of one turn of the event loop share a transaction, a commit and so a sync of the disk. The loop stands
 * still during a sync. So after a slow one the next commit waits until the loop has nothing else to do, though not long: what
 * has arrived meanwhile is answered first, and shares that commit.
 */
export class SqliteWrites {
  readonly #connection: SqliteConnection;
  readonly #commit: Commit;
  readonly #explain: (cause: unknown) => unknown;
  readonly #clock: Clock;
  readonly #nextTurn: (call: () => void) => void;
  #waiting: WaitingWrite[] = [];
  /** Whether the commit is due as soon as the loop is free. */
  #isDue = false;
  /** Until when other work goes before the next commit (clock.elapsed()). */
  #restUntil = 0;

  constructor({ connection, commit, explain, clock = systemClock, nextTurn = setImmediate }: SqliteWritesOptions) {
    this.#connection = connection;
    this.#commit = commit;
    this.#explain = explain ?? ((cause) => cause);
    this.#clock = clock;
    this.#nextTurn = nextTurn;
  }

  /** Settles after the commit. A write that fails leaves the others of its commit untouched. */
  add<T>(change: (connection: SqliteConnection) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ change, resolve: resolve as (result: unknown) => void, reject });
      this.#makeDue();
    });
  }

  /** Commits what waits, now. */
  flush(): void {
    this.#isDue = false;
    const batch = this.#waiting;
    this.#waiting = [];
    if (batch.length === 0) return;
    const startedAt = this.#clock.elapsed();
    try {
      const results = this.#inTransaction(batch);
      for (const [index, write] of batch.entries()) write.resolve(results[index]);
    } catch (cause) {
      if (batch.length === 1) batch[0]?.reject(this.#explain(cause));
      else for (const write of batch) this.#settleAlone(write);
    }
    const endedAt = this.#clock.elapsed();
    const tookMs = endedAt - startedAt;
    this.#restUntil = tookMs < SLOW_MS ? 0 : endedAt + Math.min(REST_FACTOR * tookMs, LONGEST_REST_MS);
  }

  #makeDue(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#flushWhenFree(this.#clock.elapsed());
  }

  /** @param turnStartedAt When the turn began that is over when the next one comes. */
  #flushWhenFree(turnStartedAt: number): void {
    this.#nextTurn(() => {
      // Committed meanwhile, as when the store was closed.
      if (!this.#isDue) return;
      const now = this.#clock.elapsed();
      const isFree = now >= this.#restUntil || now - turnStartedAt < IDLE_TURN_MS;
      if (isFree) this.flush();
      else this.#flushWhenFree(now);
    });
  }

  /** One of a batch failed and all were rolled back: each in a transaction of its own shows which. */
  #settleAlone(write: WaitingWrite): void {
    try {
      write.resolve(this.#inTransaction([write])[0]);
    } catch (cause) {
      write.reject(this.#explain(cause));
    }
  }

  /** Written out by hand: libsql's own `transaction()` replaces the error of a statement by that of its rollback. */
  #inTransaction(writes: readonly WaitingWrite[]): unknown[] {
    const connection = this.#connection;
    connection.exec('BEGIN IMMEDIATE');
    try {
      const results = writes.map((write) => write.change(connection));
      if (results.every((result) => result === NOTHING_WRITTEN)) connection.exec('ROLLBACK');
      else this.#commit(connection);
      return results;
    } catch (cause) {
      rollBack(connection);
      throw cause;
    }
  }
}

export function rollBack(connection: SqliteConnection): void {
  try {
    connection.exec('ROLLBACK');
  } catch {
    // SQLite rolls back by itself on a full or failing disk; the first error is the one that tells.
  }
}
