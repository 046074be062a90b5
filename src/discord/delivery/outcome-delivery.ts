import { DiscordAPIError, type REST, RESTJSONErrorCodes, Routes } from 'discord.js';
import PQueue from 'p-queue';
import { type Clock, wait } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Metrics } from '../../metrics.ts';
import type { ProcessLease } from '../../process-lease.ts';
import type { AttemptAsOfNow, AttemptOutcomes } from '../../tickets/attempt-outcomes.ts';
import type { AdoptedAttempt } from '../../tickets/attempt-recovery.ts';
import type { HelpdeskQueue } from '../../tickets/helpdesk-queue.ts';
import { deliver, leaveForNextCommand } from '../../tickets/lifecycle/deliver.ts';
import {
  type Attempt,
  isLive,
  type PendingNotification,
  type PersonRecord,
  type Stage,
} from '../../tickets/lifecycle/person-record.ts';
import type { Notifications } from '../../tickets/notifications.ts';
import type { RequestRecords } from '../../tickets/request-records.ts';
import { labelOf, saysNothingWasOpened, type TicketOutcome } from '../../tickets/ticket-outcome.ts';
import type { Acknowledgement, AnswerableInteraction } from '../acknowledge.ts';
import { escapeUserText } from '../replies/escape-user-text.ts';
import type { HelpdeskNames } from '../replies/helpdesk-words.ts';
import { inYourNameReply } from '../replies/in-your-name-reply.ts';
import { linkDecidedReply } from '../replies/link-reply.ts';
import { asBody, asMessage, card, ephemeral, lines, linkButton, type Reply, row, timestamp } from '../replies/reply.ts';
import { ticketReply } from '../replies/ticket-reply.ts';
import type { ReplyEdits } from '../reply-edits.ts';
import { isNotTaken, waitOf } from '../rest-errors.ts';

export interface OutcomeDeliveryDeps {
  readonly outcomes: AttemptOutcomes;
  readonly records: RequestRecords;
  readonly notifications: Notifications;
  readonly lease: Pick<ProcessLease, 'isGone'>;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly helpdeskNames: HelpdeskNames;
  readonly queue: Pick<HelpdeskQueue, 'down' | 'retryAt'>;
  /** Knows of edits without an answer, which Discord may still make over newer ones. */
  readonly edits?: Pick<ReplyEdits, 'inDoubt'>;
  readonly clock: Clock;
  /** Milliseconds between the first tries to hand a reply to Discord. */
  readonly retryAfterMs?: number;
}

/** The attempt that an outcome belongs to. */
export interface ToldAttempt {
  readonly id: string;
  readonly submitterId: string;
  readonly draftId: string;
  readonly isEscalation: boolean;
  /** The escalated message, as `server/message`: its record follows the attempt. */
  readonly message?: string | undefined;
}

/** What a person has not been told yet. */
export interface Pending {
  readonly reply: Reply;
  /** To be called when it was shown. Never rejects. */
  delivered(): Promise<void>;
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
  readonly #deps: OutcomeDeliveryDeps;
  /** Attempts that are told in another way than at the next command at this moment. */
  readonly #inDelivery = new Set<string>();
  /** What Discord did not take in time, and is offered again. */
  readonly #offered = new PQueue({ concurrency: TRIED_AT_A_TIME });
  readonly #stopping = new AbortController();
  /** Until when Discord takes nothing (clock.elapsed()). */
  #limitedUntil = Number.NEGATIVE_INFINITY;

  constructor(deps: OutcomeDeliveryDeps) {
    this.#deps = deps;
  }

  /**
   * Tells an outcome in the reply of its own interaction. What Discord does not take at once waits for the person's next
   * command, and is then offered again until Discord takes it or its time is over.
   */
  async tell(
    interaction: AnswerableInteraction,
    acknowledgement: Acknowledgement,
    attempt: ToldAttempt,
    outcome: TicketOutcome,
  ): Promise<void> {
    this.#deps.metrics.submissions.inc({ outcome: labelOf(outcome) });
    await this.#tell(interaction, acknowledgement, attempt, { outcome, stage: stageOf(outcome) });
  }

  /** Tells what is known of an attempt, when what it came to is not known otherwise. Never rejects. */
  async tellAsOfNow(
    interaction: AnswerableInteraction,
    acknowledgement: Acknowledgement,
    attempt: ToldAttempt,
  ): Promise<void> {
    try {
      const found = await this.#deps.outcomes.ofAttempt(attempt.submitterId, attempt.id);
      // Whoever was promised an answer gets one, also when all about it was erased meanwhile.
      const told: Told = found
        ? { outcome: found.outcome, stage: found.attempt.stage.kind }
        : { outcome: { kind: 'gone' }, stage: 'not-sent' };
      await this.#tell(interaction, acknowledgement, attempt, told);
    } catch (error) {
      this.#deps.log.error({ error, interactionId: attempt.id }, 'what became of an attempt could not be told');
      await this.#leave(attempt);
    }
  }

  async #tell(
    interaction: AnswerableInteraction,
    acknowledgement: Acknowledgement,
    attempt: ToldAttempt,
    told: Told,
  ): Promise<void> {
    const options = this.#optionsOf(interaction, acknowledgement);
    const telling = this.#telling(attempt, told, ({ outcome }, reply) =>
      // A button's own message still shows the attempt that is under way: that one will write its outcome there.
      isInProgress(outcome) && interaction.isButton()
        ? interaction.followUp(ephemeral(reply))
        : interaction.editReply(asMessage(reply)),
    );
    const hasReply = acknowledgement === 'known' || acknowledgement === 'unknown';
    const delivered = hasReply ? await this.#try(attempt.id, telling.send, options) : REFUSED;
    await this.#settle(attempt, telling.told(), delivered.kind === 'delivered', interaction.token);
    if (delivered.kind === 'not-yet') this.#offer(attempt, telling, { ...options, error: delivered.error });
  }

  /**
   * Hands a text back that is stored nowhere, and does not give up while Discord may take it. Never rejects.
   * @param save Stores the text after all. It is tried until the store takes it, once Discord has said no for good, as it does
   * when the person has dismissed the message: then nothing but this process has the text.
   */
  async giveBack(
    interaction: AnswerableInteraction,
    acknowledgement: Acknowledgement,
    { reply, save }: { reply: Reply; save: () => Promise<unknown> },
  ): Promise<void> {
    const options = this.#optionsOf(interaction, acknowledgement);
    const send = () => interaction.editReply(asMessage(reply));
    // A stop waits for these. Nothing else has the text, but Discord can be away for an hour.
    for (let tried = 0; tried < TRIES_BEFORE_STOP; tried += 1) {
      if (tried > 0) await wait(this.#deps.clock, this.#retryAfter(0));
      const { kind } = await this.#try(interaction.id, send, options);
      if (kind === 'refused') return this.#saveAfterAll(interaction.id, save);
      if (kind === 'delivered') return;
    }
    void this.#insist(interaction.id, send, options).then((isTaken) => {
      if (!isTaken) this.#saveAfterAll(interaction.id, save);
    });
  }

  #saveAfterAll(interactionId: string, save: () => Promise<unknown>): void {
    void this.#insist(interactionId, save, { until: Number.POSITIVE_INFINITY, arrivesUntil: 0 });
  }

  #optionsOf({ createdTimestamp }: AnswerableInteraction, acknowledgement: Acknowledgement): TryOptions {
    const arrivesUntil = acknowledgement === 'unknown' ? this.#deps.clock.now() + ARRIVES_WITHIN_MS : 0;
    return { until: createdTimestamp + REPLY_LIFETIME_MS, arrivesUntil };
  }

  /** Offers nothing more. What is written down waits for the next command. */
  stop(): void {
    this.#stopping.abort();
  }

  /** Tells what became of attempts whose process is gone, where the reply can still be edited. Never rejects. */
  async tellAdopted(adopted: readonly AdoptedAttempt[], rest: REST): Promise<void> {
    // A few at a time: one reply that Discord does not take must not keep a thousand people waiting.
    const queue = new PQueue({ concurrency: RECOVERED_AT_A_TIME });
    await Promise.all(adopted.map((one) => queue.add(() => this.#tellAdoptedOne(one, rest))));
  }

  async #tellAdoptedOne({ submitterId, attempt: { id } }: AdoptedAttempt, rest: REST): Promise<void> {
    const { outcomes, clock, log } = this.#deps;
    try {
      // People are at work meanwhile: what was true when it was taken over may be so no more.
      const found = await outcomes.ofAttempt(submitterId, id);
      if (found?.attempt.delivery !== 'pending') return;
      const attempt = toldAttemptOf(submitterId, found);
      const told = { outcome: found.outcome, stage: found.attempt.stage.kind };
      const { reply } = found.attempt;
      if (!reply || clock.now() >= reply.until) return await this.#settle(attempt, told, false, undefined);
      const telling = this.#telling(attempt, told, (_, body) =>
        rest.patch(Routes.webhookMessage(reply.applicationId, reply.token, '@original'), {
          auth: false,
          body: { ...asBody(body), allowed_mentions: { parse: [] } },
        }),
      );
      const delivered = await this.#try(id, telling.send, { arrivesUntil: 0 });
      await this.#settle(attempt, telling.told(), delivered.kind === 'delivered', reply.token);
      if (delivered.kind === 'not-yet') {
        this.#offer(attempt, telling, { until: reply.until, arrivesUntil: 0, error: delivered.error });
      }
    } catch (error) {
      log.error({ error, interactionId: id }, 'what became of an attempt could not be told');
      await this.#leave({ submitterId, id });
    }
  }

  /** What a person has not been told yet, oldest first, ready to be shown. @throws {StorageError} */
  async pending(userId: string): Promise<Pending[]> {
    const { records, outcomes, notifications, lease } = this.#deps;
    const record = await records.find(userId);
    const waiting = record.requests
      .flatMap(({ attempts }) => attempts)
      .filter((attempt) => isWaiting(attempt, lease.isGone) && !this.#inDelivery.has(attempt.id))
      .sort((one, other) => one.sequence - other.sequence);
    const found = await Promise.all(waiting.map(({ id }) => outcomes.ofAttemptIn(userId, record, id)));
    return [
      ...found.flatMap((one) => (one ? [this.#pendingOutcome(userId, one)] : [])),
      ...record.notifications
        .filter(({ id }) => !notifications.isInDelivery(userId, id))
        .map((notification) => ({
          reply: notificationReply(notification, this.#deps.helpdeskNames),
          delivered: () => notifications.remove(userId, notification.id),
        })),
    ];
  }

  #pendingOutcome(userId: string, found: AttemptAsOfNow): Pending {
    const { attempt, outcome, draft } = found;
    const told = toldAttemptOf(userId, found);
    const reply = this.#words(outcome, told);
    // A text that became a ticket or has expired is known by its time alone.
    const about = draft ? `: ${escapeUserText(draft.fields.subject, 60)}` : '';
    const sent = timestamp(attempt.receivedAt, 'R');
    return {
      reply: { ...reply, content: lines(`-# About what you sent ${sent}${about}`, reply.content) },
      delivered: () => this.#settle(told, { outcome, stage: attempt.stage.kind }, true, undefined),
    };
  }

  #words(outcome: TicketOutcome, { id: attemptId, submitterId, draftId, isEscalation }: ToldAttempt): Reply {
    const { helpdeskNames: helpdesk, queue } = this.#deps;
    const leftAloneUntil = queue.down ? queue.retryAt : undefined;
    return ticketReply(outcome, { draftId, attemptId, submitterId, isEscalation, helpdesk, leftAloneUntil });
  }

  /**
   * Makes what sends what became of an attempt, and once more when that has changed on the way. An edit can take seconds,
   * and meanwhile another attempt at the same may have opened a ticket, or the answer of a call may have come after all: an
   * old word must not stand there as the last one.
   */
  #telling(attempt: ToldAttempt, first: Told, send: (told: Told, reply: Reply) => Promise<unknown>): Telling {
    let told = first;
    let isFirst = true;
    return {
      told: () => told,
      send: async () => {
        if (!isFirst) told = await this.#asOfNow(attempt, told);
        isFirst = false;
        await send(told, this.#words(told.outcome, attempt));
        const current = await this.#asOfNow(attempt, told);
        // One that is under way will write its own outcome after this.
        if (isInProgress(current.outcome) || isSame(current.outcome, told.outcome)) return;
        told = current;
        await send(told, this.#words(told.outcome, attempt));
      },
    };
  }

  /**
   * An outcome that may have changed, with what is known by now.
   * @throws {StorageError} when that cannot be looked up: what was told may be untrue, so it has to be looked at again.
   */
  async #asOfNow(attempt: ToldAttempt, told: Told): Promise<Told> {
    if (!saysNothingWasOpened(told.outcome) && told.outcome.kind !== 'unconfirmed') return told;
    const found = await this.#deps.outcomes.ofAttempt(attempt.submitterId, attempt.id);
    if (!found || isLive(found.attempt)) return told;
    return { outcome: found.outcome, stage: found.attempt.stage.kind };
  }

  /**
   * Writes down that the person has read it, or that it waits for their next command. What the store does not take is written
   * later, and changes nothing of what they have read.
   * @param token Of the reply in which they have read it.
   */
  async #settle(attempt: ToldAttempt, told: Told, isDelivered: boolean, token: string | undefined): Promise<void> {
    const { records, metrics, edits, clock } = this.#deps;
    const { submitterId, id: attemptId, message } = attempt;
    if (!isDelivered) metrics.undelivered.inc({ what: 'reply' });
    // An older edit may still come over this one. Until the last word is written again, somebody else has to do that.
    const doubt = isDelivered && token ? edits?.inDoubt(token) : undefined;
    if (doubt) {
      void doubt.then(() => this.#settle(attempt, told, true, undefined));
      return;
    }
    const event = { attemptId, told: told.stage, delivery: isDelivered ? 'delivered' : 'next-command' } as const;
    const apply = (record: PersonRecord) => deliver(record, event, clock.now());
    const decide = ({ record }: { record: PersonRecord }) => ({ record: apply(record), result: undefined });
    await records.state({ submitterId, attemptId, message }, {}, decide, apply);
  }

  /** It could not be looked up: the next command tells it. */
  async #leave({ submitterId, id: attemptId }: Pick<ToldAttempt, 'submitterId' | 'id'>): Promise<void> {
    const apply = (record: PersonRecord) => leaveForNextCommand(record, attemptId, this.#deps.clock.now());
    const decide = ({ record }: { record: PersonRecord }) => ({ record: apply(record), result: undefined });
    await this.#deps.records.state({ submitterId, attemptId }, {}, decide, apply);
  }

  /** Offers Discord again what waits for the next command, unless that comes first. */
  #offer(attempt: ToldAttempt, telling: Telling, options: TryOptions & { error: unknown }): void {
    const { submitterId, id } = attempt;
    this.#deps.log.warn(
      { interactionId: id, error: options.error },
      'an outcome could not be delivered yet; it waits for the next command, and the bot tries again',
    );
    const send = async () => {
      if (this.#inDelivery.has(id)) return;
      this.#inDelivery.add(id);
      try {
        const found = await this.#deps.outcomes.ofAttempt(submitterId, id);
        if (!found || found.attempt.delivery === 'delivered') return;
        await telling.send();
        await this.#settle(attempt, telling.told(), true, undefined);
      } finally {
        this.#inDelivery.delete(id);
      }
    };
    void this.#insist(id, send, options);
  }

  /** Tries again and again until it is taken, refused, or its time is over. Never rejects. @returns Whether it was taken. */
  async #insist(interactionId: string, send: () => Promise<unknown>, options: TryOptions): Promise<boolean> {
    const { clock } = this.#deps;
    const { signal } = this.#stopping;
    for (let tried = 0; ; tried += 1) {
      await wait(clock, this.#retryAfter(tried), signal);
      if (signal.aborted || clock.now() >= options.until) return false;
      const delivered = await this.#offered.add(async () =>
        // Discord has just refused another one: it hears no more until it may take them again.
        clock.elapsed() < this.#limitedUntil ? undefined : this.#try(interactionId, send, options),
      );
      if (delivered && delivered.kind !== 'not-yet') return delivered.kind === 'delivered';
    }
  }

  #retryAfter(tried: number): number {
    if (tried < FIRST_RETRIES) return this.#deps.retryAfterMs ?? FIRST_RETRY_MS;
    return LATER_RETRY_MS[tried - FIRST_RETRIES] ?? LATER_RETRY_MS[2];
  }

  /** Hands something to Discord. A no is final: the reply was dismissed, its 15 minutes are over, or it never came to be. */
  async #try(
    interactionId: string,
    send: () => Promise<unknown>,
    { arrivesUntil }: Pick<TryOptions, 'arrivesUntil'>,
  ): Promise<Delivered> {
    const { clock, log } = this.#deps;
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

/** What was said of an attempt, and at which stage that was true. */
interface Told {
  readonly outcome: TicketOutcome;
  readonly stage: Stage['kind'];
}

/** Something that sends an outcome, again and again perhaps. */
interface Telling {
  send(): Promise<void>;
  /** What was said last. */
  told(): Told;
}

/** Whether the next command has to tell it. What another process is about to tell is not waiting. */
function isWaiting(attempt: Attempt, isGone: (owner: string) => boolean): boolean {
  if (isLive(attempt)) return false;
  if (attempt.delivery === 'pending') return attempt.owner === undefined || isGone(attempt.owner);
  return attempt.delivery === 'next-command';
}

function stageOf(outcome: TicketOutcome): Stage['kind'] {
  switch (outcome.kind) {
    case 'opened':
    case 'refused':
    case 'unreachable':
    case 'unconfirmed':
      return outcome.kind;
    case 'waiting':
    case 'not-sent':
    case 'duplicate':
    case 'gone':
      return 'not-sent';
  }
}

function toldAttemptOf(submitterId: string, { attempt, request, draft }: AttemptAsOfNow): ToldAttempt {
  return {
    id: attempt.id,
    submitterId,
    draftId: request.id,
    isEscalation: (request.message ?? draft?.escalated) !== undefined,
    message: request.message,
  };
}

function notificationReply({ about }: PendingNotification, helpdesk: HelpdeskNames): Reply {
  switch (about.kind) {
    case 'opened-in-your-name':
    case 'maybe-opened-in-your-name':
      return inYourNameReply(about, helpdesk);
    case 'link-decided':
      return linkDecidedReply(about.approved);
    case 'unlinked':
      return card(
        'moderation',
        '🔗 Your account was unlinked',
        [`A moderator, <@${about.moderatorId}>, removed the link. You can link it again.`],
        [row(linkButton())],
      );
  }
}

function isInProgress(outcome: TicketOutcome): boolean {
  return outcome.kind === 'duplicate' && outcome.of.state === 'in-progress';
}

function isSame(one: TicketOutcome, other: TicketOutcome): boolean {
  return labelOf(one) === labelOf(other) && one.earlier?.state === other.earlier?.state;
}
