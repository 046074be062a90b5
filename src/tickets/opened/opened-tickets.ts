import type { AccountLink, AccountLinks } from '../../accounts/account-links.ts';
import type { Clock } from '../../clock.ts';
import { readNamed } from '../../storage/named-records.ts';
import type { RecordChange, RecordRef, RecordStore } from '../../storage/record-store.ts';
import type { Storage } from '../../storage/storage.ts';
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
  readonly clock: Clock;
}

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
}

/**
 * The tickets that were opened for each person. A person sees those of the address that is linked at that moment: nothing after
 * Unlink, and after another link nothing of the old one.
 */
export class OpenedTickets {
  readonly #records: RecordStore<OpenedTicketsRecord>;
  readonly #deps: OpenedTicketsDeps;

  constructor(deps: OpenedTicketsDeps) {
    this.#records = deps.storage.records('opened-tickets', openedTicketsRecord, { longestMs: deps.lifetimeMs });
    this.#deps = deps;
  }

  /** Where the record of a person stands, for a change together with others. */
  at(userId: string): RecordRef<OpenedTicketsRecord> {
    return this.#records.at(userId);
  }

  /** The record with one ticket more. Pure. */
  withOpened(current: OpenedTicketsRecord | undefined, opened: NewlyOpened): RecordChange<OpenedTicketsRecord> {
    const { id, reference, subject, email, moderatorId } = opened;
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
    return this.kept(withTicket(current, ticket));
  }

  /** A record as it is written: without what nobody has touched for long, or not at all when nothing is left. Pure. */
  kept(record: OpenedTicketsRecord): RecordChange<OpenedTicketsRecord> {
    const { clock, lifetimeMs } = this.#deps;
    const pruned = pruneTickets(record, clock.now(), lifetimeMs);
    return pruned.tickets.length === 0 ? 'remove' : { save: pruned, ttlMs: lifetimeMs };
  }

  /** The tickets of a record that belong to a link, newest first. Pure. */
  ofLink(record: OpenedTicketsRecord | undefined, link: Pick<AccountLink, 'email'>): OpenedTicket[] {
    if (!record) return [];
    const { digestKey, clock, lifetimeMs } = this.#deps;
    const account = accountDigest(digestKey, link.email);
    const { tickets } = pruneTickets(record, clock.now(), lifetimeMs);
    return tickets.filter((ticket) => ticket.account === account).reverse();
  }

  /** @returns Undefined when the person is not linked: then they see nothing. @throws {StorageError} */
  async find(userId: string): Promise<OwnTickets | undefined> {
    const { storage, links } = this.#deps;
    const found = await readNamed(storage, { link: links.at(userId), record: this.at(userId) });
    const link = links.usable(userId, found.link);
    return link && { link, tickets: this.ofLink(found.record, link) };
  }

  /** Changes one ticket, if it is still known. @throws {StorageError} */
  async change(userId: string, ticketId: string, change: (ticket: OpenedTicket) => OpenedTicket): Promise<void> {
    await this.#deps.storage.change([this.at(userId)], ([record]) => {
      if (!record?.tickets.some(({ id }) => id === ticketId)) return { result: undefined };
      return { changes: [this.kept(changeTicket(record, ticketId, change))], result: undefined };
    });
  }

  /** All that is stored, whatever is linked now: for the person's export. @throws {StorageError} */
  async stored(userId: string): Promise<readonly OpenedTicket[]> {
    const record = await this.#records.find(userId);
    const { clock, lifetimeMs } = this.#deps;
    return record ? pruneTickets(record, clock.now(), lifetimeMs).tickets : [];
  }

  /** @throws {StorageError} */
  async remove(userId: string): Promise<void> {
    await this.#records.remove(userId);
  }
}
