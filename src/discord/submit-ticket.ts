import type { ButtonInteraction, ModalSubmitInteraction } from 'discord.js';
import { StorageError } from '../storage/record-store.ts';
import type { Arrival, Receipt, ReceivedAttempt } from '../tickets/attempt-intake.ts';
import type { Wait } from '../tickets/ticket-desk.ts';
import { isDraftId, messageOf, type TicketDraft } from '../tickets/ticket-drafts.ts';
import { EMPTY_FIELDS, type TicketFields } from '../tickets/ticket-fields.ts';
import { type Acknowledgement, acknowledgeEphemeral, acknowledgeUpdate, waitForSave } from './acknowledge.ts';
import { isStillModerator } from './ask-moderator.ts';
import { authorityOf } from './authority.ts';
import type { Services } from './command.ts';
import { tellOthersOfEscalation } from './delivery/escalation-notice.ts';
import { auditSubmission } from './delivery/submission-audit.ts';
import { answerTitle } from './forms/answer-modal.ts';
import { readBehalf, readTicketFields } from './forms/ticket-modal.ts';
import { placeOf } from './place.ts';
import { lookingReply } from './replies/answer-outcome-reply.ts';
import { asMessage } from './replies/reply.ts';
import { notSavedReply, notYetSavedReply, savedReply } from './replies/text-reply.ts';
import { queuedReply, ticketReply } from './replies/ticket-reply.ts';
import { AnsweredElsewhereError } from './rest-errors.ts';

type Submits = ButtonInteraction | ModalSubmitInteraction;
type SubmitServices = Pick<
  Services,
  'config' | 'tickets' | 'delivery' | 'audit' | 'metrics' | 'log' | 'interactionLog' | 'clock'
>;

/**
 * The submit of the ticket form. What was typed is saved before Discord hears that it arrived. Where the store is too slow for
 * that, it stands in the first answer: a bot that dies before it is saved would lose it otherwise.
 */
export async function submitForm(
  interaction: ModalSubmitInteraction,
  services: SubmitServices,
  draftId: string,
): Promise<void> {
  const fields = readTicketFields(interaction);
  const behalf = readBehalf(interaction);
  const fresh = newDraft(interaction, services, fields);
  const id = isDraftId(draftId) ? draftId : fresh.id;
  const draftOf = (stored: TicketDraft | undefined): TicketDraft => {
    // Only the form of an escalation asks on whose behalf; what it was about went with its draft.
    const isLost = isDraftId(draftId) && behalf !== undefined && !stored?.escalated;
    const lost = isLost && ({ orphaned: true } as const);
    if (!stored) return { ...fresh, id, ...lost };
    return { ...stored, fields, behalf: stored.escalated ? (behalf ?? stored.behalf) : stored.behalf, ...lost };
  };
  await submitText(interaction, services, { fields, arrival: Promise.resolve(arrivalOf(interaction, id, draftOf)) });
}

/** The submit of an answer to a ticket. Whether it may go there is looked at when it is sent. */
export async function submitAnswer(
  interaction: ModalSubmitInteraction,
  services: SubmitServices,
  { draftId, ticketId }: { draftId: string; ticketId: string },
): Promise<void> {
  const { body } = readTicketFields(interaction);
  const typed: TicketFields = { ...EMPTY_FIELDS, subject: answerTitle(undefined), body };
  const arrival = referenceOf(interaction, services, ticketId).then((reference) => {
    const fields = { ...typed, subject: answerTitle(reference) };
    const answers = { ticketId, ...(reference !== undefined && { reference }) };
    const fresh = { ...newDraft(interaction, services, fields), answers };
    const id = isDraftId(draftId) ? draftId : fresh.id;
    return arrivalOf(interaction, id, (stored) => (stored?.answers ? { ...stored, fields } : { ...fresh, id }));
  });
  await submitText(interaction, services, { fields: typed, arrival });
}

/** The display ID of one's own ticket, for the words about its answer. Never rejects for a store that fails: the text goes first. */
async function referenceOf(
  interaction: ModalSubmitInteraction,
  { tickets }: SubmitServices,
  ticketId: string,
): Promise<string | undefined> {
  try {
    const own = await tickets.opened.find(interaction.user.id);
    return own?.tickets.find(({ id }) => id === ticketId)?.reference;
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return undefined;
  }
}

async function submitText(
  interaction: ModalSubmitInteraction,
  services: SubmitServices,
  typed: { readonly fields: TicketFields; readonly arrival: Promise<Arrival> },
): Promise<void> {
  const { tickets, delivery, log, interactionLog, clock } = services;
  const { fields } = typed;
  const arriving = typed.arrival.then((arrival) => tickets.intake.receive(arrival));
  let hasFailed = false;
  arriving.catch(() => {
    hasFailed = true;
  });
  const saved = await waitForSave(clock, arriving);
  leaveIfFresh(saved, services);
  const unsaved = hasFailed ? notSavedReply(fields) : notYetSavedReply(fields);
  const acknowledgement = await acknowledgeEphemeral(interaction, saved ? undefined : unsaved);
  const receipt = await arriving.catch((error: unknown) => {
    if (!(error instanceof StorageError)) throw error;
    log.error({ error, interactionId: interaction.id }, 'what was typed could not be saved; it is given back');
    return undefined;
  });
  const arrival = await typed.arrival;
  if (receipt) {
    // What stands there until then says that the text is not safe.
    if (!saved && acknowledgement === 'known')
      await interaction.editReply(asMessage(savedReply())).catch(() => undefined);
    await goOn(interaction, services, receipt, { acknowledgement, arrival });
  } else if (acknowledgement === 'answered-elsewhere') {
    throw new AnsweredElsewhereError();
  } else if (acknowledgement !== 'too-late') {
    interactionLog.ticketRefused(interaction, { kind: 'not-saved' });
    const draft = arrival.draftOf(undefined);
    const save = async () => draft && (await tickets.drafts.save(draft));
    await delivery.giveBack(interaction, acknowledgement, { reply: notSavedReply(fields), save });
  }
}

/** Sends a saved draft. @param confirmed The attempt of which the person was told that it may be this ticket. */
export async function submitAgain(
  interaction: ButtonInteraction,
  services: SubmitServices,
  { draftId, confirmed }: { draftId: string; confirmed?: string },
): Promise<void> {
  const { tickets, clock } = services;
  const arrival = { ...arrivalOf(interaction, draftId, (stored) => stored), ...(confirmed && { confirmed }) };
  const arriving = tickets.intake.receive(arrival);
  leaveIfFresh(await waitForSave(clock, arriving), services);
  const acknowledgement = await acknowledgeUpdate(interaction);
  await goOn(interaction, services, await arriving, { acknowledgement, arrival });
}

/** Where and by whom a draft is written. */
export function newDraft(
  interaction: Pick<ModalSubmitInteraction, 'user' | 'guildId' | 'channelId'>,
  { tickets }: Pick<Services, 'tickets'>,
  fields: TicketFields,
): TicketDraft {
  const { user } = interaction;
  return tickets.drafts.create({
    submitter: { id: user.id, name: user.username },
    place: placeOf(interaction),
    fields,
    behalf: 'self',
  });
}

function arrivalOf({ id, user, applicationId, token }: Submits, draftId: string, draftOf: Arrival['draftOf']): Arrival {
  return { id, submitterId: user.id, draftId, draftOf, reply: { applicationId, token } };
}

/** Milliseconds that Discord waits for a first answer. */
const DISCORD_WAITS_MS = 3000;

/**
 * Of two processes on one store, the one that wrote the attempt down answers and sends it.
 * @throws {AnsweredElsewhereError} when another one has only just written it down.
 */
function leaveIfFresh(receipt: Receipt | undefined, { clock }: Pick<Services, 'clock'>): void {
  if (receipt?.kind !== 'again' || receipt.isOwn || !receipt.isLive) return;
  if (clock.now() - receipt.receivedAt < DISCORD_WAITS_MS) throw new AnsweredElsewhereError();
}

/** Does what a submit asks for, now that Discord has been answered or has not. */
async function goOn(
  interaction: Submits,
  services: SubmitServices,
  receipt: Receipt,
  { acknowledgement, arrival }: { acknowledgement: Acknowledgement; arrival: Arrival },
): Promise<void> {
  const { tickets, config, delivery } = services;
  const { submitterId, draftId } = arrival;
  switch (receipt.kind) {
    case 'received':
      if (acknowledgement === 'answered-elsewhere') {
        // The other process sends the ticket. Nothing is called here, and no start edits the reply.
        await tickets.intake.leave(receipt.attempt);
        throw new AnsweredElsewhereError();
      }
      return submitReceived(interaction, services, receipt.attempt, acknowledgement);
    case 'again': {
      if (acknowledgement === 'answered-elsewhere') throw new AnsweredElsewhereError();
      if (acknowledgement !== 'known') return;
      const attempt = receipt.isOwn ? undefined : await tickets.intake.takeOver(arrival);
      if (attempt) return submitReceived(interaction, services, attempt, acknowledgement);
      const told = { id: interaction.id, submitterId, draftId, isEscalation: false };
      return delivery.tellAsOfNow(interaction, acknowledgement, told);
    }
    case 'no-text': {
      if (acknowledgement === 'answered-elsewhere') throw new AnsweredElsewhereError();
      const outcome = await tickets.outcomes.ofDraft(submitterId, draftId);
      services.interactionLog.ticketRefused(interaction, { kind: 'no-text' });
      const context = { draftId, submitterId, isEscalation: false, helpdesk: config.helpdesk };
      await interaction.editReply(asMessage(ticketReply(outcome, context)));
    }
  }
}

async function submitReceived(
  interaction: Submits,
  services: SubmitServices,
  attempt: ReceivedAttempt,
  acknowledgement: Acknowledgement,
): Promise<void> {
  const { tickets, delivery, config, log, interactionLog } = services;
  const { draft } = attempt;
  const told = {
    id: interaction.id,
    submitterId: draft.submitter.id,
    draftId: draft.id,
    isEscalation: draft.escalated !== undefined || draft.orphaned === true,
    message: messageOf(draft),
  };
  if (acknowledgement === 'too-late') {
    // The person reads that it failed and still has the form. Sending it now would be sending it twice.
    const outcome = await tickets.desk.keepUnsent(attempt, { kind: 'interrupted' });
    if (!outcome) return;
    interactionLog.ticket(interaction, draft, outcome);
    await delivery.tell(interaction, acknowledgement, told, outcome);
    return;
  }
  const onWait = (wait: Wait) => {
    const reply = wait.kind === 'queued' ? queuedReply(wait.place) : lookingReply();
    interaction.editReply(asMessage(reply)).catch((error: unknown) => {
      log.debug({ error, interactionId: interaction.id }, 'why it takes longer could not be told');
    });
  };
  const authority = {
    ...authorityOf(interaction, config),
    isStillModerator: () => isStillModerator(interaction, services),
  };
  const outcome = await tickets.desk.submit(attempt, authority, onWait).catch(async (error: unknown) => {
    // The router says that something went wrong. What is known, and the way to the text, has to stand there before.
    await delivery.tellAsOfNow(interaction, acknowledgement, told);
    throw error;
  });
  // Another process took it over while this one was asleep, and has told it.
  if (!outcome) return;
  interactionLog.ticket(interaction, draft, outcome);
  // Begun before the answer: the next start makes up for an entry only as long as the person does not know the outcome.
  const auditing = auditSubmission(services, attempt, outcome);
  await delivery.tell(interaction, acknowledgement, told, outcome);
  await auditing;
  await tellOthersOfEscalation(interaction.client.rest, services, { draft, attemptId: interaction.id, outcome });
}
