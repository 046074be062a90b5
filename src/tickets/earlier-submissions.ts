import type { Log } from '../log.ts';
import { StorageError } from '../storage/record-store.ts';
import type { SubmissionLedger } from './records/submission-ledger.ts';
import type { Claimant, TicketClaims } from './records/ticket-claims.ts';
import type { TicketDraft } from './records/ticket-drafts.ts';
import { type EarlierTicket, outcomeOf, saysNothingWasOpened, type TicketOutcome } from './ticket-outcome.ts';

/** Why a submission stands back for an earlier one. */
export type StandBack = { readonly kind: 'in-progress' } | EarlierTicket;

interface EarlierSubmissionsParts {
  readonly claims: TicketClaims;
  readonly ledger: SubmissionLedger;
  readonly log: Log;
  readonly now: () => number;
  /** Whether this process is working on a submission at this moment. */
  readonly isUnderWay: (submissionId: string) => boolean;
}

/**
 * What other submissions of the same thing have come to: of the same draft, the same text of that person, or the same
 * escalated message. The claims say which these are, the ledger what became of them.
 */
export class EarlierSubmissions {
  readonly #parts: EarlierSubmissionsParts;

  constructor(parts: EarlierSubmissionsParts) {
    this.#parts = parts;
  }

  /** Claims draft, text and message, in this order. @returns Why to stand back, or undefined when all are this submission's. */
  async claim(submissionId: string, draft: TicketDraft): Promise<StandBack | undefined> {
    const { claims, now } = this.#parts;
    const claimant = { submitterId: draft.submitter.id, submissionId };
    for (const thing of claims.things(draft)) {
      const earlier = await claims.claim(thing, claimant);
      const reason = await this.#standBack(earlier, draft.sendDespite, now() - thing.countsForMs);
      if (!reason) continue;
      if (reason.kind !== 'in-progress') await this.#keepInMind(draft, reason);
      return reason;
    }
    return undefined;
  }

  /** A draft of which an earlier submission was told asks about that again, whatever becomes of it, for as long as it is kept. */
  async #keepInMind(draft: TicketDraft, { submitterId, submissionId }: EarlierTicket): Promise<void> {
    const { claims, ledger } = this.#parts;
    // This submit has given the draft a new lifetime, and without that record the next one would be sent unasked.
    await ledger.keep({ submitterId, id: submissionId });
    // Edit changes the text by which the earlier submission was found. The message of an escalation stays what it is.
    if (submitterId !== draft.submitter.id) return;
    await claims.claim(claims.draft(submitterId, draft.id), { submitterId, submissionId });
  }

  /** An earlier ticket of the message that a draft escalates, or one that may be. Claims nothing. */
  async ofMessage(draft: TicketDraft): Promise<StandBack | undefined> {
    if (!draft.escalated) return undefined;
    const { claims, now } = this.#parts;
    const message = claims.message(draft.place.guildId ?? '', draft.escalated.id);
    return this.#standBack(await claims.claimants(message), draft.sendDespite, now() - message.countsForMs);
  }

  /** What became of a draft that is there no more: a ticket, perhaps one, or nothing. */
  async becameOf(submitterId: string, draftId: string): Promise<TicketOutcome> {
    const { claims, ledger, isUnderWay } = this.#parts;
    let known: TicketOutcome = { kind: 'gone' };
    for (const { submissionId } of await claims.claimants(claims.draft(submitterId, draftId))) {
      if (isUnderWay(submissionId)) return { kind: 'in-progress' };
      const submission = await ledger.find({ submitterId, id: submissionId });
      const outcome = submission && outcomeOf(submission);
      if (outcome?.kind === 'opened') return outcome;
      if (outcome?.kind === 'unconfirmed') known = { ...outcome, isTextGone: true };
    }
    return known;
  }

  /** Whether any submission of the same thing is being dealt with at this moment. */
  async areUnderWay(draft: TicketDraft): Promise<boolean> {
    const { claims, isUnderWay } = this.#parts;
    for (const thing of claims.things(draft)) {
      if ((await claims.claimants(thing)).some(({ submissionId }) => isUnderWay(submissionId))) return true;
    }
    return false;
  }

  /** "Nothing was opened" is not the whole truth when another submission of the same thing opened a ticket, or may have. */
  async addTo(outcome: TicketOutcome, submissionId: string, draft: TicketDraft): Promise<TicketOutcome> {
    if (!saysNothingWasOpened(outcome)) return outcome;
    const { claims, now, isUnderWay } = this.#parts;
    let known: EarlierTicket | undefined;
    for (const thing of claims.things(draft)) {
      // One that is under way will have a word of its own, and may be waiting for this one.
      const others = (await claims.claimants(thing)).filter(
        (other) => other.submissionId !== submissionId && !isUnderWay(other.submissionId),
      );
      const found = await this.#standBack(others, [], now() - thing.countsForMs);
      if (found?.kind === 'already-opened') known = found;
      else if (found?.kind === 'maybe-open') known ??= found;
    }
    if (!known) return outcome;
    try {
      // Whoever reads this has Edit under it, too.
      await this.#keepInMind(draft, known);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      this.#parts.log.error({ error, submissionId }, 'an earlier submission was told and could not be kept in mind');
    }
    return outcome.kind === 'interrupted' ? known : { ...outcome, earlier: known };
  }

  /** What stands against sending: an earlier submission, not older than `since`, that is or may be the same ticket. */
  async #standBack(
    earlier: readonly Claimant[],
    sendDespite: readonly string[],
    since: number,
  ): Promise<StandBack | undefined> {
    const { ledger, isUnderWay } = this.#parts;
    let doubtful: EarlierTicket | undefined;
    for (const { submitterId, submissionId } of earlier.toReversed()) {
      if (isUnderWay(submissionId)) return { kind: 'in-progress' };
      if (sendDespite.includes(submissionId)) continue;
      const submission = await ledger.find({ submitterId, id: submissionId });
      if (!submission || submission.savedAt < since) continue;
      const outcome = outcomeOf(submission);
      const at = submission.stageAt;
      if (outcome.kind === 'opened') {
        return { kind: 'already-opened', reference: outcome.reference, submissionId, submitterId, at };
      }
      if (outcome.kind === 'unconfirmed') doubtful ??= { kind: 'maybe-open', submissionId, submitterId, at };
    }
    return doubtful;
  }
}
