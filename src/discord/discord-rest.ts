import { randomUUID } from 'node:crypto';
import {
  type InternalRequest,
  type RateLimitData,
  RateLimitError,
  REST,
  type RESTOptions,
  RequestMethod,
} from 'discord.js';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { ReplyEdits } from './reply-edits.ts';
import {
  AnsweredElsewhereError,
  isAlreadyAnswered,
  isNotSent,
  isNotTaken,
  MaybeTakenError,
  SessionLimitError,
  UnansweredError,
} from './rest-errors.ts';
import type { SessionLimit } from './session-starts.ts';

export interface DiscordRestDeps {
  readonly edits: ReplyEdits;
  readonly clock: Clock;
  readonly log: Log;
  /** Told when Discord has the first answer to an interaction, refuses it, or is silent for good. */
  readonly onAnswered: (interactionId: string) => void;
  readonly onSessionLimit: (limit: SessionLimit) => void;
}

/** Milliseconds that one request may wait in all because Discord says so: people wait for it, and so does a stop. */
const MAX_WAIT_MS = 2000;
/** The same for a first answer, which has to arrive within 3 seconds. */
const MAX_WAIT_OF_CALLBACK_MS = 1000;
/** Milliseconds for which a first answer without a reply of Discord is remembered: nothing comes for it after that. */
const REMEMBERED_MS = 15 * 60_000;
/** Sessions that can still be begun today, below which an operator should look at what restarts the bot. */
const FEW_SESSIONS = 100;

const CALLBACK = /^\/interactions\/(\d+)\/[^/]+\/callback$/;
const REPLY_MESSAGE = /^\/webhooks\/\d+\/([^/]+)\/messages\/([^/?]+)$/;
const CHANNEL_MESSAGES = /^\/channels\/\d+\/messages$/;

const gateway = z.looseObject({
  shards: z.number(),
  session_start_limit: z.object({ total: z.number(), remaining: z.number(), reset_after: z.number() }),
});

/**
 * discord.js' way to Discord's REST API, which repeats by itself what got no answer. discord.js would do that, too, but only
 * who repeats knows what an answer means: 40060 to the very first try says that another process has answered, and after an
 * own try that it has arrived. And nothing waits for Discord longer than that can be of use.
 */
export class DiscordRest extends REST {
  readonly #deps: DiscordRestDeps;
  /** First answers that may have arrived, by interaction: when they were sent (clock.elapsed()). */
  readonly #unanswered = new Map<string, number>();
  /** Milliseconds that requests under way have waited because Discord said so, by method and route. */
  readonly #waitedMs = new Map<string, number>();
  #limitedUntil = 0;

  constructor(options: Partial<RESTOptions>, deps: DiscordRestDeps) {
    super({ ...options, retries: 0 });
    this.#deps = deps;
    this.options.rejectOnRateLimit = (data) => this.#isTooLong(data);
  }

  override async request(request: InternalRequest): Promise<unknown> {
    const { method, fullRoute } = request;
    const sendOnce = (one: InternalRequest) => this.#sendOnce(one);
    const [, interactionId] = CALLBACK.exec(fullRoute) ?? [];
    if (interactionId) {
      return this.#answer(interactionId, request).finally(() => this.#deps.onAnswered(interactionId));
    }
    const [, token, messageId] = (method === 'PATCH' && REPLY_MESSAGE.exec(fullRoute)) || [];
    if (token && messageId) {
      // discord.js writes @original as %40original.
      return this.#deps.edits.send(request, { token, messageId: decodeURIComponent(messageId) }, sendOnce);
    }
    const isMessage = method === 'POST' && CHANNEL_MESSAGES.test(fullRoute);
    const response = await this.#sendTwice(isMessage ? withNonce(request) : request);
    if (fullRoute === '/gateway/bot') this.#checkSessions(response);
    return response;
  }

  async #sendTwice(request: InternalRequest): Promise<unknown> {
    try {
      return await this.#sendOnce(request);
    } catch (error) {
      if (isNotTaken(error)) throw error;
    }
    try {
      return await this.#sendOnce(request);
    } catch (error) {
      // What is made by a request may have been made by the first try, whatever is said about the second.
      throw request.method === RequestMethod.Post && isNotTaken(error) ? new MaybeTakenError(error) : error;
    }
  }

  async #sendOnce(request: InternalRequest): Promise<unknown> {
    try {
      return await super.request(request);
    } finally {
      this.#waitedMs.delete(`${request.method} ${request.fullRoute}`);
    }
  }

  /**
   * The first answer to an interaction.
   * @throws {AnsweredElsewhereError} when another process was faster.
   * @throws {UnansweredError} when it may have arrived.
   */
  async #answer(interactionId: string, request: InternalRequest): Promise<unknown> {
    const mayHaveArrived = () => this.#unanswered.has(interactionId);
    for (let isLast = false; ; isLast = true) {
      try {
        return await this.#sendOnce(request);
      } catch (error) {
        if (isAlreadyAnswered(error)) {
          if (!mayHaveArrived()) throw new AnsweredElsewhereError();
          // The first try has arrived.
          return undefined;
        }
        if (!isNotTaken(error)) this.#remember(interactionId);
        else if (!isNotSent(error))
          throw error instanceof RateLimitError && mayHaveArrived() ? new UnansweredError(error) : error;
        if (isLast) throw mayHaveArrived() ? new UnansweredError(error) : error;
      }
    }
  }

  #remember(interactionId: string): void {
    const now = this.#deps.clock.elapsed();
    for (const [id, at] of this.#unanswered) {
      if (now - at < REMEMBERED_MS) break;
      this.#unanswered.delete(id);
    }
    this.#unanswered.set(interactionId, now);
  }

  /** Whether a request fails rather than wait as long as Discord wants it to. */
  #isTooLong({ method, url, route, global, limit, retryAfter, timeToReset }: RateLimitData): boolean {
    const waitMs = Math.max(retryAfter, timeToReset);
    // A refusal that does not say until when would be repeated at once, and for ever.
    const isUnlimited = !(waitMs > 0) && limit === Number.POSITIVE_INFINITY;
    const path = url.slice(`${this.options.api}/v${this.options.version}`.length).replace(/\?.*$/, '');
    const key = `${method} ${path}`;
    const waited = (this.#waitedMs.get(key) ?? 0) + waitMs;
    if (!isUnlimited && waited <= (CALLBACK.test(path) ? MAX_WAIT_OF_CALLBACK_MS : MAX_WAIT_MS)) {
      this.#waitedMs.set(key, waited);
      return false;
    }
    const { clock, log } = this.#deps;
    const until = clock.now() + (waitMs > 0 ? waitMs : 0);
    const isNews = until > this.#limitedUntil + 1000;
    if (isNews) this.#limitedUntil = until;
    log[isNews ? 'warn' : 'debug'](
      { until: new Date(until).toISOString(), route, isGlobal: global },
      'Discord takes no more requests of this kind until then (429); what it does not take is kept and tried again',
    );
    return true;
  }

  #checkSessions(response: unknown): void {
    const { success, data } = gateway.safeParse(response);
    if (!success) return;
    const { total, remaining, reset_after: resetAfterMs } = data.session_start_limit;
    this.#deps.onSessionLimit({ total, remaining, resetAfterMs });
    if (remaining < data.shards) throw new SessionLimitError(resetAfterMs);
    if (remaining >= FEW_SESSIONS) return;
    const { clock, log } = this.#deps;
    log.warn(
      { remaining, until: new Date(clock.now() + resetAfterMs).toISOString() },
      'the bot may connect only so often until then, or Discord resets its token; look for what restarts it all the time',
    );
  }
}

/** Discord creates a message with the same nonce only once within a few minutes: it may be sent again. Who needs that for longer brings one. */
function withNonce(request: InternalRequest): InternalRequest {
  const body = {
    nonce: randomUUID().replaceAll('-', '').slice(0, 25),
    ...(request.body as object),
    enforce_nonce: true,
  };
  return { ...request, body };
}
