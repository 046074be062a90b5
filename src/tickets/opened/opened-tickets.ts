import type { AccountLink, AccountLinks } from '../../accounts/account-links.ts';
import type { Clock } from '../../clock.ts';
import { changeNamed, readNamed } from '../../storage/named-records.ts';
import type { RecordChange, RecordRef, RecordStore } from '../../storage/record-store.ts';
import type { Storage } from '../../storage/storage.ts';
import { holderOf, type TicketDraft } from '../ticket-drafts.ts';
import { holdsFor, newWatch } from '../watching/watch-changes.ts';
import { dueOf, type WatchDue, watchDue } from '../watching/watch-schedule.ts';
import {
  accountDigest,
  changeTicket,
  type OpenedTicket,
  type OpenedTicketsRecord,
  openedTicketsRecord,
  pruneTickets,
  withTicket,
} from './opened-tickets-record.ts';

export interface OpenedTicketsDeps {
  readonly storage: Storage;
  readonly links: AccountLinks;
  readonly digestKey: Buffer;
  /** Milliseconds that a ticket is known after it was last touched. */
  readonly lifetimeMs: number;
  /** Whether people can be told of changes at all (WATCH_LOOKS_PER_MINUTE). */
  readonly canWatch: boolean;
  /** The address of the community's own tickets (ESCALATION_EMAIL), where moderators are to read that one has changed. */
  readonly communityEmail: string | undefined;
  readonly clock: Clock;
}

/** Under which the community's own tickets stand. No user has this ID: they are in nobody's list. */
export const COMMUNITY = 'community';

/** Whether a person is told of changes: `never` where the operator has turned that off. */
export type Watching = 'on' | 'off' | 'never';

/** A person's tickets, and the index of what is due for them: what is written of one changes the other. */
export type OpenedRefs = {
  readonly opened: RecordRef<OpenedTicketsRecord>;
  readonly due: RecordRef<WatchDue>;
};

/** What a new ticket is known by. */
export interface NewlyOpened {
  /** The ID of the attempt that opened it. */
  readonly id: string;
  readonly reference: string | undefined;
  readonly subject: string;
  /** The address for which it was opened. */
  readonly email: string;
  /** Who escalated it in the name of its person. */
  readonly moderatorId?: string | undefined;
}

/** What a person may see: their link, and what was opened for its address, newest first. */
export interface OwnTickets {
  readonly link: AccountLink;
  readonly tickets: readonly OpenedTicket[];
  readonly watching: Watching;
}

/**
 * The tickets that were opened for each person. A person sees those of the address that is linked at that moment: nothing after
 * Unlink, and after another link nothing of the old one.
 */
export class OpenedTickets {
  readonly #records: RecordStore<OpenedTicketsRecord>;
  /** For whom something is due: a start reads these, and nobody else's tickets. */
  readonly #due: RecordStore<WatchDue>;
  readonly #deps: OpenedTicketsDeps;

  constructor(deps: OpenedTicketsDeps) {
    this.#records = deps.storage.records('opened-tickets', openedTicketsRecord, { longestMs: deps.lifetimeMs });
    this.#due = deps.storage.records('watched-tickets', watchDue, { longestMs: deps.lifetimeMs });
    this.#deps = deps;
  }

  /** Where the record of a person stands, for reading it together with others. */
  at(userId: string): RecordRef<OpenedTicketsRecord> {
    return this.#records.at(userId);
  }

  /** Where all stands that changes with the record of a person. */
  refs(userId: string): OpenedRefs {
    return { opened: this.#records.at(userId), due: this.#due.at(userId) };
  }

  /** Where the link stands of somebody whose tickets these are. */
  linkAt(userId: string): ReturnType<AccountLinks['at']> {
    return this.#deps.links.at(userId);
  }

  /** Without what nobody has touched for long. Pure. */
  pruned(record: OpenedTicketsRecord): OpenedTicketsRecord {
    return pruneTickets(record, this.#deps.clock.now(), this.#deps.lifetimeMs);
  }

  /** Writes a record, and what is due because of it: without what nobody has touched for long, or not at all when nothing is left. Pure. */
  changes(
    record: OpenedTicketsRecord,
    dueBefore: WatchDue | undefined,
  ): { opened: RecordChange<OpenedTicketsRecord>; due: RecordChange<WatchDue> } {
    const { clock, lifetimeMs: ttlMs } = this.#deps;
    const kept = this.pruned(record);
    const due = dueOf(kept, clock.now());
    return {
      opened: kept.tickets.length === 0 && !kept.watch ? 'remove' : { save: kept, ttlMs },
      due: due ? { save: due, ttlMs } : dueBefore && 'remove',
    };
  }

  /** For whom something is due, and when. @throws {StorageError} */
  allDue(): AsyncIterable<[userId: string, due: WatchDue]> {
    return this.#due.entries();
  }

  /** The record with one ticket more. The community's own are always watched, and their subjects are kept for nobody. Pure. */
  withOpened(current: OpenedTicketsRecord | undefined, opened: NewlyOpened, holderId: string): OpenedTicketsRecord {
    const { id, reference, email, moderatorId } = opened;
    const isCommunity = holderId === COMMUNITY;
    const subject = isCommunity ? '' : opened.subject;
    const now = this.#deps.clock.now();
    const ticket: OpenedTicket = {
      id,
      ...(reference !== undefined && { reference }),
      subject,
      account: accountDigest(this.#deps.digestKey, email),
      openedAt: now,
      touchedAt: now,
      ...(moderatorId !== undefined && { moderatorId }),
    };
    const record = withTicket(current, ticket);
    // Older tickets stay watched for no longer because there is a new one.
    if (!isCommunity || record.watch?.account === ticket.account) return record;
    return { ...record, watch: newWatch({ email, linkedAt: 0 }, this.#deps.digestKey, now) };
  }

  /** The record after its person has answered a ticket. Pure. */
  withAnswer(current: OpenedTicketsRecord | undefined, ticketId: string | undefined): OpenedTicketsRecord {
    const touchedAt = this.#deps.clock.now();
    return changeTicket(current ?? { tickets: [] }, ticketId ?? '', (ticket) => ({ ...ticket, touchedAt }));
  }

  /** The tickets of a record that belong to a link, newest first. Pure. */
  ofLink(record: OpenedTicketsRecord | undefined, link: Pick<AccountLink, 'email'>): OpenedTicket[] {
    if (!record) return [];
    const account = accountDigest(this.#deps.digestKey, link.email);
    return this.pruned(record)
      .tickets.filter((ticket) => ticket.account === account)
      .reverse();
  }

  /** @returns Undefined when the person is not linked: then they see nothing. @throws {StorageError} */
  async find(userId: string): Promise<OwnTickets | undefined> {
    const { storage, links } = this.#deps;
    const found = await readNamed(storage, { link: links.at(userId), record: this.at(userId) });
    const link = this.linkOf(userId, found.link);
    return link && { link, tickets: this.ofLink(found.record, link), watching: this.watching(found.record, link) };
  }

  /** The account to which somebody's tickets must belong, from what stands in the links. Pure. @throws {Error} as `links.usable` does. */
  linkOf(userId: string, stored: Parameters<AccountLinks['usable']>[1]): AccountLink | undefined {
    if (userId !== COMMUNITY) return this.#deps.links.usable(userId, stored);
    const { communityEmail: email } = this.#deps;
    return email === undefined
      ? undefined
      : { userId, email, linkedAt: 0, proof: 'moderator', allowsEscalation: false };
  }

  /** Under whose ID a ticket is kept; undefined when under nobody's. */
  holderOf(draft: TicketDraft): string | undefined {
    const { canWatch, communityEmail } = this.#deps;
    if (draft.behalf !== 'community') return holderOf(draft);
    return canWatch && communityEmail !== undefined ? COMMUNITY : undefined;
  }

  /** Whether a person is told of changes, for the link that they have now. Pure. */
  watching(record: OpenedTicketsRecord | undefined, link: AccountLink | undefined): Watching {
    const { canWatch, digestKey } = this.#deps;
    if (!canWatch) return 'never';
    return holdsFor(record?.watch, link, digestKey) ? 'on' : 'off';
  }

  /**
   * The same, where a ticket was just opened for an address. Pure, and never throws: nothing keeps an outcome from its person.
   * @param stored What stands in the links: another account may be linked by now.
   */
  watchingFor(
    record: OpenedTicketsRecord | undefined,
    email: string,
    stored: Parameters<AccountLinks['usable']>[1],
  ): Watching {
    const { canWatch, digestKey } = this.#deps;
    if (!canWatch) return 'never';
    const linkedAt = stored && 'linkedAt' in stored ? stored.linkedAt : undefined;
    return linkedAt !== undefined && holdsFor(record?.watch, { email, linkedAt }, digestKey) ? 'on' : 'off';
  }

  /** Changes one ticket, if it is still known. @throws {StorageError} */
  async change(userId: string, ticketId: string, change: (ticket: OpenedTicket) => OpenedTicket): Promise<void> {
    await changeNamed(this.#deps.storage, this.refs(userId), ({ opened, due }) => {
      if (!opened?.tickets.some(({ id }) => id === ticketId)) return { result: undefined };
      return { changes: this.changes(changeTicket(opened, ticketId, change), due), result: undefined };
    });
  }

  /** All that is stored, whatever is linked now: for the person's export. @throws {StorageError} */
  async stored(userId: string): Promise<OpenedTicketsRecord> {
    const record = await this.#records.find(userId);
    return record ? this.pruned(record) : { tickets: [] };
  }

  /** @throws {StorageError} */
  async remove(userId: string): Promise<void> {
    await changeNamed(this.#deps.storage, this.refs(userId), ({ opened, due }) => ({
      changes: { opened: opened && 'remove', due: due && 'remove' },
      result: undefined,
    }));
  }
}
