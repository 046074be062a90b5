import type { AttemptOutcomes } from '../../tickets/attempt-outcomes.ts';
import type { HelpdeskQueue } from '../../tickets/helpdesk-queue.ts';
import { isLive, type Stage } from '../../tickets/lifecycle/person-record.ts';
import { labelOf, saysNothingWasOpened, type TicketOutcome } from '../../tickets/ticket-outcome.ts';
import type { HelpdeskNames } from '../replies/helpdesk-words.ts';
import type { Reply } from '../replies/reply.ts';
import { ticketReply } from '../replies/ticket-reply.ts';

/** The attempt that an outcome belongs to. */
export interface ToldAttempt {
  readonly id: string;
  readonly submitterId: string;
  readonly draftId: string;
  readonly isEscalation: boolean;
  /** The escalated message, as `server/message`: its record follows the attempt. */
  readonly message?: string | undefined;
}

/** What was said of an attempt, and at which stage that was true. */
export interface Told {
  readonly outcome: TicketOutcome;
  readonly stage: Stage['kind'];
}

/** Something that sends an outcome, again and again perhaps. */
export interface Telling {
  send(): Promise<void>;
  /** What was said last. */
  told(): Told;
}

export interface OutcomeTellingDeps {
  readonly outcomes: Pick<AttemptOutcomes, 'ofAttempt'>;
  readonly helpdeskNames: HelpdeskNames;
  readonly queue: Pick<HelpdeskQueue, 'down' | 'retryAt'>;
}

/** Puts outcomes into words that are still true when they arrive. */
export class OutcomeTelling {
  readonly #deps: OutcomeTellingDeps;

  constructor(deps: OutcomeTellingDeps) {
    this.#deps = deps;
  }

  words(outcome: TicketOutcome, { id: attemptId, submitterId, draftId, isEscalation }: ToldAttempt): Reply {
    const { helpdeskNames: helpdesk, queue } = this.#deps;
    const leftAloneUntil = queue.down ? queue.retryAt : undefined;
    return ticketReply(outcome, { draftId, attemptId, submitterId, isEscalation, helpdesk, leftAloneUntil });
  }

  /**
   * Makes what sends what became of an attempt, and again for as long as that has changed on the way. An edit can take seconds,
   * and meanwhile another attempt at the same may have opened a ticket, or the answer of a call may have come after all: an
   * old word must not stand there as the last one.
   */
  begin(attempt: ToldAttempt, first: Told, send: (told: Told, reply: Reply) => Promise<unknown>): Telling {
    let told = first;
    let isFirst = true;
    return {
      told: () => told,
      send: async () => {
        if (!isFirst) told = await this.#asOfNow(attempt, told);
        isFirst = false;
        for (;;) {
          await send(told, this.words(told.outcome, attempt));
          const current = await this.#asOfNow(attempt, told);
          // One that is under way will write its own outcome after this.
          if (isInProgress(current.outcome) || isSame(current.outcome, told.outcome)) return;
          told = current;
        }
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
}

/** At which stage an outcome is true. */
export function stageOf(outcome: TicketOutcome): Stage['kind'] {
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

/** That one will write its own outcome. */
export function isInProgress(outcome: TicketOutcome): boolean {
  return outcome.kind === 'duplicate' && outcome.of.state === 'in-progress';
}

function isSame(one: TicketOutcome, other: TicketOutcome): boolean {
  const isTextGone = (outcome: TicketOutcome) => outcome.kind === 'unconfirmed' && outcome.isTextGone === true;
  return (
    labelOf(one) === labelOf(other) &&
    one.earlier?.state === other.earlier?.state &&
    isTextGone(one) === isTextGone(other)
  );
}
