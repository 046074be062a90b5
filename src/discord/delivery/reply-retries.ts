import { setMaxListeners } from 'node:events';
import { DiscordAPIError, RESTJSONErrorCodes } from 'discord.js';
import PQueue from 'p-queue';
import { type Clock, wait } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Acknowledgement, AnswerableInteraction } from '../acknowledge.ts';
import { isNotTaken, waitOf } from '../rest-errors.ts';

export interface ReplyRetriesDeps {
  readonly log: Log;
  readonly clock: Clock;
  /** Milliseconds between the first tries to hand a reply to Discord. */
  readonly retryAfterMs?: number;
}

/** Milliseconds between the first tries to hand a reply to Discord, and how many tries those are. */
const FIRST_RETRY_MS = 1500;
const FIRST_RETRIES = 2;
/** Milliseconds between the tries after those; the last one is for all that follow. */
const LATER_RETRY_MS = [5000, 15_000, 60_000] as const;
/** Milliseconds until the next try while Discord takes nothing (429): its own hour would be too late for every reply. */
const LIMITED_TRY_AGAIN_AFTER_MS = 60_000;
/** Replies that wait for Discord and are tried at the same time. While it takes nothing, it hears no more than these. */
const TRIED_AT_A_TIME = 4;
/** Milliseconds for which Discord takes edits; half a minute is left for the way there. */
const REPLY_LIFETIME_MS = 14.5 * 60_000;
/** Milliseconds for which an acknowledgement without an answer may still reach Discord. */
const ARRIVES_WITHIN_MS = 15_000;

export interface TryOptions {
  /** When Discord takes no more edits, in milliseconds since 1970. */
  readonly until: number;
  /** Until when the acknowledgement may still arrive, so that there is a reply to edit. */
  readonly arrivesUntil: number;
}

/** How long the reply of an interaction can be edited. */
export function tryOptionsOf(
  { createdTimestamp }: AnswerableInteraction,
  acknowledgement: Acknowledgement,
  now: number,
): TryOptions {
  const arrivesUntil = acknowledgement === 'unknown' ? now + ARRIVES_WITHIN_MS : 0;
  return { until: createdTimestamp + REPLY_LIFETIME_MS, arrivesUntil };
}

/** What came of handing something to Discord. `refused`: it will never take it. `not-yet`: it may take it later. */
export type Delivered =
  | { readonly kind: 'delivered' | 'refused' }
  | { readonly kind: 'not-yet'; readonly error: unknown };

export const REFUSED: Delivered = { kind: 'refused' };

/** Hands replies to Discord: at once, and again until Discord takes them or never will. */
export class ReplyRetries {
  readonly #deps: ReplyRetriesDeps;
  /** What Discord did not take in time, and is offered again. */
  readonly #offered = new PQueue({ concurrency: TRIED_AT_A_TIME });
  readonly #stopping = new AbortController();
  /** Until when Discord takes nothing (clock.elapsed()). */
  #limitedUntil = Number.NEGATIVE_INFINITY;

  constructor(deps: ReplyRetriesDeps) {
    this.#deps = deps;
    // Each reply that waits listens; Node 20 takes more than ten listeners for a mistake, and says so on stderr.
    setMaxListeners(0, this.#stopping.signal);
  }

  /** Offers nothing more. */
  stop(): void {
    this.#stopping.abort();
  }

  /** Waits before another try that is not made by `insist`. */
  waitForNext(): Promise<void> {
    return wait(this.#deps.clock, this.#retryAfter(0));
  }

  /** Tries again and again until it is taken, refused, or its time is over. Never rejects. @returns Whether it was taken. */
  async insist(interactionId: string, send: () => Promise<unknown>, options: TryOptions): Promise<boolean> {
    const { clock } = this.#deps;
    const { signal } = this.#stopping;
    for (let tried = 0; ; tried += 1) {
      await wait(clock, this.#retryAfter(tried), signal);
      if (signal.aborted || clock.now() >= options.until) return false;
      const delivered = await this.#offered.add(async () =>
        // Discord has just refused another one: it hears no more until it may take them again.
        clock.elapsed() < this.#limitedUntil ? undefined : this.try(interactionId, send, options),
      );
      if (delivered && delivered.kind !== 'not-yet') return delivered.kind === 'delivered';
    }
  }

  #retryAfter(tried: number): number {
    if (tried < FIRST_RETRIES) return this.#deps.retryAfterMs ?? FIRST_RETRY_MS;
    return LATER_RETRY_MS[tried - FIRST_RETRIES] ?? LATER_RETRY_MS[2];
  }

  /** Hands something to Discord. A no is final: the reply was dismissed, its 15 minutes are over, or it never came to be. */
  async try(
    interactionId: string,
    send: () => Promise<unknown>,
    { arrivesUntil }: Pick<TryOptions, 'arrivesUntil'>,
  ): Promise<Delivered> {
    const { clock, log } = this.#deps;
    try {
      await send();
      return { kind: 'delivered' };
    } catch (error) {
      const limitMs = waitOf(error);
      if (limitMs !== undefined) this.#limitedUntil = clock.elapsed() + Math.min(limitMs, LIMITED_TRY_AGAIN_AFTER_MS);
      const isUnknown = error instanceof DiscordAPIError && error.code === RESTJSONErrorCodes.UnknownWebhook;
      const isFinal =
        error instanceof DiscordAPIError && isNotTaken(error) && !(isUnknown && clock.now() < arrivesUntil);
      if (!isFinal) return { kind: 'not-yet', error };
      log.warn({ interactionId, error }, 'an outcome could not be delivered; it waits for the next command');
      return REFUSED;
    }
  }
}
