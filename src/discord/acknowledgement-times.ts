import type { Clock } from '../clock.ts';

/** Measures from the arrival of each interaction until Discord has its first answer, for which it waits 3 seconds. */
export class AcknowledgementTimes {
  readonly #arrivedAt = new Map<string, number>();
  readonly #clock: Clock;
  readonly #onAnswered: (durationMs: number) => void;

  constructor(clock: Clock, onAnswered: (durationMs: number) => void) {
    this.#clock = clock;
    this.#onAnswered = onAnswered;
  }

  /** @returns To be called when its handler is done: what it has not answered by then, it never will. */
  arrived(interactionId: string): () => void {
    // Delivered again, it is late by the first time.
    if (!this.#arrivedAt.has(interactionId)) this.#arrivedAt.set(interactionId, this.#clock.elapsed());
    return () => void this.#arrivedAt.delete(interactionId);
  }

  /** Discord has taken or refused the first answer, or said nothing to it. Only the first call for each counts. */
  answered(interactionId: string): void {
    const at = this.#arrivedAt.get(interactionId);
    if (at === undefined) return;
    this.#arrivedAt.delete(interactionId);
    this.#onAnswered(this.#clock.elapsed() - at);
  }
}
