import { type Clock, wait } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { StorageError } from '../../storage/record-store.ts';
import type { HelpdeskClient, HelpdeskError, OpenTicketResult } from '../helpdesk-client.ts';
import type { HelpdeskQueue } from '../helpdesk-queue.ts';
import { findAttempt, type NotSentReason } from '../lifecycle/person-record.ts';
import type { TicketLooks } from '../opened/ticket-looks.ts';
import { countOwnPosts, isClosedState } from '../opened/ticket-view.ts';
import type { RequestRecords } from '../request-records.ts';
import type { TicketDraft } from '../ticket-drafts.ts';

/** Milliseconds after a doubtful call at which the bot looks whether the answer is there. */
const LOOKS_AFTER_MS = [5_000, 30_000, 120_000] as const;

/** What the ticket says right before an answer to it is sent. */
export type LookBefore =
  | { readonly kind: 'may-send'; readonly samePosts: number }
  | { readonly kind: 'stopped'; readonly reason: NotSentReason }
  | { readonly kind: 'unreachable'; readonly cause: HelpdeskError };

/** Whether a doubtful answer is in its ticket. `stopped`: the bot stops, and the next process goes on looking. */
export type Settled = 'posted' | 'not-known' | 'stopped';

export interface TicketAnswersDeps {
  readonly looks: TicketLooks;
  readonly records: RequestRecords;
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
    return { kind: 'may-send', samePosts: countOwnPosts(shown, email, draft.fields.body, texts) };
  }

  /** One call. @param recheck As at the helpdesk's client. */
  async post(reference: string, draft: TicketDraft, recheck: () => Promise<void>): Promise<OpenTicketResult> {
    const result = await this.#deps.helpdesk.postReply({ reference, text: draft.fields.body }, recheck);
    return result.kind === 'posted' ? { kind: 'opened', reference } : result;
  }

  /**
   * Looks whether a doubtful answer is in its ticket: after 5, 30 and 120 seconds, or at once where these are over. Never rejects.
   * @param since When it became doubtful, in milliseconds since 1970.
   */
  async settle({ id, draft }: { readonly id: string; readonly draft: TicketDraft }, since: number): Promise<Settled> {
    const { clock, log } = this.#deps;
    const { signal } = this.#stopping;
    const now = clock.now();
    const later = LOOKS_AFTER_MS.map((ms) => since + ms).filter((at) => at > now);
    for (const at of later.length < LOOKS_AFTER_MS.length ? [now, ...later] : later) {
      await wait(clock, Math.max(0, at - clock.now()), signal);
      if (signal.aborted) return 'stopped';
      try {
        if (await this.#isThere(id, draft)) return 'posted';
      } catch (error) {
        if (!(error instanceof StorageError)) throw error;
        log.warn({ error, attemptId: id }, 'whether an answer was posted could not be looked up');
      }
    }
    return signal.aborted ? 'stopped' : 'not-known';
  }

  /** Begins no further look. What is doubtful stays with this process until it has ended; the next one looks on. */
  stop(): void {
    this.#stopping.abort();
  }

  async #isThere(attemptId: string, draft: TicketDraft): Promise<boolean> {
    const { looks, records, helpdesk, queue } = this.#deps;
    const submitterId = draft.submitter.id;
    const looked = await looks.lookAs(submitterId, ticketIdOf(draft), (reference) =>
      queue.run(() => helpdesk.viewTicket(reference, this.#stopping.signal), { priority: 'view' }),
    );
    if (looked.kind !== 'own') return false;
    const samePosts = findAttempt(await records.find(submitterId), attemptId)?.attempt.samePosts;
    // Without the look before the call, one that is there could be an older one.
    if (samePosts === undefined) return false;
    return countOwnPosts(looked.shown, looked.email, draft.fields.body, looked.texts) > samePosts;
  }
}

function ticketIdOf({ answers }: TicketDraft): string {
  return answers?.ticketId ?? '';
}
