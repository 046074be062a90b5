import type { AccountLink, AccountLinks } from '../accounts/account-links.ts';
import type { EmailVerification, PendingAddress } from '../accounts/email-verification.ts';
import type { LinkRequest, LinkRequests } from '../accounts/link-requests.ts';
import type { Storage } from '../storage/storage.ts';
import type { DeskControls } from './desk-controls.ts';
import { erase } from './lifecycle/erase.ts';
import type { OpenedTickets, Watching } from './opened/opened-tickets.ts';
import type { RequestRecords } from './request-records.ts';
import type { TicketDrafts } from './ticket-drafts.ts';
import type { TicketWatches } from './watching/ticket-watches.ts';

/** How much is stored about a person. */
export interface PersonalSummary {
  readonly link: AccountLink | undefined;
  /** False when the proof of the link does not count any more. */
  readonly isLinkUsable: boolean;
  /** That they want no tickets in their name outlives a link that a moderator has removed. */
  readonly keepsRefusal: boolean;
  /** An address that waits for its code. */
  readonly pendingAddress: PendingAddress | undefined;
  /** An address that waits for a moderator. */
  readonly linkRequest: LinkRequest | undefined;
  readonly drafts: number;
  /** Submits that are remembered, sent or not. */
  readonly attempts: number;
  /** Tickets that were opened for them and are still known, for whatever address. */
  readonly tickets: number;
  /** Those of the address that is linked now: the ones that they can see. */
  readonly ownTickets: number;
  /** Whether they wanted to be told, for whatever link. */
  readonly wantsNews: boolean;
  /** Whether they are told when something changes at one. */
  readonly watching: Watching;
  /** The moderators' records, which `erase` leaves. */
  readonly blocks: number;
}

export interface PersonalRecordsDeps {
  readonly storage: Pick<Storage, 'sweep'>;
  readonly links: AccountLinks;
  readonly linkRequests: LinkRequests;
  readonly verification: EmailVerification;
  readonly drafts: TicketDrafts;
  readonly records: RequestRecords;
  readonly opened: OpenedTickets;
  readonly watches: Pick<TicketWatches, 'unlink'>;
  readonly controls: DeskControls;
}

/** Everything that is stored about one person, wherever it is. */
export class PersonalRecords {
  readonly #deps: PersonalRecordsDeps;

  constructor(deps: PersonalRecordsDeps) {
    this.#deps = deps;
  }

  /** @throws {StorageError} */
  async summary(userId: string): Promise<PersonalSummary> {
    const found = await this.#collect(userId);
    const { link, keepsRefusal, pendingAddress, linkRequest, drafts, requests, tickets, watch, blocks } = found;
    const { opened } = this.#deps;
    return {
      ...{ link, keepsRefusal, pendingAddress, linkRequest },
      isLinkUsable: link !== undefined && this.#deps.links.accepts(link.proof),
      drafts: drafts.length,
      attempts: requests.reduce((sum, { attempts }) => sum + attempts.length, 0),
      tickets: tickets.length,
      wantsNews: watch !== undefined,
      ownTickets: (await this.#deps.opened.find(userId))?.tickets.length ?? 0,
      watching: opened.watching({ tickets, watch }, link),
      blocks: blocks.length,
    };
  }

  /**
   * All of it, as the person may read it: the tokens of replies are Discord's secrets and stay out, and so do the digest of
   * a code and which moderator blocked the person. @throws {StorageError}
   */
  async export(userId: string) {
    const { requests, tickets, watch, ...found } = await this.#collect(userId);
    return {
      ...found,
      // Of which account each is, and which posts of others are known, are digests. The address itself stands in the link. The entry
      // in the audit channel is the moderators'.
      tickets: tickets.map(({ account: _, audit: __, seen, ...ticket }) => ({
        ...ticket,
        seen: seen && { at: seen.at, state: seen.state },
      })),
      toldOfChanges: watch && { since: watch.since, directMessagesRefused: watch.refused },
      requests: requests.map((request) => ({
        ...request,
        whenBack: request.whenBack && { at: request.whenBack.at },
        attempts: request.attempts.map(({ reply: _, owner: __, ...attempt }) => attempt),
      })),
    };
  }

  async #collect(userId: string) {
    const { links, verification, linkRequests, drafts, records, opened, controls } = this.#deps;
    const [link, keepsRefusal, pendingAddress, linkRequest, ownDrafts, record, own, blocks] = await Promise.all([
      links.findStored(userId),
      links.keepsRefusal(userId),
      verification.pendingAddress(userId),
      linkRequests.find(userId),
      drafts.allOf(userId),
      records.find(userId),
      opened.stored(userId),
      controls.blocksOf(userId),
    ]);
    const { requests, notifications, livesUntil: keptUntil } = record;
    return {
      link,
      keepsRefusal,
      pendingAddress,
      linkRequest,
      drafts: ownDrafts,
      requests,
      notifications,
      keptUntil,
      tickets: own.tickets,
      watch: own.watch,
      blocks,
    };
  }

  /** Removes the link and what was to become one. What they wrote stays, and so does whether moderators may use it. @throws {StorageError} */
  async unlink(userId: string): Promise<void> {
    const { linkRequests, verification, watches } = this.#deps;
    await verification.forget(userId);
    await linkRequests.forget(userId);
    await watches.unlink(userId);
  }

  /**
   * Removes all of it. What stays: a block, which is the moderators' record and not the person's, and use counts under
   * digests, which expire within the hour. The texts go before the record that makes one ask before a text is sent again,
   * and the link goes last, so that a failure in between can be repeated; then nothing of it may stay readable in the
   * files, not even of what had expired before. @throws {StorageError}
   */
  async erase(userId: string): Promise<void> {
    const { storage, links, linkRequests, verification, drafts, records, opened } = this.#deps;
    await verification.forget(userId);
    await linkRequests.forget(userId);
    await drafts.removeAllOf(userId);
    await records.leaveMessages(userId, await records.find(userId));
    // With their tickets: a notice that is on its way leaves nothing behind in what is empty by then.
    await records.change({ submitterId: userId }, opened.refs(userId), ({ record, ...own }) => ({
      record: erase(record),
      changes: { opened: own.opened && 'remove', due: own.due && 'remove' },
      result: undefined,
    }));
    // What came in between: its record is gone, so nothing will be sent of it.
    await drafts.removeAllOf(userId);
    await opened.remove(userId);
    await links.remove(userId);
    await storage.sweep();
  }
}
