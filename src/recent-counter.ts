import { Counter, type CounterConfiguration } from 'prom-client';
import type { Clock } from './clock.ts';

const WINDOW_MS = 24 * 3_600_000;
/** So precise is the end of the window. At most 97 slots are kept, however much is counted. */
const SLOT_MS = 15 * 60_000;

/** What was counted lately. */
export interface Recent {
  /** Since when, in milliseconds since 1970: a day ago, or when counting began. */
  readonly since: number;
  readonly isWholeDay: boolean;
  /** By the value of the label. */
  readonly counts: ReadonlyMap<string, number>;
}

/** A counter with one label that also knows what it has counted in the last 24 hours. A restart forgets it. */
export class RecentCounter<Label extends string> {
  readonly #counter: Counter<Label>;
  readonly #label: Label;
  readonly #clock: Clock;
  readonly #startedAt: number;
  /** By the number of the slot since the start, oldest first. */
  readonly #slots = new Map<number, Map<string, number>>();

  constructor(
    { label, ...configuration }: Omit<CounterConfiguration<Label>, 'labelNames'> & { readonly label: Label },
    clock: Clock,
  ) {
    this.#counter = new Counter({ ...configuration, labelNames: [label] });
    this.#label = label;
    this.#clock = clock;
    this.#startedAt = clock.elapsed();
  }

  inc(labels: Readonly<Record<Label, string>>): void {
    this.#counter.inc(labels);
    const number = this.#slot();
    const slot = this.#slots.get(number) ?? new Map<string, number>();
    const value = labels[this.#label];
    slot.set(value, (slot.get(value) ?? 0) + 1);
    this.#slots.set(number, slot);
    this.#forget();
  }

  recent(): Recent {
    this.#forget();
    const counts = new Map<string, number>();
    for (const slot of this.#slots.values()) {
      for (const [value, times] of slot) counts.set(value, (counts.get(value) ?? 0) + times);
    }
    const agoMs = Math.min(this.#clock.elapsed() - this.#startedAt, WINDOW_MS);
    return { since: this.#clock.now() - agoMs, isWholeDay: agoMs === WINDOW_MS, counts };
  }

  #slot(): number {
    return Math.floor((this.#clock.elapsed() - this.#startedAt) / SLOT_MS);
  }

  #forget(): void {
    const oldest = this.#slot() - WINDOW_MS / SLOT_MS;
    for (const number of this.#slots.keys()) if (number <= oldest) this.#slots.delete(number);
  }
}
