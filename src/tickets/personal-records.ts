import type { AccountLink, AccountLinks } from '../accounts/account-links.ts';
import type { EmailVerification } from '../accounts/email-verification.ts';
import type { LinkRequests } from '../accounts/link-requests.ts';
import type { Notices } from './notices.ts';
import type { SubmissionLedger } from './submission-ledger.ts';
import type { TicketClaims } from './ticket-claims.ts';
import type { TicketDrafts } from './ticket-drafts.ts';

/** How much is stored about a person. */
export interface PersonalSummary {
  readonly link: AccountLink | undefined;
  /** False when the proof of the link does not count any more. */
  readonly isLinkUsable: boolean;
  readonly drafts: number;
  readonly submissions: number;
}

/** Everything that is stored about one person, wherever it is. */
export class PersonalRecords {
  readonly #parts: PersonalRecordsParts;

  constructor(parts: PersonalRecordsParts) {
    this.#parts = parts;
  }

  async summary(userId: string): Promise<PersonalSummary> {
    const { link, drafts, submissions } = await this.export(userId);
    const isLinkUsable = (await this.#parts.links.find(userId)) !== undefined;
    return { link, isLinkUsable, drafts: drafts.length, submissions: submissions.length };
  }

  /** All of it, as the person may read it: the tokens of replies are Discord's secrets and stay out. */
  async export(userId: string) {
    const { links, linkRequests, drafts, ledger, notices } = this.#parts;
    const [link, linkRequest, ownDrafts, submissions, ownNotices] = await Promise.all([
      links.findStored(userId),
      linkRequests.find(userId),
      collect(drafts.ofSubmitter(userId)),
      collect(ledger.all(userId)),
      notices.ofUser(userId),
    ]);
    const readable = submissions.map(({ reply: _, ...submission }) => submission);
    return { link, linkRequest, drafts: ownDrafts, submissions: readable, notices: ownNotices };
  }

  /**
   * Removes all of it. What stays: a block, which is the moderators' record and not the person's, and use counts under
   * digests, which expire within the hour. The texts go before the records that make one ask before a text is sent again,
   * and the link goes last, so that a failure in between can be repeated.
   */
  async erase(userId: string): Promise<void> {
    const { links, linkRequests, verification, drafts, ledger, claims, notices } = this.#parts;
    await verification.forget(userId);
    await linkRequests.forget(userId);
    await drafts.removeAllOf(userId);
    await ledger.removeAllOf(userId);
    await claims.removeAllOf(userId);
    await notices.removeAllOf(userId);
    await links.remove(userId);
  }
}

export interface PersonalRecordsParts {
  readonly links: AccountLinks;
  readonly linkRequests: LinkRequests;
  readonly verification: EmailVerification;
  readonly drafts: TicketDrafts;
  readonly ledger: SubmissionLedger;
  readonly claims: TicketClaims;
  readonly notices: Notices;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
