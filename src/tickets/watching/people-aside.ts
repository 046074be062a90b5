import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { WATCH_TIMES } from './watch-times.ts';

/** People for whom something has failed, such as the reading of a damaged record: they are left out for a while, and the others are not. */
export class PeopleAside {
  readonly #deps: { readonly clock: Clock; readonly log: Log };
  /** How often in a row it has failed, and until when the person is left out (clock.elapsed()). */
  readonly #failed = new Map<string, { readonly times: number; readonly until: number }>();

  constructor(deps: { readonly clock: Clock; readonly log: Log }) {
    this.#deps = deps;
  }

  /** Milliseconds until something is done for a person again: 0 for most. */
  untilBack(userId: string): number {
    return Math.max(0, (this.#failed.get(userId)?.until ?? 0) - this.#deps.clock.elapsed());
  }

  /** @returns Whether it has worked. Never rejects: what fails is logged once. */
  async attempt(userId: string, act: () => Promise<void>): Promise<boolean> {
    const { clock, log } = this.#deps;
    try {
      await act();
      this.#failed.delete(userId);
      return true;
    } catch (error) {
      const times = (this.#failed.get(userId)?.times ?? 0) + 1;
      this.#failed.set(userId, {
        times,
        until: clock.elapsed() + Math.min(WATCH_TIMES.asideMs * 2 ** (times - 1), WATCH_TIMES.longestAsideMs),
      });
      if (times === 1) {
        log.error(
          { error, userId },
          'the watched tickets of one person could not be looked at yet; the bot tries again',
        );
      }
      return false;
    }
  }
}
