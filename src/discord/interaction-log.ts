import type { Interaction } from 'discord.js';
import type { ConfirmCodeResult, RequestCodeResult } from '../accounts/email-verification.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { ReceivedAttempt } from '../tickets/attempt-intake.ts';
import type { AdoptedAttempt } from '../tickets/attempt-recovery.ts';
import type { NotSentReason, Stage } from '../tickets/lifecycle/person-record.ts';
import type { TicketDraft } from '../tickets/ticket-drafts.ts';
import type { TicketOutcome } from '../tickets/ticket-outcome.ts';

/** Who did it, where, and under which ID people and Discord know it. */
type Actor = Pick<Interaction, 'id' | 'guildId' | 'channelId'> & { readonly user: { readonly id: string } };

/** What came of something, in words of the code. Nothing that anybody typed goes in here. */
export interface LoggedOutcome {
  readonly outcome: string;
  /** The class of the reason: a kind of the code, never a sentence. */
  readonly reason?: string | undefined;
  /** The helpdesk's number of the ticket. */
  readonly reference?: string | undefined;
  /** Whom it was done to, where that is somebody else. */
  readonly targetUserId?: string | undefined;
}

/** Why a ticket was refused before there was anything to send. */
export type EarlyRefusal = NotSentReason | { readonly kind: 'helpdesk-down' | 'no-text' | 'not-saved' | 'duplicate' };

/** The longest reference that is logged; what is longer, or has other signs in it, is no number of a ticket. */
const REFERENCE = /^[A-Za-z0-9-]{1,40}$/;

/**
 * Writes one line at `info` for each ticket, link and act of a moderator, and for each of those that was refused or is in
 * doubt. From these lines an operator answers what became of somebody's ticket: they carry IDs and kinds, and no text.
 */
export class InteractionLog {
  readonly #log: Log;
  readonly #clock: Clock;
  /** Weakly: nothing here may keep an interaction with all of its data. */
  readonly #begun = new WeakMap<object, { readonly command: string; readonly at: number }>();

  constructor({ log, clock }: { log: Log; clock: Clock }) {
    this.#log = log;
    this.#clock = clock;
  }

  /** To be called when an interaction arrives. @param command The name of its handler, as in the metrics. */
  begin(interaction: Actor, command: string): void {
    this.#begun.set(interaction, { command, at: this.#clock.elapsed() });
    this.#log.trace({ interactionId: interaction.id, command }, 'an interaction has arrived');
  }

  /** What every line about an interaction says, those about failures included. */
  about(interaction: Actor) {
    const begun = this.#begun.get(interaction);
    return {
      interactionId: interaction.id,
      userId: interaction.user.id,
      // Absent in a direct message.
      guildId: interaction.guildId ?? undefined,
      channelId: interaction.channelId ?? undefined,
      command: begun?.command,
      durationMs: begun && Math.round(this.#clock.elapsed() - begun.at),
    };
  }

  /** What became of a submitted ticket. Its interaction ID is the ID of the attempt. */
  ticket(
    interaction: Actor,
    draft: Pick<TicketDraft, 'behalf' | 'escalated' | 'answers'>,
    outcome: TicketOutcome,
  ): void {
    const escalation = draft.escalated && { behalf: draft.behalf, targetUserId: draft.escalated.author.id };
    this.#write(eventOf(draft), { ...this.about(interaction), ...escalation }, loggedOutcome(outcome));
  }

  /** A ticket that was refused before there was anything to send. */
  ticketRefused(interaction: Actor, reason: EarlyRefusal): void {
    this.#write('ticket', this.about(interaction), { outcome: 'not-sent', reason: loggedReason(reason) });
  }

  /** A text waits for the helpdesk from now on, or no longer, as its writer says. */
  ticketWaits(interaction: Actor, waits: boolean): void {
    this.#write('ticket', this.about(interaction), { outcome: waits ? 'waits-for-helpdesk' : 'wait-cancelled' });
  }

  /** What became of a text that waited for the helpdesk. No interaction sends it; its ID begins with the one that asked for it. */
  ticketSentLater({ id, draft }: ReceivedAttempt, outcome: TicketOutcome): void {
    const { guildId, channelId } = draft.place;
    const about = { interactionId: id, userId: draft.submitter.id, guildId, channelId, command: 'ticket-when-back' };
    this.#write(eventOf(draft), about, loggedOutcome(outcome));
  }

  /** A text that will not become a ticket: its writer has deleted it. */
  draftDeleted(interaction: Actor): void {
    this.#write('ticket', this.about(interaction), { outcome: 'draft-deleted' });
  }

  /** What was found out about attempts whose process is gone. Its interaction has no handler here any more. */
  recovered(attempts: readonly AdoptedAttempt[]): void {
    for (const { submitterId, answers, attempt } of attempts) {
      const { id: interactionId, stage, escalated, receivedAt, stageAt } = attempt;
      const about = { interactionId, userId: submitterId, durationMs: stageAt - receivedAt, recovered: true };
      const escalation = escalated && { behalf: escalated.behalf, targetUserId: escalated.authorId };
      this.#write(eventOf({ answers }), { ...about, ...escalation }, loggedStage(stage));
    }
  }

  /** A doubtful answer of a process that is gone is in its ticket. */
  settled({ submitterId, answers, attempt }: AdoptedAttempt): void {
    const about = { interactionId: attempt.id, userId: submitterId, recovered: true };
    this.#write('answer', about, { outcome: 'opened', reference: answers });
  }

  /** A step of linking or unlinking an account, or of what the person has stored. */
  link(interaction: Actor, outcome: LoggedOutcome): void {
    this.#write('link', this.about(interaction), outcome);
  }

  /** A code was to be mailed. */
  codeRequested(interaction: Actor, result: RequestCodeResult): void {
    this.link(interaction, loggedCode(result));
  }

  /** A code was typed. */
  codeEntered(interaction: Actor, { kind }: ConfirmCodeResult): void {
    if (kind === 'linked') this.link(interaction, { outcome: 'linked', reason: 'mailed-code' });
    else this.link(interaction, { outcome: 'refused', reason: kind });
  }

  /** Something that a moderator did, or wanted to do. */
  moderation(interaction: Actor, outcome: LoggedOutcome): void {
    this.#write('moderation', this.about(interaction), outcome);
  }

  /** An interaction whose handler was not reached. */
  refused(interaction: Actor, reason: 'not-moderator' | 'stopping'): void {
    this.#write('interaction', this.about(interaction), { outcome: 'refused', reason });
  }

  #write(event: string, about: object, { reference, ...outcome }: LoggedOutcome): void {
    const known = reference === undefined || REFERENCE.test(reference) ? reference : 'unreadable';
    this.#log.info({ event, ...about, ...outcome, reference: known }, `${event}: ${outcome.outcome}`);
  }
}

/** A new ticket and an answer to one are told apart. */
function eventOf({ answers }: { readonly answers?: unknown }): 'ticket' | 'answer' {
  return answers === undefined ? 'ticket' : 'answer';
}

/** An outcome as the log has it: of the helpdesk's words and of what moderators wrote, that there are some. */
function loggedOutcome(outcome: TicketOutcome): LoggedOutcome {
  switch (outcome.kind) {
    case 'opened':
      return { outcome: 'opened', reference: outcome.reference };
    case 'refused':
      return { outcome: 'refused', reason: 'helpdesk' };
    case 'unreachable':
    case 'unconfirmed':
      return { outcome: outcome.kind, reason: outcome.cause };
    case 'not-sent':
      return { outcome: 'not-sent', reason: loggedReason(outcome.reason) };
    case 'duplicate':
      if (outcome.of.state === 'in-progress') return { outcome: 'not-sent', reason: 'duplicate-in-progress' };
      return { outcome: 'not-sent', reason: `duplicate-${outcome.of.state}`, reference: outcome.of.reference };
    case 'waiting':
      return { outcome: 'waits-for-helpdesk' };
    case 'gone':
      return { outcome: 'not-sent', reason: 'erased' };
  }
}

function loggedStage(stage: Stage): LoggedOutcome {
  switch (stage.kind) {
    case 'received':
    case 'sending':
      return { outcome: stage.kind };
    case 'opened':
      return { outcome: 'opened', reference: stage.reference };
    case 'refused':
      return { outcome: 'refused', reason: 'helpdesk' };
    case 'unreachable':
      return { outcome: 'unreachable', reason: stage.cause };
    case 'unconfirmed':
      return { outcome: 'unconfirmed', reason: stage.cause ?? 'process-ended' };
    case 'not-sent':
      return { outcome: 'not-sent', reason: loggedReason(stage.reason) };
  }
}

function loggedReason(reason: EarlyRefusal): string {
  return reason.kind === 'limited' ? `limit-of-${reason.scope}` : reason.kind;
}

/** What came of asking for a code, without the address. */
function loggedCode({ kind }: RequestCodeResult): LoggedOutcome {
  switch (kind) {
    case 'sent':
      return { outcome: 'code-sent' };
    case 'mail-unconfirmed':
      return { outcome: 'code-unconfirmed' };
    case 'invalid-email':
    case 'nothing-pending':
    case 'limited':
    case 'mail-refused':
    case 'mail-bot-refused':
    case 'mail-unreachable':
      return { outcome: 'refused', reason: kind };
  }
}
