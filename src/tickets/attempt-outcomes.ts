import type { Clock } from '../clock.ts';
import { duplicateBefore, outcomeOf, outcomeOfRequest, withOthers } from './lifecycle/outcome-of.ts';
import { type Attempt, findAttempt, isLive, type PersonRecord, type Request } from './lifecycle/person-record.ts';
import type { RelatedAttempt } from './lifecycle/related-attempts.ts';
import { waitsForHelpdesk } from './lifecycle/when-back.ts';
import type { RequestRecords } from './request-records.ts';
import { messageOf, type TicketDraft, type TicketDrafts } from './ticket-drafts.ts';
import { type DuplicateOf, notSent, type TicketOutcome } from './ticket-outcome.ts';

/** An attempt as it stands, with what is true of it. */
export interface AttemptAsOfNow {
  readonly attempt: Attempt;
  readonly request: Request;
  readonly outcome: TicketOutcome;
  /** Its text, if it is still stored. */
  readonly draft: TicketDraft | undefined;
}

/** A text that is no ticket, and waits for its writer. */
export interface UnsentText {
  readonly draft: TicketDraft;
  /** Milliseconds since 1970. */
  readonly keptUntil: number;
  /** An attempt at the same that opened a ticket, or may have: to send it again has to be a decision. */
  readonly earlier: DuplicateOf | undefined;
  /** It is sent as soon as the helpdesk answers, as the person has said. */
  readonly waits: boolean;
}

/** Says what is true of attempts and drafts, whoever asks and whenever. */
export class AttemptOutcomes {
  readonly #records: RequestRecords;
  readonly #drafts: TicketDrafts;
  readonly #clock: Clock;

  constructor({ records, drafts, clock }: { records: RequestRecords; drafts: TicketDrafts; clock: Clock }) {
    this.#records = records;
    this.#drafts = drafts;
    this.#clock = clock;
  }

  /** @returns Undefined when nothing is known of it (any more). @throws {StorageError} */
  async ofAttempt(submitterId: string, attemptId: string): Promise<AttemptAsOfNow | undefined> {
    return this.ofAttemptIn(submitterId, await this.#records.find(submitterId), attemptId);
  }

  /** As `ofAttempt`, of a record that was read already. @throws {StorageError} */
  async ofAttemptIn(submitterId: string, before: PersonRecord, attemptId: string): Promise<AttemptAsOfNow | undefined> {
    const known = findAttempt(before, attemptId);
    if (!known) return undefined;
    const draft = await this.#drafts.find(submitterId, known.request.id);
    // A text goes in the commit that says which ticket it became: that may have come after the record was read.
    const record = draft || known.attempt.stage.kind === 'opened' ? before : await this.#records.find(submitterId);
    const found = findAttempt(record, attemptId);
    if (!found) return undefined;
    const message = await this.#records.findMessage(found.request.message);
    const hasText = draft !== undefined && !found.attempt.erased;
    const context = { submitterId, message, hasText, now: this.#clock.now() };
    return { ...found, draft, outcome: outcomeOf(record, attemptId, context) };
  }

  /** The texts of a person that are no ticket and are not under way, newest first. @throws {StorageError} */
  async unsent(submitterId: string): Promise<UnsentText[]> {
    const drafts = await this.#drafts.allOf(submitterId);
    // As for most people: nothing more has to be read.
    if (drafts.length === 0) return [];
    const record = await this.#records.find(submitterId);
    const texts = drafts.map(async (draft): Promise<UnsentText | undefined> => {
      const request = record.requests.find(({ id }) => id === draft.id);
      // An escalation whose form nobody has sent yet is no text of theirs.
      if (draft.escalated && !request) return undefined;
      if (request?.attempts.some(isLive)) return undefined;
      const { earlier } = await this.withOthers(notSent({ kind: 'interrupted' }), draft);
      return {
        draft,
        keptUntil: request?.textUntil ?? draft.createdAt + this.#drafts.lifetimeMs,
        earlier: earlier?.state === 'unknown' ? undefined : earlier,
        waits: request !== undefined && waitsForHelpdesk(request, this.#clock.now()) !== undefined,
      };
    });
    const found = (await Promise.all(texts)).filter((text) => text !== undefined);
    return found.sort((one, other) => other.draft.createdAt - one.draft.createdAt);
  }

  /** What became of a draft whose text is stored no more. @throws {StorageError} */
  async ofDraft(submitterId: string, draftId: string): Promise<TicketOutcome> {
    const record = await this.#records.find(submitterId);
    const request = record.requests.find(({ id }) => id === draftId);
    const message = await this.#records.findMessage(request?.message);
    return outcomeOfRequest(record, draftId, { submitterId, message, now: this.#clock.now() });
  }

  /** An outcome beside a draft, with what is known of attempts at the same. @throws {StorageError} */
  async withOthers(own: TicketOutcome, draft: TicketDraft): Promise<TicketOutcome> {
    const outcome = draft.answers ? { ...own, answers: draft.answers.reference ?? '' } : own;
    const submitterId = draft.submitter.id;
    const [record, message] = await Promise.all([
      this.#records.find(submitterId),
      this.#records.findMessage(messageOf(draft)),
    ]);
    const last = record.requests.find(({ id }) => id === draft.id)?.attempts.at(-1);
    if (!last) return outcome;
    const context = { submitterId, message, hasText: true, now: this.#clock.now() };
    const ofLast = isLive(last) ? outcome : outcomeOf(record, last.id, context);
    // The last attempt itself may be the ticket.
    if (ofLast.kind === 'opened' || ofLast.kind === 'unconfirmed') {
      const { kind: state } = ofLast;
      const reference = ofLast.kind === 'opened' ? ofLast.reference : undefined;
      return { ...outcome, earlier: { state, attemptId: last.id, submitterId, reference, at: last.stageAt } };
    }
    return withOthers(outcome, record, last.id, context);
  }

  /** An attempt at the message that a draft escalates which stands against another one. @throws {StorageError} */
  async beforeEscalation(draft: TicketDraft): Promise<RelatedAttempt | undefined> {
    const submitterId = draft.submitter.id;
    const [record, message] = await Promise.all([
      this.#records.find(submitterId),
      this.#records.findMessage(messageOf(draft)),
    ]);
    return duplicateBefore(record, draft.id, { submitterId, message, now: this.#clock.now() });
  }
}
