import { type Clock, wait } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { StorageError } from '../../storage/record-store.ts';
import type { HelpdeskClient, HelpdeskError, OpenTicketResult } from '../helpdesk-client.ts';
import type { HelpdeskQueue } from '../helpdesk-queue.ts';
import type { Attempt, NotSentReason } from '../lifecycle/person-record.ts';
import type { TicketLooks } from '../opened/ticket-looks.ts';
import { countOwnPosts, isClosedState } from '../opened/ticket-view.ts';
import type { TicketDraft } from '../ticket-drafts.ts';

/** Milliseconds of the looks at a doubtful answer. A chaos test has no minutes, and shortens them. */
export const LOOK_TIMES = {
  /** After the doubtful call. */
  afterMs: [5_000, 30_000, 120_000] as readonly number[],
  /** To the next look after one that failed. */
  againAfterMs: 30_000,
  /** For all looks together: Discord takes edits of the reply for 15 minutes. */
  longestMs: 10 * 60_000,
};

/** What the ticket says right before an answer to it is sent. */
export type LookBefore =
  | { readonly kind: 'may-send'; readonly lookedBefore: Attempt['lookedBefore'] }
  | { readonly kind: 'stopped'; readonly reason: NotSentReason }
  | { readonly kind: 'unreachable'; readonly cause: HelpdeskError };

/** Whether a doubtful answer is in its ticket. `stopped`: the bot stops, and the next process goes on looking. */
export type Settled = 'posted' | 'not-known' | 'stopped';

export interface TicketAnswersDeps {
  readonly looks: TicketLooks;
  readonly helpdesk: Pick<HelpdeskClient, 'viewTicket' | 'postReply'>;
  readonly queue: Pick<HelpdeskQueue, 'run'>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * What an answer to a ticket has of its own: the look before it is sent, its call, and how a doubt is settled, which a new ticket's
 * cannot be: whether a post is there can be seen.
 */
export class TicketAnswers {
  readonly #deps: TicketAnswersDeps;
  readonly #stopping = new AbortController();

  constructor(deps: TicketAnswersDeps) {
    this.#deps = deps;
  }

  /** Whether the ticket is this person's and open, and how many posts say the same already. To be called in its turn. @throws {StorageError} */
  async lookBefore(draft: TicketDraft): Promise<LookBefore> {
    const { looks, helpdesk } = this.#deps;
    const looked = await looks.lookAs(draft.submitter.id, ticketIdOf(draft), (reference) =>
      helpdesk.viewTicket(reference),
    );
    switch (looked.kind) {
      case 'own':
        break;
      case 'not-linked':
        return { kind: 'stopped', reason: { kind: 'not-linked' } };
      case 'not-shown':
        return { kind: 'stopped', reason: { kind: 'ticket-not-shown' } };
      case 'unreachable':
        return { kind: 'unreachable', cause: looked.cause };
    }
    const { shown, email, texts } = looked;
    if (isClosedState(shown.state)) return { kind: 'stopped', reason: { kind: 'ticket-closed' } };
    const words = texts.wordsOf(draft.fields.body);
    const lookedBefore = words && {
      ticketId: ticketIdOf(draft),
      words,
      posts: countOwnPosts(shown, email, words, texts),
    };
    return { kind: 'may-send', lookedBefore: lookedBefore || undefined };
  }

  /** One call. @param recheck As at the helpdesk's client. */
  async post(reference: string, draft: TicketDraft, recheck: () => Promise<void>): Promise<OpenTicketResult> {
    const result = await this.#deps.helpdesk.postReply({ reference, text: draft.fields.body }, recheck);
    return result.kind === 'posted' ? { kind: 'opened', reference } : result;
  }

  /**
   * Looks whether a doubtful answer is in its ticket: 5, 30 and 120 seconds from now. A look that fails tells nothing, so it is made
   * again. Never rejects.
   */
  async settle(submitterId: string, { id, lookedBefore }: Pick<Attempt, 'id' | 'lookedBefore'>): Promise<Settled> {
    // Without the look before the call, a post that is there could be an older one.
    if (!lookedBefore) return 'not-known';
    const { clock } = this.#deps;
    const { signal } = this.#stopping;
    const since = clock.elapsed();
    const { afterMs, againAfterMs, longestMs } = LOOK_TIMES;
    const ends = since + longestMs;
    let at = afterMs[0] === undefined ? undefined : since + afterMs[0];
    for (let made = 0; at !== undefined; ) {
      await wait(clock, at - clock.elapsed(), signal);
      if (signal.aborted) return 'stopped';
      const found = await this.#look(submitterId, id, lookedBefore);
      if (signal.aborted) return 'stopped';
      if (found === 'there') return 'posted';
      if (found === 'nobody-may-look') return 'not-known';
      if (found === 'absent') made += 1;
      const next = afterMs[made];
      const notBefore = clock.elapsed() + (found === 'absent' ? 0 : againAfterMs);
      at = next === undefined || notBefore > ends ? undefined : Math.max(since + next, notBefore);
    }
    return 'not-known';
  }

  /** Begins no further look. What is doubtful stays with this process until it has ended; the next one looks on. */
  stop(): void {
    this.#stopping.abort();
  }

  /** Never rejects for a store that fails. */
  async #look(
    submitterId: string,
    attemptId: string,
    { ticketId, words, posts }: NonNullable<Attempt['lookedBefore']>,
  ): Promise<'there' | 'absent' | 'failed' | 'nobody-may-look'> {
    const { looks, helpdesk, queue, log } = this.#deps;
    const { signal } = this.#stopping;
    try {
      const looked = await looks.lookAs(submitterId, ticketId, (reference) =>
        queue.run(() => helpdesk.viewTicket(reference, signal), { what: 'view' }),
      );
      switch (looked.kind) {
        case 'own':
          return countOwnPosts(looked.shown, looked.email, words, looked.texts) > posts ? 'there' : 'absent';
        case 'not-linked':
          return 'nobody-may-look';
        case 'not-shown':
        case 'unreachable':
          return 'failed';
      }
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      log.warn({ error, attemptId }, 'whether an answer was posted could not be looked up');
      return 'failed';
    }
  }
}

function ticketIdOf({ answers }: TicketDraft): string {
  return answers?.ticketId ?? '';
}
