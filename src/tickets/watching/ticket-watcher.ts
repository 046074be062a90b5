import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { ProcessLease } from '../../process-lease.ts';
import type { HelpdeskClient, HelpdeskErrorKind } from '../helpdesk-client.ts';
import { refusesLogin, saysHelpdeskFails } from '../helpdesk-failures.ts';
import type { HelpdeskQueue } from '../helpdesk-queue.ts';
import type { OpenedTickets } from '../opened/opened-tickets.ts';
import type { AuditEntry } from '../opened/opened-tickets-record.ts';
import type { OwnLook, TicketLooks } from '../opened/ticket-looks.ts';
import { seenIn } from '../opened/ticket-view.ts';
import type { Looker } from './looker.ts';
import type { NoticeResult, TicketNotice } from './notices.ts';
import { PeopleAside } from './people-aside.ts';
import type { FoundTicket, TicketWatches } from './ticket-watches.ts';
import { dueAt, type WatchDue } from './watch-schedule.ts';
import { WATCH_TIMES } from './watch-times.ts';

/** Milliseconds after which a claimed notice is sent no more: whoever has slept that long may not be the only one who sends it. */
const SENT_WITHIN_MS = 60_000;

/** What a look came to, for the metrics. */
export type LookResult = 'first' | 'same' | 'news' | 'not-shown' | 'failed';

export interface TicketWatcherDeps {
  readonly watches: TicketWatches;
  readonly opened: OpenedTickets;
  readonly looks: Pick<TicketLooks, 'lookAs'>;
  readonly looker: Looker;
  readonly lease: Pick<ProcessLease, 'onGone' | 'mayStartCalls'>;
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
  /** Writes a direct message. @param maySend Asked directly before it is sent: another process may do that by now. */
  tell(notice: TicketNotice, maySend: () => boolean): Promise<NoticeResult>;
  /** An escalated ticket has changed. @param at Milliseconds since 1970. @returns `gone` where there is no such entry any more. */
  onEscalationChanged(entry: AuditEntry, at: number): Promise<'kept' | 'gone'>;
}

interface Told {
  readonly notice: TicketNotice;
  readonly sent: NoticeResult;
}

/**
 * Looks at the tickets of those who want to be told, one at a time and evenly, and only while nobody else needs the helpdesk. A look
 * goes past the waiting line, so no submission ever waits for one. Telling goes on beside it, so no notice waits for a look either.
 */
export class TicketWatcher {
  readonly #deps: TicketWatcherDeps;
  readonly #stopping = new AbortController();
  /** For whom something is due, as far as this process knows. */
  #due = new Map<string, WatchDue>();
  #handlers: NewsHandlers | undefined;
  #readAt = Number.NEGATIVE_INFINITY;
  /** What became of a person's notice, which the store did not take yet: it must not be sent again because of that. */
  readonly #unsettled = new Map<string, Told>();
  readonly #aside: PeopleAside;
  /** No look before that (clock.elapsed()). */
  #nextLookAt = 0;
  #running: Promise<void> | undefined;
  #looking: Promise<void> | undefined;
  #callOff: (() => void) | undefined;
  #endOnGone: (() => void) | undefined;

  constructor(deps: TicketWatcherDeps) {
    this.#deps = deps;
    this.#aside = new PeopleAside(deps);
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
    await this.#looking;
    for (const userId of this.#unsettled.keys()) await this.#aside.attempt(userId, () => this.#settle(userId));
    if (this.#handlers) await this.#deps.looker.leave().catch(() => undefined);
  }

  #schedule(ms: number): void {
    if (this.#stopping.signal.aborted) return;
    this.#callOff?.();
    this.#callOff = this.#deps.clock.after(ms, () => {
      if (this.#running) return;
      this.#running = this.#turn().then((nextMs) => {
        this.#running = undefined;
        this.#schedule(nextMs ?? this.#untilNext());
      });
    });
  }

  /** @returns Milliseconds to the next turn, unless that follows from what is due. Never rejects. */
  async #turn(): Promise<number | undefined> {
    const { looker, log } = this.#deps;
    try {
      await this.#settleAll();
      if (!(await looker.isThis())) {
        this.#readAt = Number.NEGATIVE_INFINITY;
        return WATCH_TIMES.readAgainMs;
      }
      await this.#readIndex();
      await this.#tellDue();
      this.#look();
      return undefined;
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
    for await (const [userId, due] of opened.allDue()) found.set(userId, dueAt(due, clock.now()));
    this.#due = found;
  }

  #note(userId: string, due: WatchDue | undefined): void {
    if (due) this.#due.set(userId, dueAt(due, this.#deps.clock.now()));
    else this.#due.delete(userId);
  }

  /** Sends the notices that are due. */
  async #tellDue(): Promise<void> {
    const { clock } = this.#deps;
    const isDue = (userId: string) => (this.#due.get(userId)?.noticeAt ?? Number.POSITIVE_INFINITY) <= clock.now();
    for (const userId of [...this.#due.keys()]) {
      if (this.#isStopped) return;
      if (this.#aside.untilBack(userId) > 0 || !isDue(userId)) continue;
      await this.#carefully(userId, () => this.#tell(userId));
    }
  }

  async #tell(userId: string): Promise<void> {
    const { watches, lease, clock } = this.#deps;
    await this.#settle(userId);
    const startedAt = clock.elapsed();
    const maySend = () => lease.mayStartCalls && clock.elapsed() - startedAt < SENT_WITHIN_MS;
    const { due, found: notice } = await watches.claim(userId);
    this.#note(userId, due);
    if (!notice || !this.#handlers) return;
    const sent = maySend() ? await this.#handlers.tell(notice, maySend) : ({ kind: 'not-sent' } as const);
    this.#unsettled.set(userId, { notice, sent });
    await this.#settle(userId);
  }

  /** What this process has sent is its own to write down, also where another one looks by now. */
  async #settleAll(): Promise<void> {
    for (const userId of [...this.#unsettled.keys()]) {
      if (this.#aside.untilBack(userId) > 0) continue;
      await this.#carefully(userId, () => this.#settle(userId));
    }
  }

  /** Writes down what became of a person's last notice, where that is still to be done. */
  async #settle(userId: string): Promise<void> {
    const told = this.#unsettled.get(userId);
    if (!told) return;
    const { due } = await this.#deps.watches.settle(told.notice, told.sent);
    this.#unsettled.delete(userId);
    this.#note(userId, due);
  }

  /** What fails for one person holds up nobody else. Never rejects. */
  async #carefully(userId: string, act: () => Promise<void>): Promise<void> {
    if (await this.#aside.attempt(userId, act)) return;
    // A write that failed may have landed: what is due is known to the store alone.
    this.#readAt = Number.NEGATIVE_INFINITY;
  }

  /** Begins one look, when one is due and the helpdesk has nothing else to do. */
  #look(): void {
    const { clock, queue } = this.#deps;
    const next = this.#oldestDue();
    if (!next || next.at > clock.now() || clock.elapsed() < this.#nextLookAt) return;
    if (this.#looking || this.#isStopped || !queue.isIdle) return;
    this.#looking = this.#carefully(next.userId, () => this.#lookFor(next.userId)).then(() => {
      this.#looking = undefined;
      this.#schedule(0);
    });
  }

  async #lookFor(userId: string): Promise<void> {
    const { watches, looks, onLook, clock } = this.#deps;
    const ticketId = await watches.nextLookOf(userId);
    if (ticketId === undefined) {
      // Whoever is linked no more, said that it is enough, or has nothing new for long: they take nobody's turn.
      this.#note(userId, (await watches.refresh(userId)).due);
      return;
    }
    const startedAt = clock.now();
    const looked = await looks.lookAs(userId, ticketId, (reference) => this.#view(reference));
    if (this.#isStopped) return;
    if (looked.kind === 'unreachable') this.#leaveAlone(looked.cause.kind);
    const { due, found } = await watches.noteLook(userId, ticketId, foundIn(looked, startedAt, clock.now()));
    this.#note(userId, due);
    onLook(found?.result ?? 'not-shown');
    if (found?.result !== 'news' || !found.audit) return;
    const entry = await this.#handlers?.onEscalationChanged(found.audit, clock.now());
    if (entry === 'gone') await watches.forgetEntry(userId, ticketId);
  }

  /** The one call of a look. */
  #view(reference: string): ReturnType<HelpdeskClient['viewTicket']> {
    const { clock, helpdesk, looksPerMinute } = this.#deps;
    this.#nextLookAt = clock.elapsed() + WATCH_TIMES.budgetMs / looksPerMinute;
    return helpdesk.viewTicket(reference, this.#stopping.signal);
  }

  #leaveAlone(kind: HelpdeskErrorKind): void {
    const refusedMs = refusesLogin(kind) ? WATCH_TIMES.leaveAloneAfterRefusalMs : undefined;
    // What is wrong with one ticket says nothing about the others.
    const forMs = refusedMs ?? (saysHelpdeskFails(kind) === true ? WATCH_TIMES.leaveAloneMs : 0);
    this.#nextLookAt = Math.max(this.#nextLookAt, this.#deps.clock.elapsed() + forMs);
  }

  /** Whose look has been due for the longest time, or will be due first. */
  #oldestDue(): { readonly userId: string; readonly at: number } | undefined {
    let oldest: { readonly userId: string; readonly at: number } | undefined;
    for (const [userId, { lookAt: at }] of this.#due) {
      if (at === undefined || this.#aside.untilBack(userId) > 0) continue;
      if (!oldest || at < oldest.at) oldest = { userId, at };
    }
    return oldest;
  }

  #untilNext(): number {
    const { clock, queue } = this.#deps;
    const now = clock.now();
    const waits = [WATCH_TIMES.readAgainMs];
    for (const [userId, { noticeAt }] of this.#due) {
      if (noticeAt !== undefined) waits.push(Math.max(noticeAt - now, this.#aside.untilBack(userId)));
    }
    for (const userId of this.#unsettled.keys()) waits.push(this.#aside.untilBack(userId));
    const look = this.#looking ? undefined : this.#oldestDue();
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

function foundIn(looked: OwnLook, startedAt: number, endedAt: number): FoundTicket {
  if (looked.kind === 'unreachable') return 'failed';
  if (looked.kind !== 'own') return 'not-shown';
  const { shown, email, texts } = looked;
  return { seen: seenIn(shown, email, texts, endedAt), startedAt };
}
