import type { Log } from '../log.ts';
import { StorageError } from '../storage/record-store.ts';
import type { SubmissionLedger } from './records/submission-ledger.ts';
import type { Claimant, Thing, TicketClaims } from './records/ticket-claims.ts';
import type { TicketDraft } from './records/ticket-drafts.ts';
import { type EarlierTicket, outcomeOf, saysNothingWasOpened, type TicketOutcome } from './ticket-outcome.ts';

/** Why a submission stands back for an earlier one. */
export type StandBack = { readonly kind: 'in-progress' } | EarlierTicket;

/** An earlier submission that counts: it is under way, a ticket, or perhaps one. */
type Found = Claimant & { readonly is: StandBack };

interface EarlierSubmissionsParts {
  readonly claims: TicketClaims;
  readonly ledger: SubmissionLedger;
  readonly log: Log;
  readonly now: () => number;
  /** Whether this process is working on a submission at this moment. */
  readonly isUnderWay: (submissionId: string) => boolean;
  /** The submissions with a call at the helpdesk at this moment that have claimed this. */
  readonly callsFor: (thing: Thing) => readonly Claimant[];
}

/**
 * What other submissions of the same thing have come to: of the same draft, the same text of that person, or the same
 * escalated message. The claims say which these are, the ledger what became of them.
 */
export class EarlierSubmissions {
  readonly #parts: EarlierSubmissionsParts;
  /** What a draft has met and the store did not take, by draft and submission. Written before that draft is sent again. */
  readonly #unkept = new Map<string, Map<string, Claimant>>();

  constructor(parts: EarlierSubmissionsParts) {
    this.#parts = parts;
  }

  /** Claims draft, text and message, in this order. @returns Why to stand back, or undefined when all are this submission's. */
  async claim(submissionId: string, draft: TicketDraft): Promise<StandBack | undefined> {
    const { claims } = this.#parts;
    const claimant = { submitterId: draft.submitter.id, submissionId };
    await this.#keepInMind(draft, [...(this.#unkept.get(keyOf(draft))?.values() ?? [])]);
    for (const thing of claims.things(draft)) {
      const earlier = this.#withCalls(await claims.claim(thing, claimant), thing);
      const found = await this.#find(earlier, thing, draft.sendDespite);
      if (found.length === 0) continue;
      await this.#keepInMind(draft, await this.#met(draft, submissionId));
      return newest(found);
    }
    return undefined;
  }

  /**
   * A draft that has met an earlier submission asks about that again, whatever becomes of either, for as long as it is
   * kept: whoever was told anything has Edit under it, which changes the text by which the earlier one was found.
   */
  async #keepInMind(draft: TicketDraft, found: readonly Claimant[]): Promise<void> {
    const { claims, ledger } = this.#parts;
    if (found.length === 0) return;
    const unkept = this.#unkept.get(keyOf(draft)) ?? new Map<string, Claimant>();
    for (const claimant of found) unkept.set(claimant.submissionId, claimant);
    this.#unkept.set(keyOf(draft), unkept);
    // This submit has given the draft a new lifetime: what it has met must live as long, or the next one is sent unasked.
    if (draft.escalated) await claims.keep(claims.message(draft.place.guildId ?? '', draft.escalated.id));
    for (const { submitterId, submissionId } of found) {
      await ledger.keep({ submitterId, id: submissionId });
      // The message of an escalation stays what it is.
      if (submitterId === draft.submitter.id) {
        await claims.claim(claims.draft(submitterId, draft.id), { submitterId, submissionId });
      }
      unkept.delete(submissionId);
    }
    if (unkept.size === 0) this.#unkept.delete(keyOf(draft));
  }

  /** Takes out of all that a draft claims what the ledger does not know any more, for its submitter had it erased. */
  async withdraw(draft: TicketDraft): Promise<void> {
    const { claims, ledger } = this.#parts;
    this.#unkept.delete(keyOf(draft));
    for (const thing of claims.things(draft)) {
      const erased: string[] = [];
      for (const { submitterId, submissionId } of await claims.claimants(thing)) {
        if (!(await ledger.find({ submitterId, id: submissionId }))) erased.push(submissionId);
      }
      await claims.withdraw(thing, erased);
    }
  }

  /** An earlier ticket of the message that a draft escalates, or one that may be. Claims nothing. */
  async ofMessage(draft: TicketDraft): Promise<StandBack | undefined> {
    if (!draft.escalated) return undefined;
    const { claims } = this.#parts;
    const message = claims.message(draft.place.guildId ?? '', draft.escalated.id);
    const earlier = this.#withCalls(await claims.claimants(message), message);
    return newest(await this.#find(earlier, message, draft.sendDespite));
  }

  /** What became of a draft that is there no more: a ticket, perhaps one, or nothing. */
  async becameOf(submitterId: string, draftId: string): Promise<TicketOutcome> {
    const { claims, ledger, isUnderWay } = this.#parts;
    let known: TicketOutcome = { kind: 'gone' };
    const thing = claims.draft(submitterId, draftId);
    const claimants = await claims.claimants(thing);
    for (const { submissionId } of claimants) {
      if (isUnderWay(submissionId)) return { kind: 'in-progress' };
      const submission = await ledger.find({ submitterId, id: submissionId });
      // Another draft's was only met: what this one said may have been something else by then.
      if (submission?.draftId !== draftId) continue;
      const outcome = outcomeOf(submission);
      if (outcome.kind === 'opened') return outcome;
      if (outcome.kind === 'unconfirmed') known = { ...outcome, isTextGone: true };
    }
    if (known.kind !== 'gone') return known;
    const earlier = certain(await this.#find(claimants, thing, []));
    return earlier ? { ...known, earlier } : known;
  }

  /** As `addTo`, for what is told later: while another submission of the same thing is being dealt with, that comes first. */
  async standing(outcome: TicketOutcome, submissionId: string, draft: TicketDraft): Promise<TicketOutcome> {
    if (!saysNothingWasOpened(outcome)) return outcome;
    const found = await this.#meet(submissionId, draft);
    return found.some(({ is }) => is.kind === 'in-progress') ? { kind: 'in-progress' } : withEarlier(outcome, found);
  }

  /** "Nothing was opened" is not the whole truth when another submission of the same thing opened a ticket, or may have. */
  async addTo(outcome: TicketOutcome, submissionId: string, draft: TicketDraft): Promise<TicketOutcome> {
    if (!saysNothingWasOpened(outcome)) return outcome;
    // One that is under way will have a word of its own, and may be waiting for this one.
    return withEarlier(outcome, await this.#meet(submissionId, draft));
  }

  /** What a draft meets, kept in mind as far as the store takes it. */
  async #meet(submissionId: string, draft: TicketDraft): Promise<Found[]> {
    const found = await this.#met(draft, submissionId);
    try {
      await this.#keepInMind(draft, found);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      this.#parts.log.error({ error, submissionId }, 'an earlier submission was met and could not be kept in mind');
    }
    return found;
  }

  /** All other submissions of the same things that count, whatever the person has said to them. Claims nothing. */
  async #met(draft: TicketDraft, submissionId: string): Promise<Found[]> {
    const { claims } = this.#parts;
    const found: Found[] = [];
    for (const thing of claims.things(draft)) {
      const all = this.#withCalls(await claims.claimants(thing), thing);
      const others = all.filter((other) => other.submissionId !== submissionId);
      found.push(...(await this.#find(others, thing, [])));
    }
    return found;
  }

  /** A submitter who had everything erased in the middle of a call has its claims erased, too; the call goes on. */
  #withCalls(claimants: readonly Claimant[], thing: Thing): Claimant[] {
    const isListed = (call: Claimant) => claimants.some(({ submissionId }) => submissionId === call.submissionId);
    return [...claimants, ...this.#parts.callsFor(thing).filter((call) => !isListed(call))];
  }

  /** Which of the submissions that claimed a thing stand against sending it again, newest first. */
  async #find(earlier: readonly Claimant[], thing: Thing, sendDespite: readonly string[]): Promise<Found[]> {
    const { ledger, isUnderWay, now } = this.#parts;
    const since = now() - thing.countsForMs;
    const found: Found[] = [];
    for (const claimant of earlier.toReversed()) {
      const { submitterId, submissionId } = claimant;
      if (isUnderWay(submissionId)) {
        found.push({ ...claimant, is: { kind: 'in-progress' } });
        continue;
      }
      if (sendDespite.includes(submissionId)) continue;
      const submission = await ledger.find({ submitterId, id: submissionId });
      if (!submission || submission.savedAt < since) continue;
      const outcome = outcomeOf(submission);
      const at = submission.stageAt;
      if (outcome.kind === 'opened') {
        found.push({ ...claimant, is: { kind: 'already-opened', reference: outcome.reference, ...claimant, at } });
      } else if (outcome.kind === 'unconfirmed') {
        found.push({ ...claimant, is: { kind: 'maybe-open', ...claimant, at } });
      }
    }
    return found;
  }
}

/** What the newest of them says, and a doubt only where nothing is certain. */
function newest(found: readonly Found[]): StandBack | undefined {
  return (found.find(({ is }) => is.kind !== 'maybe-open') ?? found[0])?.is;
}

/** The same without those that are under way. */
function certain(found: readonly Found[]): EarlierTicket | undefined {
  const known = found.flatMap(({ is }) => (is.kind === 'in-progress' ? [] : [is]));
  return known.find(({ kind }) => kind === 'already-opened') ?? known[0];
}

function withEarlier(outcome: TicketOutcome, found: readonly Found[]): TicketOutcome {
  const earlier = certain(found);
  if (!earlier) return outcome;
  return outcome.kind === 'interrupted' ? earlier : { ...outcome, earlier };
}

function keyOf({ id, submitter }: TicketDraft): string {
  return `${submitter.id}/${id}`;
}
