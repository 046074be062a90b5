import { DiscordAPIError, type REST, Routes } from 'discord.js';
import PQueue from 'p-queue';
import { type Clock, wait } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Metrics } from '../../metrics.ts';
import type { Notices, StoredNotice } from '../../tickets/records/notices.ts';
import type { Submission, SubmissionKey, SubmissionLedger } from '../../tickets/records/submission-ledger.ts';
import type { TicketDraft, TicketDrafts } from '../../tickets/records/ticket-drafts.ts';
import type { TicketDesk } from '../../tickets/ticket-desk.ts';
import { saysNothingWasOpened, type TicketOutcome } from '../../tickets/ticket-outcome.ts';
import type { Acknowledgement, AnswerableInteraction } from '../acknowledge.ts';
import { foreignText } from '../replies/foreign-text.ts';
import { inYourNameWords } from '../replies/in-your-name-reply.ts';
import { linkDecidedReply } from '../replies/link-reply.ts';
import { lines, linkButton, privately, type Reply, row, timestamp } from '../replies/reply.ts';
import { ticketReply } from '../replies/ticket-reply.ts';

export interface OutcomeDeliveryParts {
  readonly desk: TicketDesk;
  readonly ledger: SubmissionLedger;
  readonly drafts: TicketDrafts;
  readonly notices: Notices;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly ticketUrl: string | undefined;
  readonly clock: Clock;
  /** Milliseconds between tries to hand a reply to Discord. */
  readonly retryAfterMs?: number;
}

/** The submission that an outcome belongs to. */
export interface ToldSubmission {
  readonly id: string;
  readonly submitterId: string;
  readonly draftId: string;
  readonly isEscalation: boolean;
}

/** Further tries to hand a reply to Discord, after those of discord.js; then it waits for the person's next command. */
const FURTHER_TRIES = 2;
const FURTHER_TRY_AFTER_MS = 1500;
/** Replies that are edited at the same time after a start. */
const RECOVERED_AT_A_TIME = 8;

/** Brings outcomes to people: into the private reply that waits for it, else at their next command. */
export class OutcomeDelivery {
  readonly #parts: OutcomeDeliveryParts;
  /** What is to be told and could not be written down, by person. */
  readonly #unwritten = new Map<string, Set<string>>();

  constructor(parts: OutcomeDeliveryParts) {
    this.#parts = parts;
  }

  /** Tells an outcome in the reply of its own interaction. */
  async tell(
    interaction: AnswerableInteraction,
    acknowledgement: Acknowledgement,
    submission: ToldSubmission,
    outcome: TicketOutcome,
  ): Promise<void> {
    this.#parts.metrics.submissions.inc({ outcome: outcome.kind });
    const delivered =
      acknowledgement !== 'too-late' &&
      (await this.#tellTruth(submission, outcome, (current, reply) =>
        // A button's own message still shows the submit that is under way: that one will write its outcome there.
        current.kind === 'in-progress' && interaction.isButton()
          ? interaction.followUp(privately(reply))
          : interaction.editReply(reply),
      ));
    await this.#settle(submission, delivered);
  }

  /** Tells what the ledger knows of a submission, when what it came to is not known otherwise. Never rejects. */
  async tellStanding(
    interaction: AnswerableInteraction,
    acknowledgement: Acknowledgement,
    submission: ToldSubmission,
  ): Promise<void> {
    try {
      const found = await this.#parts.ledger.find(submission);
      if (found) await this.tell(interaction, acknowledgement, submission, await this.#parts.desk.standingOf(found));
    } catch (error) {
      this.#remember(submission, error);
    }
  }

  /** Hands a text back that is stored nowhere. @returns Whether Discord took it. Never rejects. */
  giveBack(interaction: AnswerableInteraction, reply: Reply): Promise<boolean> {
    return this.#deliver(interaction.id, () => interaction.editReply(reply));
  }

  /** At the start: tells what became of submissions whose process died, where the reply can still be edited. Never rejects. */
  async tellRecovered(untold: readonly Submission[], rest: REST): Promise<void> {
    // A few at a time: one reply that Discord does not take must not keep a thousand people waiting.
    const queue = new PQueue({ concurrency: RECOVERED_AT_A_TIME });
    await Promise.all(untold.map((found) => queue.add(() => this.#tellRecoveredOne(found, rest))));
  }

  async #tellRecoveredOne({ submitterId, id }: Submission, rest: REST): Promise<void> {
    const { ledger, drafts, desk, notices, clock } = this.#parts;
    try {
      // People are at work meanwhile: what was true at the start may be so no more.
      const submission = await ledger.find({ submitterId, id });
      if (!submission || submission.told) return;
      const { reply } = submission;
      const draft = await drafts.find(submitterId, submission.draftId);
      const told = { ...submission, isEscalation: isEscalation(submission, draft) };
      const delivered =
        reply !== undefined &&
        clock.now() < reply.until &&
        (await this.#tellTruth(told, await desk.standingOf(submission), (_, body) =>
          rest.patch(Routes.webhookMessage(reply.applicationId, reply.token, '@original'), {
            auth: false,
            body: {
              content: body.content,
              components: body.components.map((component) => component.toJSON()),
              allowed_mentions: { parse: [] },
            },
          }),
        ));
      await this.#settle(told, delivered);
      // The last process may have died between that notice and the word in the ledger.
      if (delivered) await notices.remove(submitterId, id);
    } catch (error) {
      this.#remember({ submitterId, id }, error);
    }
  }

  /** What a person has not been told yet, ready to be shown. Call `delivered` for those that they have got. */
  async pending(userId: string): Promise<{ id: string; reply: Reply }[]> {
    const notices = await this.#parts.notices.ofUser(userId);
    for (const id of this.#unwritten.get(userId) ?? []) {
      if (notices.some((notice) => notice.id === id)) continue;
      // Erased meanwhile: then there is nothing to tell.
      if (!(await this.#parts.ledger.find({ submitterId: userId, id }))) this.#forget(userId, id);
      else notices.push({ id, kind: 'submission', submissionId: id });
    }
    return Promise.all(
      notices.map(async (notice) => ({ id: notice.id, reply: await this.#noticeReply(userId, notice) })),
    );
  }

  async delivered(userId: string, noticeId: string): Promise<void> {
    await this.#parts.notices.remove(userId, noticeId);
    if (!this.#unwritten.get(userId)?.has(noticeId)) return;
    await this.#parts.ledger.told({ submitterId: userId, id: noticeId });
    this.#forget(userId, noticeId);
  }

  async #noticeReply(userId: string, notice: StoredNotice): Promise<Reply> {
    switch (notice.kind) {
      case 'submission': {
        const submission = await this.#parts.ledger.find({ submitterId: userId, id: notice.submissionId });
        if (!submission) return ticketReply({ kind: 'gone' }, this.#context(userId, '', false));
        const draft = await this.#parts.drafts.find(userId, submission.draftId);
        const reply = this.#words(await this.#parts.desk.standingOf(submission), {
          ...submission,
          isEscalation: isEscalation(submission, draft),
        });
        // A text that became a ticket or has expired is known by its time alone.
        const about = draft ? `: ${foreignText(draft.fields.subject, 60)}` : '';
        const sent = timestamp(submission.savedAt, 'R');
        return { ...reply, content: lines(`-# About what you sent ${sent}${about}`, reply.content) };
      }
      case 'opened-in-your-name':
      case 'maybe-opened-in-your-name':
        return { content: inYourNameWords(notice), components: [] };
      case 'link-decided':
        return linkDecidedReply(notice.approved);
      case 'unlinked':
        return {
          content: `<@${notice.moderatorId}>, a moderator, removed the link with your account. You can link it again.`,
          components: [row(linkButton())],
        };
    }
  }

  #words(outcome: TicketOutcome, submission: Omit<ToldSubmission, 'id'>): Reply {
    return ticketReply(outcome, this.#context(submission.submitterId, submission.draftId, submission.isEscalation));
  }

  #context(submitterId: string, draftId: string, isEscalation: boolean) {
    return { draftId, submitterId, isEscalation, ticketUrl: this.#parts.ticketUrl };
  }

  /**
   * Sends what became of a submission, and once more when that has changed on the way. An edit can take seconds, and
   * meanwhile another submit of the same thing may have opened a ticket: an old "nothing was opened" must not stand there
   * as the last word.
   */
  async #tellTruth(
    submission: ToldSubmission,
    outcome: TicketOutcome,
    send: (current: TicketOutcome, reply: Reply) => Promise<unknown>,
  ): Promise<boolean> {
    let told = outcome;
    const tell = () => send(told, this.#words(told, submission));
    const delivered = await this.#deliver(submission.id, async ({ attempt }) => {
      if (attempt > 0) told = await this.#asOfNow(submission, told);
      await tell();
    });
    if (!delivered) return false;
    const current = await this.#asOfNow(submission, told);
    // One that is under way will write its own outcome after this.
    if (current.kind === 'in-progress' || isSame(current, told)) return true;
    told = current;
    return this.#deliver(submission.id, tell);
  }

  /** An outcome after which one believes that there is no ticket, with what is known of the other submits by now. */
  async #asOfNow(at: ToldSubmission, outcome: TicketOutcome): Promise<TicketOutcome> {
    const { ledger, desk, log } = this.#parts;
    if (!saysNothingWasOpened(outcome)) return outcome;
    try {
      const submission = await ledger.find(at);
      const standing = submission && (await desk.standingOf(submission));
      if (!standing) return outcome;
      if (saysNothingWasOpened(standing)) return { ...outcome, earlier: standing.earlier ?? outcome.earlier };
      // The ledger does not know why it was not sent: that stays the first word.
      const isOther = standing.kind === 'already-opened' || standing.kind === 'maybe-open';
      return isOther && outcome.kind !== 'interrupted' ? { ...outcome, earlier: standing } : standing;
    } catch (error) {
      log.error({ error, interactionId: at.id }, 'what became of other submits could not be looked up');
      return outcome;
    }
  }

  /**
   * A person who could not be told is told at their next command: the notice stands before the ledger says so. A store that
   * fails now changes nothing of what the person has read.
   */
  async #settle(at: SubmissionKey, delivered: boolean): Promise<void> {
    const { ledger, notices, metrics } = this.#parts;
    const { submitterId, id } = at;
    if (!delivered) metrics.undelivered.inc({ what: 'reply' });
    try {
      if (!delivered) {
        // Erased meanwhile: then there is nothing to tell.
        if (!(await ledger.find(at))) return;
        await notices.add(submitterId, id, { kind: 'submission', submissionId: id });
        // What the notice is about must be known for as long as the notice stands.
        await ledger.keep(at);
      }
      const isStored = await ledger.told(at);
      if (!isStored) await notices.remove(submitterId, id);
    } catch (error) {
      this.#remember(at, error, delivered);
    }
  }

  /** Something has to be told, and the store does not take it. The next start would find it; the next command comes sooner. */
  #remember({ submitterId, id }: SubmissionKey, error: unknown, isTold = false): void {
    this.#parts.log.error({ error, interactionId: id }, 'whether an outcome was told could not be written down');
    if (isTold) return;
    const ids = this.#unwritten.get(submitterId) ?? new Set();
    this.#unwritten.set(submitterId, ids.add(id));
  }

  #forget(submitterId: string, id: string): void {
    const ids = this.#unwritten.get(submitterId);
    ids?.delete(id);
    if (ids?.size === 0) this.#unwritten.delete(submitterId);
  }

  /** Tries again, but not after a no of Discord: the reply was dismissed, its 15 minutes are over, or it never came to be. */
  async #deliver(
    interactionId: string,
    send: (context: { readonly attempt: number }) => Promise<unknown>,
  ): Promise<boolean> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await send({ attempt });
        return true;
      } catch (error) {
        if (attempt === FURTHER_TRIES || error instanceof DiscordAPIError) {
          this.#parts.log.warn(
            { interactionId, error },
            'an outcome could not be delivered; it waits for the next command',
          );
          return false;
        }
      }
      await wait(this.#parts.clock, this.#parts.retryAfterMs ?? FURTHER_TRY_AFTER_MS);
    }
  }
}

function isSame(one: TicketOutcome, other: TicketOutcome): boolean {
  return one.kind === other.kind && one.earlier?.kind === other.earlier?.kind;
}

/** Of an older record only the draft tells. */
function isEscalation({ escalated }: Submission, draft: TicketDraft | undefined): boolean {
  return (escalated ?? draft?.escalated) !== undefined;
}
