import type { REST } from 'discord.js';
import PQueue from 'p-queue';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Metrics } from '../../metrics.ts';
import type { ProcessLease } from '../../process-lease.ts';
import type { AttemptAsOfNow, AttemptOutcomes } from '../../tickets/attempt-outcomes.ts';
import type { AdoptedAttempt } from '../../tickets/attempt-recovery.ts';
import type { HelpdeskQueue } from '../../tickets/helpdesk-queue.ts';
import type { Notifications } from '../../tickets/notifications.ts';
import type { OpenedTickets } from '../../tickets/opened/opened-tickets.ts';
import type { RequestRecords } from '../../tickets/request-records.ts';
import type { TicketOutcome } from '../../tickets/ticket-outcome.ts';
import type { Acknowledgement, AnswerableInteraction } from '../acknowledge.ts';
import { escapeUserText } from '../replies/escape-user-text.ts';
import type { HelpdeskNames } from '../replies/helpdesk-words.ts';
import { asMessage, ephemeral, lines, type Reply, timestamp } from '../replies/reply.ts';
import type { ReplyEdits } from '../reply-edits.ts';
import { countOutcome } from './count-outcome.ts';
import { DeliveryRecords } from './delivery-records.ts';
import { editOriginal, editReply } from './edit-reply.ts';
import { isInProgress, OutcomeTelling, stageOf, type Telling, type Told, type ToldAttempt } from './outcome-telling.ts';
import { notificationReply, stillTheirs } from './pending-notification.ts';
import { REFUSED, ReplyRetries, type TryOptions, tryOptionsOf } from './reply-retries.ts';

export interface OutcomeDeliveryDeps {
  readonly outcomes: AttemptOutcomes;
  readonly records: RequestRecords;
  readonly notifications: Notifications;
  readonly opened: Pick<OpenedTickets, 'find'>;
  readonly lease: Pick<ProcessLease, 'id' | 'isGone'>;
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

/** What a person has not been told yet. One of the two is to be called for each; neither rejects. */
export interface Pending {
  readonly reply: Reply;
  /** It was shown. */
  delivered(): Promise<void>;
  /** It was not: another command tells it. */
  left(): Promise<void>;
}

/** Tries to give back a text that is stored nowhere for which a stop waits. */
const TRIES_BEFORE_STOP = 3;
/** Replies that are edited at the same time after a start. */
const RECOVERED_AT_A_TIME = 8;

/** Brings outcomes to people: into the private reply that waits for it, else at their next command. */
export class OutcomeDelivery {
  readonly #deps: OutcomeDeliveryDeps;
  readonly #retries: ReplyRetries;
  readonly #telling: OutcomeTelling;
  readonly #records: DeliveryRecords;

  constructor(deps: OutcomeDeliveryDeps) {
    this.#deps = deps;
    this.#retries = new ReplyRetries(deps);
    this.#telling = new OutcomeTelling(deps);
    this.#records = new DeliveryRecords(deps);
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
    countOutcome(this.#deps.metrics, outcome);
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
      await this.#records.leave(attempt);
    }
  }

  async #tell(
    interaction: AnswerableInteraction,
    acknowledgement: Acknowledgement,
    attempt: ToldAttempt,
    told: Told,
  ): Promise<void> {
    const options = tryOptionsOf(interaction, acknowledgement, this.#deps.clock.now());
    const telling = this.#telling.begin(attempt, told, ({ outcome }, reply) =>
      // A button's own message still shows the attempt that is under way: that one will write its outcome there.
      isInProgress(outcome) && interaction.isButton()
        ? interaction.followUp(ephemeral(reply))
        : editReply(interaction, reply),
    );
    const hasReply = acknowledgement === 'known' || acknowledgement === 'unknown';
    const delivered = hasReply ? await this.#retries.try(attempt.id, telling.send, options) : REFUSED;
    await this.#records.settle(attempt, telling.told(), delivered.kind === 'delivered', interaction.token);
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
    const options = tryOptionsOf(interaction, acknowledgement, this.#deps.clock.now());
    const send = () => interaction.editReply(asMessage(reply));
    // A stop waits for these. Nothing else has the text, but Discord can be away for an hour.
    for (let tried = 0; tried < TRIES_BEFORE_STOP; tried += 1) {
      if (tried > 0) await this.#retries.waitForNext();
      const { kind } = await this.#retries.try(interaction.id, send, options);
      if (kind === 'refused') return this.#saveAfterAll(interaction.id, save);
      if (kind === 'delivered') return;
    }
    void this.#retries.insist(interaction.id, send, options).then((isTaken) => {
      if (!isTaken) this.#saveAfterAll(interaction.id, save);
    });
  }

  #saveAfterAll(interactionId: string, save: () => Promise<unknown>): void {
    void this.#retries.insist(interactionId, save, { until: Number.POSITIVE_INFINITY, arrivesUntil: 0 });
  }

  /** Offers nothing more. What is written down waits for the next command. */
  stop(): void {
    this.#retries.stop();
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
      if (!reply || clock.now() >= reply.until) return await this.#records.settle(attempt, told, false, undefined);
      const telling = this.#telling.begin(attempt, told, (_, body) => editOriginal(rest, reply, body));
      const delivered = await this.#retries.try(id, telling.send, { arrivesUntil: 0 });
      await this.#records.settle(attempt, telling.told(), delivered.kind === 'delivered', reply.token);
      if (delivered.kind === 'not-yet') {
        this.#offer(attempt, telling, { until: reply.until, arrivesUntil: 0, error: delivered.error });
      }
    } catch (error) {
      log.error({ error, interactionId: id }, 'what became of an attempt could not be told');
      await this.#records.leave({ submitterId, id });
    }
  }

  /**
   * What a person has not been told yet, oldest first, ready to be shown. The outcomes are this process's to tell from then on:
   * neither another command nor a reply that is offered again tells them as well. @throws {StorageError}
   */
  async pending(userId: string): Promise<Pending[]> {
    const { records, outcomes, notifications, opened, helpdeskNames } = this.#deps;
    const record = await records.find(userId);
    const notYetTold = record.notifications.filter(({ id }) => !notifications.isInDelivery(userId, id));
    const waiting = this.#records.waitingIn(record).map((id) => outcomes.ofAttemptIn(userId, record, id));
    const found = (await Promise.all(waiting)).filter((one) => one !== undefined);
    const theirs = await stillTheirs(userId, notYetTold, { opened, notifications });
    const claimed = await this.#records.claim(
      userId,
      found.map(({ attempt }) => attempt.id),
    );
    return [
      ...found.filter(({ attempt }) => claimed.includes(attempt.id)).map((one) => this.#pendingOutcome(userId, one)),
      ...theirs.map((notification) => ({
        reply: notificationReply(notification, helpdeskNames),
        delivered: () => notifications.remove(userId, notification.id),
        left: async () => {},
      })),
    ];
  }

  #pendingOutcome(userId: string, found: AttemptAsOfNow): Pending {
    const { attempt, outcome, draft } = found;
    const told = toldAttemptOf(userId, found);
    const reply = this.#telling.words(outcome, told);
    // A text that became a ticket or has expired is known by its time alone.
    const about = draft ? `: ${escapeUserText(draft.fields.subject, 60)}` : '';
    const sent = timestamp(attempt.receivedAt, 'R');
    return {
      reply: { ...reply, content: lines(`-# About what you sent ${sent}${about}`, reply.content) },
      delivered: () => this.#records.settle(told, { outcome, stage: attempt.stage.kind }, true, undefined),
      left: () => this.#records.leave(told),
    };
  }

  /** Offers Discord again what waits for the next command, unless that comes first. */
  #offer(attempt: ToldAttempt, telling: Telling, options: TryOptions & { error: unknown }): void {
    const { submitterId, id } = attempt;
    this.#deps.log.warn(
      { interactionId: id, error: options.error },
      'an outcome could not be delivered yet; it waits for the next command, and the bot tries again',
    );
    const send = async () => {
      // A command, of this process or of another one, may be telling it at this moment, or has told it.
      if ((await this.#records.claim(submitterId, [id])).length === 0) return;
      try {
        await telling.send();
      } catch (error) {
        await this.#records.leave(attempt);
        throw error;
      }
      await this.#records.settle(attempt, telling.told(), true, undefined);
    };
    void this.#retries.insist(id, send, options);
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
