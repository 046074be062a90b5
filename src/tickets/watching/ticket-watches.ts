import { isDeepStrictEqual } from 'node:util';
import type { AccountLinks } from '../../accounts/account-links.ts';
import type { Clock } from '../../clock.ts';
import { COMMUNITY, type OpenedTickets, type Watching } from '../opened/opened-tickets.ts';
import { type AuditEntry, changeTicket, type SeenTicket } from '../opened/opened-tickets-record.ts';
import type { RequestRecords } from '../request-records.ts';
import type { TicketDraft } from '../ticket-drafts.ts';
import { claimNotice, type NoticeResult, settleNotice, type TicketNotice } from './notices.ts';
import { type Both, withoutTicketNews, withoutWatchingEnded } from './told-later.ts';
import { afterLook, type LookedAt, newWatch, withoutNotice, withoutWatch } from './watch-changes.ts';
import { dueOf, nextLook, type WatchDue } from './watch-schedule.ts';

export interface TicketWatchesDeps {
  readonly links: AccountLinks;
  readonly opened: OpenedTickets;
  readonly records: RequestRecords;
  readonly digestKey: Buffer;
  readonly clock: Clock;
}

/** What a look found: the ticket as it is, that the helpdesk does not show it to this person, or nothing at all. */
export type FoundTicket = { readonly seen: SeenTicket; readonly startedAt: number } | 'not-shown' | 'failed';

/** What a change came to, and what is due for its person after it. `found` is missing where they watch no more. */
export interface Noted<Found> {
  readonly due: WatchDue | undefined;
  readonly found?: Found | undefined;
}

/** What was written down of a look. */
export interface NotedLook {
  readonly result: LookedAt['result'] | 'not-shown' | 'failed';
  readonly audit?: AuditEntry | undefined;
}

interface Decided<Found> extends Both {
  readonly found?: Found | undefined;
}

/** Who wants to be told, what was seen of their tickets, and what they are told. Each change is one commit. */
export class TicketWatches {
  readonly #deps: TicketWatchesDeps;

  constructor(deps: TicketWatchesDeps) {
    this.#deps = deps;
  }

  /** @returns What holds now; undefined when the person is not linked. @throws {StorageError} */
  async set(userId: string, wants: boolean): Promise<Watching | undefined> {
    const { links, opened, records, digestKey, clock } = this.#deps;
    const refs = { ...opened.refs(userId), link: links.at(userId) };
    return records.change<typeof refs, Watching | undefined>({ submitterId: userId }, refs, (current) => {
      const { record: person } = current;
      const link = links.usable(userId, current.link);
      const record = current.opened ?? { tickets: [] };
      const before = opened.watching(current.opened, link);
      if (!wants) {
        const after = record.watch && opened.changes(withoutWatch(record), current.due);
        return { record: person, ...(after && { changes: after }), result: before === 'never' ? 'never' : 'off' };
      }
      if (!link) return { record: person, result: undefined };
      if (before !== 'off') return { record: person, result: before };
      const watch = newWatch(link, digestKey, clock.now());
      return {
        record: withoutWatchingEnded(person),
        changes: opened.changes({ ...withoutWatch(record), watch }, current.due),
        result: 'on',
      };
    });
  }

  /**
   * Removes a link, and with it that its person is told and what was still to be told of its tickets. Whether they want tickets in
   * their name stays. @returns false when there was none. @throws {StorageError}
   */
  async unlink(userId: string): Promise<boolean> {
    const { links, opened, records } = this.#deps;
    const refs = { ...opened.refs(userId), link: links.at(userId) };
    return records.change<typeof refs, boolean>({ submitterId: userId }, refs, (current) => {
      const link = links.withdrawn(userId, current.link);
      return {
        record: withoutTicketNews(current.record),
        changes: { link, ...(current.opened?.watch && opened.changes(withoutWatch(current.opened), current.due)) },
        result: link !== undefined,
      };
    });
  }

  /** Keeps the entry about an escalation with its ticket. Nothing else of it is moderators' business. @throws {StorageError} */
  async keepEntry(draft: TicketDraft, ticketId: string, audit: AuditEntry): Promise<void> {
    const { opened } = this.#deps;
    const holderId = opened.holderOf(draft);
    if (holderId !== undefined) await opened.change(holderId, ticketId, (ticket) => ({ ...ticket, audit }));
  }

  /** @returns The ticket at which the bot is to look for this person at this moment, if any. @throws {StorageError} */
  async nextLookOf(userId: string): Promise<string | undefined> {
    const { opened } = this.#deps;
    const own = await opened.find(userId);
    if (own?.watching !== 'on') return undefined;
    const now = this.#deps.clock.now();
    const next = nextLook(await opened.stored(userId), now);
    return next && next.at <= now ? next.ticketId : undefined;
  }

  /** Moderators have deleted the entry about an escalation. @throws {StorageError} */
  async forgetEntry(holderId: string, ticketId: string): Promise<void> {
    await this.#deps.opened.change(holderId, ticketId, ({ audit: _, ...ticket }) => ticket);
  }

  /** What is due for a person, written down anew: the index may name somebody for whom nothing is. @throws {StorageError} */
  refresh(userId: string): Promise<Noted<never>> {
    return this.#change<never>(userId, (both) => both);
  }

  /** Writes down what a look found. What is news to its person is claimed in the same commit. @throws {StorageError} */
  noteLook(userId: string, ticketId: string, found: FoundTicket): Promise<Noted<NotedLook>> {
    const { clock } = this.#deps;
    return this.#change<NotedLook>(userId, ({ record, person }) => {
      const ticket = record.tickets.find(({ id }) => id === ticketId);
      const now = clock.now();
      if (!ticket) return { record, person, found: { result: 'not-shown' } };
      if (typeof found === 'string') {
        const after = changeTicket(record, ticketId, (one) => ({ ...one, lookedAt: now }));
        return { record: after, person, found: { result: found } };
      }
      const looked = afterLook(ticket, found, now);
      // The community has no mailbox at Discord: moderators read it in their channel.
      const after = changeTicket(record, ticketId, () =>
        userId === COMMUNITY ? withoutNotice(looked.ticket) : looked.ticket,
      );
      return { record: after, person, found: { result: looked.result, audit: ticket.audit } };
    });
  }

  /**
   * Claims the next notice of a person. One of which nobody knows whether it has arrived is left for the next command instead.
   * @throws {StorageError}
   */
  claim(userId: string): Promise<Noted<TicketNotice>> {
    return this.#change(userId, (both) => claimNotice(userId, both, this.#deps.clock.now()));
  }

  /** Writes down what became of a notice. @throws {StorageError} */
  settle(notice: TicketNotice, sent: NoticeResult): Promise<Noted<never>> {
    return this.#change<never>(notice.userId, (both) => settleNotice(both, notice, sent, this.#deps.clock.now()));
  }

  /** Changes the tickets of somebody who watches, with what they are told. Whoever watches no more is found out here. */
  #change<Found>(userId: string, decide: (current: Both) => Decided<Found>): Promise<Noted<Found>> {
    const { links, opened, records, clock } = this.#deps;
    const refs = { ...opened.refs(userId), link: links.at(userId) };
    return records.change<typeof refs, Noted<Found>>({ submitterId: userId }, refs, (current) => {
      const person = current.record;
      const before = current.opened && opened.pruned(current.opened);
      if (!before || opened.watching(before, opened.linkOf(userId, current.link)) !== 'on') {
        const changes = opened.changes(withoutWatch(before ?? { tickets: [] }), current.due);
        return { record: person, changes, result: { due: undefined } };
      }
      const decided = decide({ record: before, person });
      const due = dueOf(decided.record, clock.now());
      const isChanged = decided.record !== current.opened || !isDeepStrictEqual(due, current.due);
      return {
        record: decided.person,
        ...(isChanged && { changes: opened.changes(decided.record, current.due) }),
        result: { found: decided.found, due },
      };
    });
  }
}
