import { type REST, Routes } from 'discord.js';
import { z } from 'zod';
import type { ReceivedAttempt } from '../../tickets/attempt-intake.ts';
import { waitsForHelpdesk } from '../../tickets/lifecycle/when-back.ts';
import type { Wait } from '../../tickets/ticket-desk.ts';
import type { TicketOutcome } from '../../tickets/ticket-outcome.ts';
import type { Services } from '../command.ts';
import { sentLaterMessage } from '../replies/sent-later-message.ts';
import { ticketButtons } from '../replies/ticket-buttons.ts';
import { countOutcome } from './count-outcome.ts';
import { auditSubmission } from './submission-audit.ts';

type SendLaterServices = Pick<
  Services,
  'config' | 'tickets' | 'delivery' | 'audit' | 'metrics' | 'log' | 'interactionLog' | 'clock'
>;

/**
 * Sends a text that waited for the helpdesk, and tells its person: in the message of their button as long as Discord edits it,
 * and by a direct message, as they are not looking. What neither tells waits for their next command. Never rejects.
 */
export function sendLater(rest: REST, services: SendLaterServices, attempt: ReceivedAttempt): Promise<void> {
  return new Promise((resolve) => {
    // The looks at a doubtful answer take minutes. Others wait for their texts to be sent.
    void sendAndTell(rest, services, attempt, (wait) => wait.kind === 'looking' && resolve()).then(resolve);
  });
}

async function sendAndTell(
  rest: REST,
  services: SendLaterServices,
  attempt: ReceivedAttempt,
  onWait: (wait: Wait) => void,
): Promise<void> {
  const { tickets, delivery, metrics, log, clock } = services;
  const { id, draft } = attempt;
  const submitterId = draft.submitter.id;
  try {
    // Only one's own tickets wait: nothing about moderators has to be looked at.
    const result = await tickets.desk.submit(attempt, {}, onWait);
    const found = await tickets.outcomes.ofAttempt(submitterId, id);
    // Another process took it over while this one was asleep, or everything about the person was erased.
    if (!result || !found) return;
    if (waitsForHelpdesk(found.request, clock.now())) return await tickets.whenBack.note(submitterId, id, 'delivered');
    services.interactionLog.ticketSentLater(attempt, result);
    countOutcome(metrics, result);
    const auditing = auditSubmission(services, attempt, result);
    await delivery.tellAdopted([{ submitterId, draftId: draft.id, attempt: found.attempt }], rest);
    const isTold = await writeDirectMessage(rest, services, attempt, result);
    // The message of the button may be closed by now, and what asks for a decision needs its buttons: those stand at the next
    // command.
    await tickets.whenBack.note(submitterId, id, isTold && result.kind === 'opened' ? 'delivered' : 'next-command');
    await auditing;
  } catch (error) {
    log.error({ error, interactionId: id }, 'what became of a text that waited for the helpdesk could not be told yet');
    await tickets.whenBack.note(submitterId, id, 'next-command');
  }
}

/** @returns Whether Discord took it. Many people take no messages from bots. */
async function writeDirectMessage(
  rest: REST,
  { config, metrics, log }: SendLaterServices,
  { id, draft }: ReceivedAttempt,
  outcome: TicketOutcome,
): Promise<boolean> {
  const { helpdesk } = config;
  const links =
    outcome.kind === 'opened' ? ticketButtons(outcome, { draftId: draft.id, isEscalation: false, helpdesk }) : [];
  try {
    const recipient = { recipient_id: draft.submitter.id };
    const channel = directChannel.parse(await rest.post(Routes.userChannels(), { body: recipient }));
    await rest.post(Routes.channelMessages(channel.id), {
      body: {
        content: sentLaterMessage(outcome, draft.fields.subject, helpdesk),
        components: links.map((component) => component.toJSON()),
        allowed_mentions: { parse: [] },
      },
    });
    return true;
  } catch (error) {
    metrics.undelivered.inc({ what: 'direct-message' });
    log.debug({ error, interactionId: id }, 'the writer of a ticket was not reached by direct message');
    return false;
  }
}

const directChannel = z.object({ id: z.string() });
