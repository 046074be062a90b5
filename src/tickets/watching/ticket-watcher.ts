import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { ProcessLease } from '../../process-lease.ts';
import type { HelpdeskClient } from '../helpdesk-client.ts';
import { refusesLogin } from '../helpdesk-failures.ts';
import type { HelpdeskQueue } from '../helpdesk-queue.ts';
import type { OpenedTickets } from '../opened/opened-tickets.ts';
import type { AuditEntry } from '../opened/opened-tickets-record.ts';
import type { OwnLook, TicketLooks } from '../opened/ticket-looks.ts';
import { seenIn } from '../opened/ticket-view.ts';
import type { Looker } from './looker.ts';
import type { FoundTicket, NoticeResult, TicketNotice, TicketWatches } from './ticket-watches.ts';
import type { WatchDue } from './watch-schedule.ts';
import { WATCH_TIMES } from './watch-times.ts';

/** What a look came to, for the metrics. */
export type LookResult = 'first' | 'same' | 'news' | 'not-shown' | 'failed';

export interface TicketWatcherDeps {
  readonly watches: TicketWatches;
  readonly opened: OpenedTickets;
  readonly looks: Pick<TicketLooks, 'lookAs'>;
  readonly looker: Looker;
  readonly lease: Pick<ProcessLease, 'onGone'>;
  readonly helpdesk: Pick<HelpdeskClient, 'viewTicket'>;
  readonly queue: Pick<HelpdeskQueue, 'isIdle'>;
  /** WATCH_LOOKS_PER_MINUTE: for all tickets together. 0 turns watching off. */
  readonly looksPerMinute: number;
  readonly onLook: (result: LookResult) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** What is done with news. Neither rejects. */
export interface NewsHandlers {
  /** Writes a direct message. */
  tell(notice: TicketNotice): Promise<NoticeResult>;
  /** An escalated ticket has changed. @param at Milliseconds since 1970. */
  onEscalationChanged(entry: AuditEntry, at: number): Promise<void>;
}

/**
 * Looks at the tickets of those who want to be told, one at a time and evenly, and only while nobody else needs the helpdesk. A look
 * goes past the waiting line, so no submission ever waits for one.
 */
export class TicketWatcher {
  readonly #deps: TicketWatcherDeps;
  readonly #stopping = new AbortController();
  /** For whom something is due, as far as this process knows. */
  #due = new Map<string, WatchDue>();
  #handlers: NewsHandlers | undefined;
  #readAt = Number.NEGATIVE_INFINITY;
  /** What became of a notice, which the store did not take yet: it must not be sent again because of that. */
  #unsettled: { readonly notice: TicketNotice; readonly sent: NoticeResult } | undefined;
  /** No look before that (clock.elapsed()). */
  #nextLookAt = 0;
  #running: Promise<void> | undefined;
  #callOff: (() => void) | undefined;
  #endOnGone: (() => void) | undefined;

  constructor(deps: TicketWatcherDeps) {
    this.#deps = deps;
  }

  /** Begins to look. Never rejects: what the store does not give is asked for again. */
  start(handlers: NewsHandlers): void {
    if (this.#deps.looksPerMinute === 0 || this.#handlers) return;
    this.#handlers = handlers;
    this.#endOnGone = this.#deps.lease.onGone(() => this.#schedule(0));
    this.#schedule(0);
  }

  /** Calls the look under way off and begins nothing more. */
  stop(): void {
    this.#stopping.abort();
    this.#callOff?.();
    this.#endOnGone?.();
  }

  /** Resolves when nothing is under way any more and another process may look. Call it after `stop`. Never rejects. */
  async idle(): Promise<void> {
    await this.#running;
    if (this.#handlers) await this.#deps.looker.leave().catch(() => undefined);
  }

  #schedule(ms: number): void {
    if (this.#stopping.signal.aborted) return;
    this.#callOff?.();
    this.#callOff = this.#deps.clock.after(ms, () => {
      if (this.#running) return;
      this.#running = this.#turn().then((nextMs) => {
        this.#running = undefined;
        this.#schedule(nextMs);
      });
    });
  }

  /** @returns Milliseconds to the next turn. Never rejects. */
  async #turn(): Promise<number> {
    const { looker, log } = this.#deps;
    try {
      if (!(await looker.isThis())) {
        this.#readAt = Number.NEGATIVE_INFINITY;
        return WATCH_TIMES.readAgainMs;
      }
      if (this.#unsettled) await this.#settle(this.#unsettled);
      await this.#readIndex();
      await this.#tellDue();
      await this.#look();
      return this.#untilNext();
    } catch (error) {
      log.error({ error }, 'the watched tickets could not be looked at yet; the bot tries again');
      // A write that failed may have landed: what is due is known to the store alone.
      this.#readAt = Number.NEGATIVE_INFINITY;
      return WATCH_TIMES.afterErrorMs;
    }
  }

  async #readIndex(): Promise<void> {
    const { opened, clock } = this.#deps;
    if (clock.elapsed() - this.#readAt < WATCH_TIMES.readAgainMs) return;
    this.#readAt = clock.elapsed();
    const found = new Map<string, WatchDue>();
    for await (const [userId, due] of opened.allDue()) found.set(userId, due);
    this.#due = found;
  }

  #note(userId: string, due: WatchDue | undefined): void {
    if (due) this.#due.set(userId, due);
    else this.#due.delete(userId);
  }

  /** Sends the notices that are due. */
  async #tellDue(): Promise<void> {
    for (const [userId, { noticeAt = Number.POSITIVE_INFINITY }] of [...this.#due]) {
      if (this.#isStopped) return;
      if (noticeAt <= this.#deps.clock.now()) await this.#tell(userId);
    }
  }

  async #tell(userId: string): Promise<void> {
    const { watches } = this.#deps;
    const { due, found: notice } = await watches.claim(userId);
    this.#note(userId, due);
    if (!notice || !this.#handlers) return;
    await this.#settle({ notice, sent: await this.#handlers.tell(notice) });
  }

  async #settle(told: { readonly notice: TicketNotice; readonly sent: NoticeResult }): Promise<void> {
    this.#unsettled = told;
    const { due } = await this.#deps.watches.settle(told.notice, told.sent);
    this.#unsettled = undefined;
    this.#note(told.notice.userId, due);
  }

  /** One look, when one is due and the helpdesk has nothing else to do. */
  async #look(): Promise<void> {
    const { clock, queue, looksPerMinute } = this.#deps;
    const next = this.#oldestDue();
    if (!next || next.at > clock.now() || clock.elapsed() < this.#nextLookAt) return;
    if (this.#isStopped || !queue.isIdle) return;
    this.#nextLookAt = clock.elapsed() + WATCH_TIMES.budgetMs / looksPerMinute;
    await this.#lookFor(next.userId);
  }

  async #lookFor(userId: string): Promise<void> {
    const { watches, looks, helpdesk, onLook, clock } = this.#deps;
    const ticketId = await watches.nextLookOf(userId);
    if (ticketId === undefined) {
      // Whoever is linked no more, or said that it is enough: written down with what else is due for them.
      this.#note(userId, (await watches.claim(userId)).due);
      return;
    }
    const startedAt = clock.now();
    const looked = await looks.lookAs(userId, ticketId, (reference) =>
      helpdesk.viewTicket(reference, this.#stopping.signal),
    );
    if (this.#isStopped) return;
    if (looked.kind === 'unreachable') {
      const isRefused = refusesLogin(looked.cause.kind);
      this.#nextLookAt =
        clock.elapsed() + (isRefused ? WATCH_TIMES.leaveAloneAfterRefusalMs : WATCH_TIMES.leaveAloneMs);
      onLook('failed');
      return;
    }
    const { due, found } = await watches.noteLook(userId, ticketId, foundIn(looked, startedAt));
    this.#note(userId, due);
    onLook(found?.result ?? 'not-shown');
    if (found?.result !== 'news') return;
    if (found.audit) await this.#handlers?.onEscalationChanged(found.audit, clock.now());
    if (due?.noticeAt !== undefined && due.noticeAt <= clock.now()) await this.#tell(userId);
  }

  /** Whose look has been due for the longest time, or will be due first. */
  #oldestDue(): { readonly userId: string; readonly at: number } | undefined {
    let oldest: { readonly userId: string; readonly at: number } | undefined;
    for (const [userId, { lookAt: at }] of this.#due) {
      if (at !== undefined && (!oldest || at < oldest.at)) oldest = { userId, at };
    }
    return oldest;
  }

  #untilNext(): number {
    const { clock, queue } = this.#deps;
    const now = clock.now();
    const waits = [WATCH_TIMES.readAgainMs];
    for (const { noticeAt } of this.#due.values()) if (noticeAt !== undefined) waits.push(noticeAt - now);
    const look = this.#oldestDue();
    if (look) {
      const untilTurn = this.#nextLookAt - clock.elapsed();
      waits.push(Math.max(look.at - now, untilTurn, queue.isIdle ? 1 : WATCH_TIMES.busyMs));
    }
    return Math.max(1, Math.min(...waits));
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }
}

function foundIn(looked: OwnLook, startedAt: number): FoundTicket {
  if (looked.kind !== 'own') return 'not-shown';
  const { shown, email, texts } = looked;
  return { seen: seenIn(shown, email, texts, startedAt), startedAt };
}
