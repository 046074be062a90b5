import type { AccountLinks } from '../accounts/account-links.ts';
import type { Log } from '../log.ts';
import type { SlidingWindow } from '../sliding-window.ts';
import { StorageError } from '../storage/record-store.ts';
import { EarlierSubmissions } from './earlier-submissions.ts';
import {
  type HelpdeskClient,
  type OpenTicketRequest,
  type OpenTicketResult,
  withoutAddresses,
} from './helpdesk-client.ts';
import type { HelpdeskQueue } from './helpdesk-queue.ts';
import { PermissionWithdrawnError, type Withdrawn } from './permission-withdrawn-error.ts';
import type { DeskControls } from './records/desk-controls.ts';
import type { Notices } from './records/notices.ts';
import {
  type Submission,
  SubmissionErasedError,
  type SubmissionKey,
  type SubmissionLedger,
} from './records/submission-ledger.ts';
import type { Claimant, TicketClaims } from './records/ticket-claims.ts';
import type { TicketDraft, TicketDrafts } from './records/ticket-drafts.ts';
import { findRequester, type Requester } from './requester.ts';
import { TicketLimits } from './ticket-limits.ts';
import {
  type Blocked,
  outcomeOf,
  outcomeOfCall,
  type Paused,
  saysNothingWasOpened,
  type TicketOutcome,
} from './ticket-outcome.ts';
import { bodyWithOrigin, fieldIssues, type Place } from './ticket-request.ts';

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

/** One submit that has arrived. */
export interface Arrival {
  /** The interaction's ID. */
  readonly id: string;
  readonly draft: TicketDraft;
  /** For a button: its text is the saved one, and must not replace what a form on another device saves meanwhile. */
  readonly keepsText?: true;
  readonly reply: { readonly applicationId: string; readonly token: string };
}

/** What keeps somebody from writing a ticket now; asked before the form is shown. */
export type Hindrance = Paused | Blocked | { readonly kind: 'helpdesk-down' };

/** A submission whose person does not know yet what became of it, with its draft if that is still there. */
export type UntoldSubmission = Submission & { readonly draft: TicketDraft | undefined };

export interface TicketDeskParts {
  readonly drafts: TicketDrafts;
  readonly ledger: SubmissionLedger;
  readonly claims: TicketClaims;
  readonly controls: DeskControls;
  readonly notices: Notices;
  readonly links: AccountLinks;
  readonly helpdesk: HelpdeskClient;
  readonly queue: HelpdeskQueue;
  readonly personLimit: SlidingWindow;
  readonly serverLimit: SlidingWindow;
  /** The account for tickets in the community's name (ESCALATION_EMAIL). */
  readonly communityEmail: string | undefined;
  readonly log: Log;
  readonly now: () => number;
}

/**
 * Where a draft becomes at most one ticket. Everything that is known about a submission is in the ledger before and after
 * each step; what is only in memory is which submissions this process is working on.
 */
export class TicketDesk {
  /** What other submissions of the same thing have come to. */
  readonly earlier: EarlierSubmissions;
  readonly #parts: TicketDeskParts;
  readonly #limits: TicketLimits;
  readonly #underWay = new Set<string>();
  /** Those of them that have a call at the helpdesk, and what they have claimed. */
  readonly #calling = new Map<string, { readonly claimant: Claimant; readonly keys: readonly string[] }>();

  constructor(parts: TicketDeskParts) {
    this.#parts = parts;
    this.earlier = new EarlierSubmissions({
      ...parts,
      isUnderWay: (id) => this.#underWay.has(id),
      callsFor: ({ key }) =>
        [...this.#calling.values()].flatMap(({ claimant, keys }) => (keys.includes(key) ? [claimant] : [])),
    });
    this.#limits = new TicketLimits(parts);
  }

  /** What keeps this person from writing a ticket here and now, or undefined. */
  async hindrance(userId: string, place: Place): Promise<Hindrance | undefined> {
    return (await this.#closedFor(userId, place)) ?? (this.#parts.queue.down ? { kind: 'helpdesk-down' } : undefined);
  }

  /**
   * Writes down what arrived: when this resolves, nothing of it can be lost.
   * @returns `again` when Discord has delivered the same interaction before.
   */
  async receive({ id, draft, keepsText, reply }: Arrival): Promise<'received' | 'again'> {
    const { drafts, ledger } = this.#parts;
    const submitterId = draft.submitter.id;
    // Before anything is awaited: of two deliveries at once the second one must find the first.
    if (this.#underWay.has(id)) return 'again';
    this.#underWay.add(id);
    let isNew = false;
    try {
      if (await ledger.find({ submitterId, id })) return 'again';
      // The text first: a record in the ledger says that its text is safe.
      await (keepsText ? drafts.renew(draft) : drafts.save(draft));
      isNew = await ledger.open({ id, submitterId, draftId: draft.id, escalated: escalationOf(draft), reply });
      return isNew ? 'received' : 'again';
    } finally {
      if (!isNew) this.#underWay.delete(id);
    }
  }

  /**
   * Makes at most one ticket of a submission that `receive` has written down. A store that fails before the call makes it
   * `interrupted`; after the call nothing hides what the helpdesk said.
   * @param onQueued Told the place in the line when the helpdesk is busy.
   */
  async submit(
    { id, draft }: Pick<Arrival, 'id' | 'draft'>,
    authority: Authority,
    onQueued?: (place: number) => void,
  ): Promise<TicketOutcome> {
    try {
      const outcome = await this.#submit(id, draft, authority, onQueued).catch((error: unknown) => {
        if (error instanceof PermissionWithdrawnError) return error.outcome;
        if (!(error instanceof StorageError)) throw error;
        this.#parts.log.error({ error, submissionId: id }, 'a submission was not sent, because the store failed');
        return { kind: 'interrupted' } as const;
      });
      return await this.#complete(id, draft, outcome);
    } catch (error) {
      if (!(error instanceof SubmissionErasedError)) throw error;
      // What it has claimed since then has to go, too; what the person has sent after that stays.
      await this.#afterwards(() => this.earlier.withdraw(draft));
      return { kind: 'gone' };
    } finally {
      this.#underWay.delete(id);
    }
  }

  /** Leaves a received submission as it is: its person could not be answered and will be asked again. */
  release(submissionId: string): void {
    this.#underWay.delete(submissionId);
  }

  /** Keeps a received submission without sending it. @returns What is told, with what is known of other submits. */
  async keepUnsent({ id, draft }: Pick<Arrival, 'id' | 'draft'>, outcome: TicketOutcome): Promise<TicketOutcome> {
    this.release(id);
    try {
      return await this.#complete(id, draft, outcome);
    } catch (error) {
      if (error instanceof SubmissionErasedError) return { kind: 'gone' };
      throw error;
    }
  }

  /** What is known by now of a submission that could not be told in its time. */
  async standingOf(submission: Submission): Promise<TicketOutcome> {
    if (this.#underWay.has(submission.id)) return { kind: 'in-progress' };
    const { submitterId, draftId } = submission;
    const outcome = outcomeOf(submission);
    if (outcome.kind === 'opened') return outcome;
    const draft = await this.#parts.drafts.find(submitterId, draftId);
    if (!draft) {
      // The same draft was submitted again, or it has expired.
      return outcome.kind === 'unconfirmed'
        ? { ...outcome, isTextGone: true }
        : this.earlier.becameOf(submitterId, draftId);
    }
    return this.earlier.standing(outcome, submission.id, draft);
  }

  /**
   * To be called once, before the first interaction: what was being sent when the last process died becomes
   * `unconfirmed`. @returns The submissions whose people do not know yet what became of them.
   */
  async recover(): Promise<UntoldSubmission[]> {
    const { ledger, drafts, claims } = this.#parts;
    await claims.buildIndex();
    const untold: Submission[] = [];
    const inDoubt: Submission[] = [];
    for await (const submission of ledger.unfinished()) {
      if (submission.stage === 'sending') inDoubt.push(submission);
      if (!submission.told) untold.push(submission);
    }
    await Promise.all(inDoubt.map((submission) => ledger.doubt(submission)));
    const found: UntoldSubmission[] = [];
    for (const submission of untold) {
      const draft = await drafts.find(submission.submitterId, submission.draftId);
      found.push({ ...submission, draft });
      await this.#tellAuthor(submission, submission.escalated ?? (draft && escalationOf(draft)), outcomeOf(submission));
      if (!draft || submission.stage !== 'opened') continue;
      if ((await this.#isLastOfDraft(submission)) && (await claims.hasClaimedText(draft, submission.id)))
        await drafts.removeSent(draft);
    }
    return found;
  }

  /** A form that came after the ticket may have changed what the claim on its text does not tell. */
  async #isLastOfDraft({ submitterId, draftId, savedAt }: Submission): Promise<boolean> {
    for await (const other of this.#parts.ledger.all(submitterId)) {
      if (other.draftId === draftId && other.savedAt > savedAt) return false;
    }
    return true;
  }

  async #submit(
    id: string,
    draft: TicketDraft,
    authority: Authority,
    onQueued?: (place: number) => void,
  ): Promise<TicketOutcome> {
    const closed = await this.#closedFor(draft.submitter.id, draft.place);
    if (closed) return closed;
    if (draft.lostEscalation) return { kind: 'escalation-expired' };
    // The server in which the message stands decides, not the one in which a button was pressed.
    const isModerator = authority.moderatorOf !== undefined && authority.moderatorOf === draft.place.guildId;
    if (needsModerator(draft) && !isModerator) return { kind: 'not-moderator' };
    const issues = fieldIssues(draft.fields);
    if (issues.length > 0) return { kind: 'invalid', issues };
    const requester = await findRequester(draft, this.#parts);
    if (requester.kind !== 'requester') return requester;
    const claimed = await this.earlier.claim(id, draft);
    if (claimed) return claimed;
    const limit = await this.#limits.take(draft, isModerator);
    if (limit.kind === 'limited') return limit;

    const { queue, now } = this.#parts;
    const submission = { id, submitterId: draft.submitter.id };
    let { account } = requester;
    let hasWaited = false;
    // It may have waited for minutes. A limit needs no second look: its use was taken, and is kept for this ticket.
    const recheck = async (): Promise<string> => {
      const current = await this.#permission(draft, hasWaited ? authority : {});
      hasWaited = true;
      if (current.kind !== 'requester') throw new PermissionWithdrawnError(current);
      account = current.account;
      return current.email;
    };
    const queued = (place: number) => {
      hasWaited = true;
      onQueued?.(place);
    };
    const attempt = async () => this.#call(submission, draft, await recheck(), recheck);
    const result = await queue.open(attempt, queued).catch(async (error: unknown) => {
      // What is thrown was thrown before the call.
      await this.#afterwards(() => limit.giveBack());
      throw error;
    });
    await this.#afterwards(() => this.#tellAuthor(submission, escalationOf(draft), result));
    if (result.kind === 'opened') await this.#afterwards(() => this.#parts.drafts.removeSent(draft));
    if (!countsForLimits(result)) await this.#afterwards(() => limit.giveBack());
    const { subject, product } = draft.fields;
    return outcomeOfCall(result, { subject, product, account }, now());
  }

  /** An author in whose name a ticket was opened, or may have been, will be told. */
  async #tellAuthor(
    submission: SubmissionKey,
    escalated: Submission['escalated'],
    outcome: TicketOutcome | OpenTicketResult,
  ): Promise<void> {
    if (escalated?.behalf !== 'author') return;
    const from = { moderatorId: submission.submitterId, messageUrl: escalated.url };
    const { notices } = this.#parts;
    if (outcome.kind === 'opened') {
      const { reference } = outcome;
      await notices.add(escalated.authorId, submission.id, { kind: 'opened-in-your-name', reference, ...from });
    } else if (outcome.kind === 'unconfirmed') {
      await notices.add(escalated.authorId, submission.id, { kind: 'maybe-opened-in-your-name', ...from });
    }
  }

  /** Adds what else has to be said by now. A store that fails hides nothing of what is known of this submission itself. */
  async #complete(id: string, draft: TicketDraft, outcome: TicketOutcome): Promise<TicketOutcome> {
    const isNothing = saysNothingWasOpened(outcome);
    if (outcome.kind === 'opened') return outcome;
    try {
      if (await this.#parts.ledger.find({ submitterId: draft.submitter.id, id })) {
        return await this.earlier.addTo(outcome, id, draft);
      }
      // The person had everything about them erased meanwhile, the text included.
      if (outcome.kind === 'unconfirmed') return { ...outcome, isTextGone: true };
      throw new SubmissionErasedError();
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      this.#parts.log.error({ error, submissionId: id }, 'what became of earlier submissions could not be looked up');
      return isNothing ? { ...outcome, earlier: { kind: 'unknown' } } : outcome;
    }
  }

  /** What holds at this moment: the account that gets the ticket, or what stops it. */
  async #permission(draft: TicketDraft, { isStillModerator }: Authority): Promise<Requester | Withdrawn> {
    const closed = await this.#closedFor(draft.submitter.id, draft.place);
    if (closed) return closed;
    if (needsModerator(draft) && (await isStillModerator?.()) === false) return { kind: 'not-moderator' };
    return findRequester(draft, this.#parts);
  }

  /**
   * One call, written down before and after.
   * @param recheck Says to which address it goes by now, and throws when it may not be sent any more.
   */
  async #call(
    submission: SubmissionKey,
    draft: TicketDraft,
    requesterEmail: string,
    recheck: () => Promise<string>,
  ): Promise<OpenTicketResult> {
    const { ledger, helpdesk, claims } = this.#parts;
    const { subject, product, body } = draft.fields;
    await ledger.sending(submission);
    const claimant = { submitterId: submission.submitterId, submissionId: submission.id };
    this.#calling.set(submission.id, { claimant, keys: claims.things(draft).map(({ key }) => key) });
    const request: OpenTicketRequest = {
      requesterEmail,
      subject,
      product,
      body: bodyWithOrigin(body, draft.submitter, draft.place, draft.escalated),
    };
    try {
      const result = withoutAddresses(
        await helpdesk.openTicket(request, async () => {
          try {
            return { ...request, requesterEmail: await recheck() };
          } catch (error) {
            await this.#afterwards(() => ledger.notSent(submission));
            throw error;
          }
        }),
      );
      await this.#afterwards(() => ledger.settle(submission, result));
      return result;
    } finally {
      this.#calling.delete(submission.id);
    }
  }

  /**
   * A write after the call. When the store fails now, the person is told what the helpdesk said all the same; the ledger
   * is left at `sending`, which reads as "may be open".
   */
  async #afterwards(write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
    } catch (error) {
      this.#parts.log.error({ error }, 'what follows from a submission could not be written down');
    }
  }

  async #closedFor(userId: string, place: Place): Promise<Paused | Blocked | undefined> {
    const { controls } = this.#parts;
    const [block, pause] = await Promise.all([controls.blockedAt(place, userId), controls.pausedAt(place)]);
    if (block) return { kind: 'blocked', reason: block.reason, until: block.until };
    return pause && { kind: 'paused', notice: pause.notice };
  }
}

function needsModerator({ escalated, behalf }: TicketDraft): boolean {
  return escalated !== undefined || behalf !== 'self';
}

/** Whoever changes a text until a firewall lets it through must not read that they have opened too many tickets. */
function countsForLimits(result: OpenTicketResult): boolean {
  switch (result.kind) {
    case 'opened':
      return true;
    case 'unconfirmed':
      return result.cause.kind !== 'firewall';
    case 'refused':
    case 'unreachable':
      return false;
  }
}

function escalationOf({ behalf, escalated }: TicketDraft): Submission['escalated'] {
  return escalated && { url: escalated.url, authorId: escalated.author.id, behalf };
}
