import type { AccountLink, AccountLinks } from '../accounts/account-links.ts';
import { type RecordValues, readNamed } from '../storage/named-records.ts';
import type { RecordRef } from '../storage/record-store.ts';
import type { Storage } from '../storage/storage.ts';
import type { Block, DeskControls, Pause } from './desk-controls.ts';
import type { OpenedTickets } from './opened/opened-tickets.ts';
import { holderOf, type TicketDraft } from './ticket-drafts.ts';
import { answerIssues, fieldIssues } from './ticket-fields.ts';
import type { TicketLimits } from './ticket-limits.ts';
import type { Blocked, LimitedReason, OutcomeReason, Paused, TicketAccount } from './ticket-outcome.ts';
import type { Place } from './ticket-request.ts';

/** The account that gets a ticket. */
export interface Requester {
  readonly email: string;
  readonly account: TicketAccount;
  /** The display ID of the ticket that is answered, from the person's own list. */
  readonly answers?: string;
}

/** What the rules say of a draft at one moment: the account that gets the ticket, or why there is none. */
export type Permission =
  | { readonly kind: 'allowed'; readonly requester: Requester }
  | { readonly kind: 'stopped'; readonly reason: OutcomeReason };

/** What the submitter may do at this moment, read from the interaction itself. */
export interface Authority {
  /** The server in which the submitter acts as a moderator. */
  readonly moderatorOf?: string | undefined;
  /**
   * Asks whether the submitter still is one, for a ticket that had to wait. Never rejects.
   * @returns undefined when that cannot be told now. Then the interaction's own word stands.
   */
  readonly isStillModerator?: () => Promise<boolean | undefined>;
}

/** Where the records stand on which the rules depend. */
export type RuleRefs = {
  readonly link: ReturnType<AccountLinks['at']> | undefined;
  readonly pause: RecordRef<Pause> | undefined;
  readonly block: RecordRef<Block> | undefined;
  /** For an answer: the tickets of which it has to be one. */
  readonly openedTickets: ReturnType<OpenedTickets['at']> | undefined;
};
export type RuleRecords = RecordValues<RuleRefs>;

export interface TicketRulesDeps {
  readonly storage: Storage;
  readonly links: AccountLinks;
  readonly controls: DeskControls;
  readonly opened: OpenedTickets;
  readonly limits: TicketLimits;
  /** The account for tickets in the community's name (ESCALATION_EMAIL). */
  readonly communityEmail: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What stands before a person who wants to write a ticket. */
export interface Prospect {
  readonly closed: Paused | Blocked | undefined;
  readonly limited: LimitedReason | undefined;
  readonly link: AccountLink | undefined;
}

/** Who may open a ticket here and now, and on which account: the one road on which an address reaches the helpdesk. */
export class TicketRules {
  readonly #deps: TicketRulesDeps;

  constructor(deps: TicketRulesDeps) {
    this.#deps = deps;
  }

  /** The records that decide about a draft. A change that reads them decides with what holds at that moment. */
  refs(draft: TicketDraft): RuleRefs {
    const { links, controls, opened } = this.#deps;
    // Whose link decides.
    const userId = holderOf(draft);
    return {
      link: userId === undefined ? undefined : links.at(userId),
      openedTickets: draft.answers && opened.at(draft.submitter.id),
      ...controls.at(draft.place, draft.submitter.id),
    };
  }

  /** Pure. @throws {Error} when a link stands under the key of another user. */
  decide(draft: TicketDraft, records: RuleRecords, isModerator: boolean): Permission {
    const closed = this.#deps.controls.closedBy(records);
    if (closed) return { kind: 'stopped', reason: closed };
    if (draft.orphaned) return { kind: 'stopped', reason: { kind: 'escalation-expired' } };
    if (needsModerator(draft) && !isModerator) return { kind: 'stopped', reason: { kind: 'not-moderator' } };
    const issues = draft.answers ? answerIssues(draft.fields) : fieldIssues(draft.fields);
    if (issues.length > 0) return { kind: 'stopped', reason: { kind: 'invalid', issues } };
    const permission = this.#requester(draft, records.link);
    if (permission.kind === 'stopped' || !draft.answers) return permission;
    return this.#answerer(draft.answers.ticketId, permission.requester, records.openedTickets);
  }

  /** An answer goes to a ticket of the person's own list which was opened for the address that is linked now. */
  #answerer(ticketId: string, requester: Requester, record: RuleRecords['openedTickets']): Permission {
    const own = this.#deps.opened.ofLink(record, requester);
    const reference = own.find(({ id }) => id === ticketId)?.reference;
    if (reference === undefined) return { kind: 'stopped', reason: { kind: 'ticket-not-shown' } };
    return { kind: 'allowed', requester: { ...requester, answers: reference } };
  }

  /** Reads and decides. @throws {StorageError} */
  async look(draft: TicketDraft, isModerator: boolean): Promise<Permission> {
    const { storage, controls } = this.#deps;
    const records = await readNamed(storage, this.refs(draft));
    await controls.correct(draft.place, draft.submitter.id, records.block);
    return this.decide(draft, records, isModerator);
  }

  /**
   * What is known before there is a text: whether tickets are closed for this person here, whether a limit is reached, and
   * their link. @throws {StorageError}
   */
  async lookAhead(userId: string, place: Place, { escalates = false, answers = false } = {}): Promise<Prospect> {
    const { storage, links, controls, limits, now } = this.#deps;
    const draft = {
      submitter: { id: userId },
      place,
      escalated: escalates || undefined,
      answers: answers || undefined,
    };
    const refs = { link: links.at(userId), ...controls.at(place, userId), ...limits.refs(draft) };
    const records = await readNamed(storage, refs);
    await controls.correct(place, userId, records.block);
    const taken = limits.take(draft, records, now());
    return {
      closed: controls.closedBy(records),
      limited: taken.kind === 'limited' ? taken : undefined,
      link: links.usable(userId, records.link),
    };
  }

  #requester(draft: TicketDraft, record: RuleRecords['link']): Permission {
    const { links, communityEmail } = this.#deps;
    const userId = holderOf(draft);
    switch (draft.behalf) {
      case 'self': {
        const link = userId === undefined ? undefined : links.usable(userId, record);
        if (!link) return { kind: 'stopped', reason: { kind: 'not-linked' } };
        return allowed(link.email, { kind: 'self', email: link.email });
      }
      case 'author': {
        const link = userId === undefined ? undefined : links.usable(userId, record);
        if (!link?.allowsEscalation) return { kind: 'stopped', reason: { kind: 'author-unavailable' } };
        return allowed(link.email, { kind: 'author', userId: link.userId });
      }
      case 'community':
        if (!communityEmail) return { kind: 'stopped', reason: { kind: 'community-unavailable' } };
        return allowed(communityEmail, { kind: 'community' });
    }
  }
}

function allowed(email: string, account: TicketAccount): Permission {
  return { kind: 'allowed', requester: { email, account } };
}

export function needsModerator({ escalated, behalf }: TicketDraft): boolean {
  return escalated !== undefined || behalf !== 'self';
}

/** The server in which the message stands decides, not the one in which a button was pressed. */
export function isModeratorFor({ moderatorOf }: Authority, draft: TicketDraft): boolean {
  return moderatorOf !== undefined && moderatorOf === draft.place.guildId;
}
