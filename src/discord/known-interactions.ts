import type { Clock } from '../clock.ts';

/** Milliseconds for which an interaction is known again: as long as Discord takes edits of its answer. */
export const KNOWN_FOR_MS = 15 * 60_000;
/** The lower bits of an ID. A number of these is kept in its place, without an object of its own; the upper ones are half a second. */
const LOW_BITS = 31;

/** Interactions that ended within the same half of a second, by the lower bits of their IDs. */
interface Moment {
  readonly ids: Set<number>;
  /** When the last of them was noted (clock.elapsed()). */
  at: number;
}

/**
 * The interactions that are handled, or have been answered in the last quarter of an hour. A raid can bring very many, so
 * no more than some bytes are kept of each.
 */
export class KnownInteractions {
  readonly #clock: Pick<Clock, 'elapsed'>;
  /** A handler can wait for the helpdesk for longer than a quarter of an hour. */
  readonly #running = new Set<string>();
  /** By the upper bits of their IDs, oldest first. */
  readonly #moments = new Map<number, Moment>();

  constructor(clock: Pick<Clock, 'elapsed'>) {
    this.#clock = clock;
  }

  has(id: string): boolean {
    const { high, low } = partsOf(id);
    return this.#running.has(id) || (this.#moments.get(high)?.ids.has(low) ?? false);
  }

  begin(id: string): void {
    this.#forgetOld();
    this.#running.add(id);
  }

  /**
   * @param isOver Discord has an answer, may have one, or takes none any more. Otherwise the handler failed before there was any,
   * and none does anything that counts before its first answer: delivered again, it is handled again.
   */
  end(id: string, isOver: boolean): void {
    this.#running.delete(id);
    if (!isOver) return;
    const { high, low } = partsOf(id);
    const moment = this.#moments.get(high) ?? { ids: new Set(), at: 0 };
    moment.ids.add(low);
    moment.at = this.#clock.elapsed();
    // The oldest stand first.
    this.#moments.delete(high);
    this.#moments.set(high, moment);
  }

  #forgetOld(): void {
    const time = this.#clock.elapsed() - KNOWN_FOR_MS;
    for (const [high, { at }] of this.#moments) {
      if (at >= time) return;
      this.#moments.delete(high);
    }
  }
}

/** @param id A snowflake: the milliseconds since 2015, and 22 bits more. */
function partsOf(id: string): { high: number; low: number } {
  const number = BigInt(id);
  return { high: Number(number >> BigInt(LOW_BITS)), low: Number(BigInt.asUintN(LOW_BITS, number)) };
}
