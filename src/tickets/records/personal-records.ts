import type { AccountLink, AccountLinks } from '../../accounts/account-links.ts';
import type { EmailVerification, PendingAddress } from '../../accounts/email-verification.ts';
import type { LinkRequest, LinkRequests } from '../../accounts/link-requests.ts';
import type { Storage } from '../../storage/storage.ts';
import type { DeskControls } from './desk-controls.ts';
import type { Notices } from './notices.ts';
import type { SubmissionLedger } from './submission-ledger.ts';
import type { TicketClaims } from './ticket-claims.ts';
import type { TicketDrafts } from './ticket-drafts.ts';

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
  readonly submissions: number;
  /** The moderators' records, which `erase` leaves. */
  readonly blocks: number;
}

/** Everything that is stored about one person, wherever it is. */
export class PersonalRecords {
  readonly #parts: PersonalRecordsParts;

  constructor(parts: PersonalRecordsParts) {
    this.#parts = parts;
  }

  async summary(userId: string): Promise<PersonalSummary> {
    const { link, keepsRefusal, pendingAddress, linkRequest, drafts, submissions, blocks } =
      await this.#collect(userId);
    return {
      ...{ link, keepsRefusal, pendingAddress, linkRequest },
      isLinkUsable: link !== undefined && this.#parts.links.accepts(link.proof),
      drafts: drafts.length,
      submissions: submissions.length,
      blocks: blocks.length,
    };
  }

  /**
   * All of it, as the person may read it: the tokens of replies are Discord's secrets and stay out, and so do the digest of
   * a code and which moderator blocked the person.
   */
  async export(userId: string) {
    const { claims, notices } = this.#parts;
    const { submissions, ...found } = await this.#collect(userId);
    return {
      ...found,
      submissions: submissions.map(({ reply: _, ...submission }) => submission),
      claims: await claims.ofSubmitter(userId),
      notices: await notices.ofUser(userId),
    };
  }

  async #collect(userId: string) {
    const { links, verification, linkRequests, drafts, ledger, controls } = this.#parts;
    const [link, keepsRefusal, pendingAddress, linkRequest, ownDrafts, submissions, blocks] = await Promise.all([
      links.findStored(userId),
      links.keepsRefusal(userId),
      verification.pendingAddress(userId),
      linkRequests.find(userId),
      collect(drafts.ofSubmitter(userId)),
      collect(ledger.all(userId)),
      controls.blocksOf(userId),
    ]);
    return { link, keepsRefusal, pendingAddress, linkRequest, drafts: ownDrafts, submissions, blocks };
  }

  /**
   * Removes all of it. What stays: a block, which is the moderators' record and not the person's, and use counts under
   * digests, which expire within the hour. The texts go before the records that make one ask before a text is sent again,
   * and the link goes last, so that a failure in between can be repeated; then nothing of it may stay readable in the
   * files, not even of what had expired before.
   */
  async erase(userId: string): Promise<void> {
    const { storage, links, linkRequests, verification, drafts, ledger, claims, notices } = this.#parts;
    await verification.forget(userId);
    await linkRequests.forget(userId);
    await drafts.removeAllOf(userId);
    await ledger.removeAllOf(userId);
    await claims.removeAllOf(userId);
    await notices.removeAllOf(userId);
    await links.remove(userId);
    await storage.sweep();
  }
}

export interface PersonalRecordsParts {
  readonly storage: Pick<Storage, 'sweep'>;
  readonly links: AccountLinks;
  readonly linkRequests: LinkRequests;
  readonly verification: EmailVerification;
  readonly drafts: TicketDrafts;
  readonly ledger: SubmissionLedger;
  readonly claims: TicketClaims;
  readonly notices: Notices;
  readonly controls: DeskControls;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
