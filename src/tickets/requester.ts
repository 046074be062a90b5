import type { AccountLinks } from '../accounts/account-links.ts';
import { maskEmailAddress } from '../accounts/email-address.ts';
import type { TicketDraft } from './records/ticket-drafts.ts';
import type { TicketAccount, TicketOutcome } from './ticket-outcome.ts';

/** The account that gets a ticket. */
export interface Requester {
  readonly kind: 'requester';
  readonly email: string;
  readonly account: TicketAccount;
}

/** Why there is no account for a ticket. */
export type NoRequester = Extract<
  TicketOutcome,
  { kind: 'not-linked' | 'author-unavailable' | 'community-unavailable' }
>;

/**
 * The account that gets the ticket, as of this moment: the one road on which an address reaches the helpdesk.
 * @param communityEmail ESCALATION_EMAIL.
 */
export async function findRequester(
  draft: TicketDraft,
  { links, communityEmail }: { links: AccountLinks; communityEmail: string | undefined },
): Promise<Requester | NoRequester> {
  switch (draft.behalf) {
    case 'self': {
      const link = await links.find(draft.submitter.id);
      if (!link) return { kind: 'not-linked' };
      const account = { kind: 'self', maskedEmail: maskEmailAddress(link.email) } as const;
      return { kind: 'requester', email: link.email, account };
    }
    case 'author': {
      const author = draft.escalated?.author;
      const link = author && (await links.find(author.id));
      if (!link?.allowsEscalation) return { kind: 'author-unavailable' };
      return { kind: 'requester', email: link.email, account: { kind: 'author', userId: link.userId } };
    }
    case 'community':
      if (!communityEmail) return { kind: 'community-unavailable' };
      return { kind: 'requester', email: communityEmail, account: { kind: 'community' } };
  }
}
