import { DiscordAPIError, type REST, RESTJSONErrorCodes, Routes } from 'discord.js';
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
import { escapeUserText } from '../replies/escape-user-text.ts';
import { inYourNameWords } from '../replies/in-your-name-reply.ts';
import { linkDecidedReply } from '../replies/link-reply.ts';
import { lines, linkButton, privately, type Reply, row, timestamp } from '../replies/reply.ts';
import { ticketReply } from '../replies/ticket-reply.ts';
import type { ReplyEdits } from '../reply-edits.ts';
import { isNotTaken, waitOf } from '../rest-errors.ts';

export interface OutcomeDeliveryParts {
  readonly desk: TicketDesk;
  readonly ledger: SubmissionLedger;
  readonly drafts: TicketDrafts;
  readonly notices: Notices;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly ticketUrl: string | undefined;
  /** Knows of edits without an answer, which Discord may still make over newer ones. */
  readonly edits?: Pick<ReplyEdits, 'inDoubt'>;
  readonly clock: Clock;
  /** Milliseconds between the first tries to hand a reply to Discord. */
  readonly retryAfterMs?: number;
}

/** The submission that an outcome belongs to. */
export interface ToldSubmission {
  readonly id: string;
  readonly submitterId: string;
  readonly draftId: string;
  readonly isEscalation: boolean;
}

/** Milliseconds between the first tries to hand a reply to Discord, and how many tries those are. */
const FIRST_RETRY_MS = 1500;
const FIRST_RETRIES = 2;
/** Milliseconds between the tries after those; the last one is for all that follow. */
const LATER_RETRY_MS = [5000, 15_000, 60_000] as const;
/** Milliseconds until the next try while Discord takes nothing (429): its own hour would be too late for every reply. */
const LIMITED_TRY_AGAIN_AFTER_MS = 60_000;
/** Tries to give back a text that is stored nowhere for which a stop waits. */
const TRIES_BEFORE_STOP = 3;
/** Milliseconds for which Discord takes edits; half a minute is left for the way there. */
const REPLY_LIFETIME_MS = 14.5 * 60_000;
/** Milliseconds for which an acknowledgement without an answer may still reach Discord. */
const ARRIVES_WITHIN_MS = 15_000;
/** Replies that are edited at the same time after a start. */
const RECOVERED_AT_A_TIME = 8;
/** Replies that wait for Discord and are tried at the same time. While it takes nothing, it hears no more than these. */
const TRIED_AT_A_TIME = 4;

interface TryOptions {
  /** When Discord takes no more edits, in milliseconds since 1970. */
  readonly until: number;
  /** Until when the acknowledgement may still arrive, so that there is a reply to edit. */
  readonly arrivesUntil: number;
}

/** What came of handing something to Discord. `refused`: it will never take it. `not-yet`: it may take it later. */
type Delivered = { readonly kind: 'delivered' | 'refused' } | { readonly kind: 'not-yet'; readonly error: unknown };

/** Brings outcomes to people: into the private reply that waits for it, else at their next command. */
export class OutcomeDelivery {
  readonly #parts: OutcomeDeliveryParts;
  /** What is to be told and could not be written down, by person. */
  readonly #unwritten = new Map<string, Set<string>>();
  /** What Discord did not take in time, and is offered again. */
  readonly #offered = new PQueue({ concurrency: TRIED_AT_A_TIME });
  readonly #stopping = new AbortController();
  /** Until when Discord takes nothing (clock.elapsed()). */
  #limitedUntil = Number.NEGATIVE_INFINITY;

  constructor(parts: OutcomeDeliveryParts) {
    this.#parts = parts;
  }

  /**
   * Tells an outcome in the reply of its own interaction. What Discord does not take at once is written down for the person's
   * next command, and then offered again until Discord takes it or its time is over.
   */
  async tell(
    interaction: AnswerableInteraction,
    acknowledgement: Acknowledgement,
    submission: ToldSubmission,
    outcome: TicketOutcome,
  ): Promise<void> {
    this.#parts.metrics.submissions.inc({ outcome: outcome.kind });
    const options = this.#optionsOf(interaction, acknowledgement);
    const telling = this.#telling(submission, outcome, (current, reply) =>
      // A button's own message still shows the submit that is under way: that one will write its outcome there.
      current.kind === 'in-progress' && interaction.isButton()
        ? interaction.followUp(privately(reply))
        : interaction.editReply(reply),
    );
    const hasReply = acknowledgement === 'known' || acknowledgement === 'unknown';
    const delivered = hasReply ? await this.#try(submission.id, telling, options) : REFUSED;
    await this.#settle(submission, delivered.kind === 'delivered', interaction.token);
    if (delivered.kind === 'not-yet') this.#offer(submission, telling, { ...options, error: delivered.error });
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

  /** Hands a text back that is stored nowhere, and does not give up while Discord may take it. Never rejects. */
  async giveBack(interaction: AnswerableInteraction, acknowledgement: Acknowledgement, reply: Reply): Promise<void> {
    const options = this.#optionsOf(interaction, acknowledgement);
    const send = () => interaction.editReply(reply);
    // A stop waits for these. Nothing else has the text, but Discord can be away for an hour.
    for (let tried = 0; tried < TRIES_BEFORE_STOP; tried += 1) {
      if (tried > 0) await wait(this.#parts.clock, this.#retryAfter(0));
      if ((await this.#try(interaction.id, send, options)).kind !== 'not-yet') return;
    }
    void this.#insist(interaction.id, send, options);
  }

  #optionsOf({ createdTimestamp }: AnswerableInteraction, acknowledgement: Acknowledgement): TryOptions {
    const arrivesUntil = acknowledgement === 'unknown' ? this.#parts.clock.now() + ARRIVES_WITHIN_MS : 0;
    return { until: createdTimestamp + REPLY_LIFETIME_MS, arrivesUntil };
  }

  /** Offers nothing more. What is written down waits for the next command. */
  stop(): void {
    this.#stopping.abort();
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
      if (!reply || clock.now() >= reply.until) return await this.#settle(told, false, undefined);
      const { until, token } = reply;
      const telling = this.#telling(told, await desk.standingOf(submission), (_, body) =>
        rest.patch(Routes.webhookMessage(reply.applicationId, token, '@original'), {
          auth: false,
          body: {
            content: body.content,
            components: body.components.map((component) => component.toJSON()),
            allowed_mentions: { parse: [] },
          },
        }),
      );
      const delivered = await this.#try(id, telling, { arrivesUntil: 0 });
      await this.#settle(told, delivered.kind === 'delivered', token);
      // The last process may have died between that notice and the word in the ledger.
      if (delivered.kind === 'delivered') await notices.remove(submitterId, id);
      if (delivered.kind === 'not-yet') this.#offer(told, telling, { until, arrivesUntil: 0, error: delivered.error });
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
        const about = draft ? `: ${escapeUserText(draft.fields.subject, 60)}` : '';
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
   * Makes what sends what became of a submission, and once more when that has changed on the way. An edit can take seconds,
   * and meanwhile another submit of the same thing may have opened a ticket: an old "nothing was opened" must not stand there
   * as the last word.
   */
  #telling(
    submission: ToldSubmission,
    outcome: TicketOutcome,
    send: (current: TicketOutcome, reply: Reply) => Promise<unknown>,
  ): () => Promise<void> {
    let told = outcome;
    let isFirst = true;
    return async () => {
      if (!isFirst) told = await this.#asOfNow(submission, told);
      isFirst = false;
      await send(told, this.#words(told, submission));
      const current = await this.#asOfNow(submission, told);
      // One that is under way will write its own outcome after this.
      if (current.kind === 'in-progress' || isSame(current, told)) return;
      told = current;
      await send(told, this.#words(told, submission));
    };
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
   * @param token Of the reply in which they have read it.
   */
  async #settle(at: SubmissionKey, delivered: boolean, token: string | undefined): Promise<void> {
    const { ledger, notices, metrics, edits } = this.#parts;
    const { submitterId, id } = at;
    if (!delivered) metrics.undelivered.inc({ what: 'reply' });
    // An older edit may still come over this one. Until the last word is written again, a next start has to do that.
    const doubt = delivered && token ? edits?.inDoubt(token) : undefined;
    if (doubt) {
      void doubt.then(() => this.#settle(at, true, undefined));
      return;
    }
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

  /** Offers Discord again what is written down for the next command, unless that comes first. */
  #offer(submission: ToldSubmission, send: () => Promise<void>, options: TryOptions & { error: unknown }): void {
    const { submitterId, id } = submission;
    const { notices, log } = this.#parts;
    log.warn(
      { interactionId: id, error: options.error },
      'an outcome could not be delivered yet; it waits for the next command, and the bot tries again',
    );
    void this.#insist(id, () => notices.tell(submitterId, id, send), options);
  }

  /** Tries again and again until Discord takes it, refuses it, or its time is over. Never rejects. */
  async #insist(interactionId: string, send: () => Promise<unknown>, options: TryOptions): Promise<void> {
    const { clock } = this.#parts;
    const { signal } = this.#stopping;
    for (let tried = 0; ; tried += 1) {
      await wait(clock, this.#retryAfter(tried), signal);
      if (signal.aborted || clock.now() >= options.until) return;
      const delivered = await this.#offered.add(async () =>
        // Discord has just refused another one: it hears no more until it may take them again.
        clock.elapsed() < this.#limitedUntil ? undefined : this.#try(interactionId, send, options),
      );
      if (delivered && delivered.kind !== 'not-yet') return;
    }
  }

  #retryAfter(tried: number): number {
    if (tried < FIRST_RETRIES) return this.#parts.retryAfterMs ?? FIRST_RETRY_MS;
    return LATER_RETRY_MS[tried - FIRST_RETRIES] ?? LATER_RETRY_MS[2];
  }

  /** Hands something to Discord. A no is final: the reply was dismissed, its 15 minutes are over, or it never came to be. */
  async #try(
    interactionId: string,
    send: () => Promise<unknown>,
    { arrivesUntil }: Pick<TryOptions, 'arrivesUntil'>,
  ): Promise<Delivered> {
    const { clock, log } = this.#parts;
    try {
      await send();
      return { kind: 'delivered' };
    } catch (error) {
      const limitMs = waitOf(error);
      if (limitMs !== undefined) this.#limitedUntil = clock.elapsed() + Math.min(limitMs, LIMITED_TRY_AGAIN_AFTER_MS);
      const isUnknown = error instanceof DiscordAPIError && error.code === RESTJSONErrorCodes.UnknownWebhook;
      const isFinal =
        error instanceof DiscordAPIError && isNotTaken(error) && !(isUnknown && clock.now() < arrivesUntil);
      if (!isFinal) return { kind: 'not-yet', error };
      log.warn({ interactionId, error }, 'an outcome could not be delivered; it waits for the next command');
      return REFUSED;
    }
  }
}

const REFUSED: Delivered = { kind: 'refused' };

function isSame(one: TicketOutcome, other: TicketOutcome): boolean {
  return one.kind === other.kind && one.earlier?.kind === other.earlier?.kind;
}

/** Of an older record only the draft tells. */
function isEscalation({ escalated }: Submission, draft: TicketDraft | undefined): boolean {
  return (escalated ?? draft?.escalated) !== undefined;
}
