import type { AccountLinks } from '../../accounts/account-links.ts';
import type { Clock } from '../../clock.ts';
import { changeNamed } from '../../storage/named-records.ts';
import type { Storage } from '../../storage/storage.ts';
import { COMMUNITY, type OpenedTickets, type Watching } from '../opened/opened-tickets.ts';
import { type AuditEntry, changeTicket, type OpenedTicket, type SeenTicket } from '../opened/opened-tickets-record.ts';
import type { RequestRecords } from '../request-records.ts';
import type { TicketDraft } from '../ticket-drafts.ts';
import { afterRefusal, type Both, leftForNextCommand, withRefused } from './told-later.ts';
import {
  afterLook,
  afterNotice,
  type LookedAt,
  newWatch,
  nonceOf,
  SENT_AGAIN_WITHIN_MS,
  withoutNotice,
  withoutWatch,
} from './watch-changes.ts';
import { dueOf, nextLook, nextNotice, type WatchDue } from './watch-schedule.ts';
import { WATCH_TIMES } from './watch-times.ts';

export interface TicketWatchesDeps {
  readonly storage: Storage;
  readonly links: AccountLinks;
  readonly opened: OpenedTickets;
  readonly records: RequestRecords;
  readonly digestKey: Buffer;
  readonly clock: Clock;
}

/** What a person is told: that something has changed, and no text of it. */
export interface TicketNotice {
  readonly userId: string;
  readonly ticketId: string;
  readonly reference: string;
  /** When the bot saw it, in milliseconds since 1970. */
  readonly changedAt: number;
  readonly claimedAt: number;
  /** Discord makes one message of all that are sent with it within a few minutes. */
  readonly nonce: string;
}

/**
 * What became of a notice: Discord has it; takes none for this person; certainly does not have it; or may have it.
 */
export type NoticeResult = 'sent' | 'closed' | 'not-sent' | 'unknown';

/** What a look found: the ticket as it is, or that the helpdesk does not show it to this person. */
export type FoundTicket = { readonly seen: SeenTicket; readonly startedAt: number } | 'not-shown';

/** What a change came to, and what is due for its person after it. `found` is missing where they watch no more. */
export interface Noted<Found> {
  readonly due: WatchDue | undefined;
  readonly found?: Found | undefined;
}

/** What was written down of a look. */
export interface NotedLook {
  readonly result: LookedAt['result'] | 'not-shown';
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
    const { storage, links, opened, digestKey, clock } = this.#deps;
    const refs = { ...opened.refs(userId), link: links.at(userId) };
    return changeNamed<typeof refs, Watching | undefined>(storage, refs, (current) => {
      const link = links.usable(userId, current.link);
      const record = current.opened ?? { tickets: [] };
      const before = opened.watching(current.opened, link);
      if (!wants) {
        const after = record.watch && opened.changes(withoutWatch(record), current.due);
        return { ...(after && { changes: after }), result: before === 'never' ? 'never' : 'off' };
      }
      if (!link) return { result: undefined };
      if (before !== 'off') return { result: before };
      const watch = newWatch(link, digestKey, clock.now());
      return { changes: opened.changes({ ...withoutWatch(record), watch }, current.due), result: 'on' };
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

  /** Writes down what a look found. What is news to its person is claimed in the same commit. @throws {StorageError} */
  noteLook(userId: string, ticketId: string, found: FoundTicket): Promise<Noted<NotedLook>> {
    const { clock } = this.#deps;
    return this.#change<NotedLook>(userId, ({ record, person }) => {
      const ticket = record.tickets.find(({ id }) => id === ticketId);
      const now = clock.now();
      if (!ticket) return { record, person, found: { result: 'not-shown' } };
      if (found === 'not-shown') {
        const after = changeTicket(record, ticketId, (one) => ({ ...one, lookedAt: now }));
        return { record: after, person, found: { result: 'not-shown' } };
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
    const { clock } = this.#deps;
    return this.#change<TicketNotice>(userId, ({ record, person }) => {
      const now = clock.now();
      const next = nextNotice(record);
      const ticket = record.tickets.find(({ id }) => id === next?.ticketId);
      if (!ticket?.notice || ticket.notice.sendAt > now) return { record, person };
      const { claimedAt = now, changedAt } = ticket.notice;
      if (ticket.reference === undefined || now - claimedAt >= SENT_AGAIN_WITHIN_MS) {
        return leftForNextCommand(record, person, ticket, now);
      }
      const notice = { userId, ticketId: ticket.id, reference: ticket.reference, changedAt, claimedAt };
      return {
        record: changeTicket(record, ticket.id, () => ({
          ...ticket,
          notice: { ...ticket.notice, changedAt, sendAt: now, claimedAt },
        })),
        person,
        found: { ...notice, nonce: nonceOf(userId, ticket, claimedAt) },
      };
    });
  }

  /** Writes down what became of a notice. @throws {StorageError} */
  settle({ userId, ticketId, claimedAt }: TicketNotice, sent: NoticeResult): Promise<Noted<never>> {
    const { clock } = this.#deps;
    return this.#change<never>(userId, ({ record, person }) => {
      const now = clock.now();
      const ticket = record.tickets.find(({ id }) => id === ticketId);
      const unchanged = { record, person };
      if (ticket?.notice?.claimedAt !== claimedAt) return unchanged;
      const { notice } = ticket;
      const withTicket = (change: OpenedTicket) => changeTicket(record, ticketId, () => change);
      switch (sent) {
        case 'sent':
          return { ...unchanged, record: withRefused(withTicket(afterNotice(ticket, now)), 0) };
        case 'closed':
          return afterRefusal(leftForNextCommand(record, person, ticket, now), now);
        case 'not-sent': {
          if (now - notice.changedAt >= WATCH_TIMES.giveUpMs) return leftForNextCommand(record, person, ticket, now);
          // Nothing has arrived: a later one is another message.
          const { claimedAt: _, ...unclaimed } = notice;
          return {
            ...unchanged,
            record: withTicket({ ...ticket, notice: { ...unclaimed, sendAt: now + WATCH_TIMES.tryAgainMs } }),
          };
        }
        case 'unknown':
          return {
            ...unchanged,
            record: withTicket({ ...ticket, notice: { ...notice, sendAt: now + WATCH_TIMES.tryAgainMs } }),
          };
      }
    });
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
      const isChanged = decided.record !== current.opened;
      return {
        record: decided.person,
        ...(isChanged && { changes: opened.changes(decided.record, current.due) }),
        result: { found: decided.found, due: dueOf(decided.record, clock.now()) },
      };
    });
  }
}
