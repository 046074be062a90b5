import type { Facts } from './facts.ts';
import { TOURS, type Tour } from './tours.ts';

/** A tour that is being made. */
export interface RunningTour {
  readonly tour: Tour;
  /** The step that comes next; the number of steps when all are done. */
  readonly step: number;
}

/** Leads through a tour: a step that was done stays done, whatever is done afterwards. */
export class TourGuide {
  #running: { readonly tour: Tour; readonly since: Facts; step: number } | undefined;

  get running(): RunningTour | undefined {
    return this.#running;
  }

  begin(index: number, now: Facts): void {
    const tour = TOURS[index];
    this.#running = tour && { tour, since: now, step: 0 };
    this.follow(now);
  }

  leave(): void {
    this.#running = undefined;
  }

  /** Goes on past everything that is done by now. */
  follow(now: Facts): void {
    const running = this.#running;
    if (!running) return;
    while (running.tour.steps[running.step]?.isDone(now, running.since)) running.step += 1;
  }
}
