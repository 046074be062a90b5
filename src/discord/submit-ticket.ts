import type { ButtonInteraction, ModalSubmitInteraction } from 'discord.js';
import { StorageError } from '../storage/record-store.ts';
import { isDraftId, type TicketDraft } from '../tickets/records/ticket-drafts.ts';
import type { TicketFields } from '../tickets/ticket-request.ts';
import { type Acknowledgement, acknowledgeEphemeral, acknowledgeUpdate, waitForSave } from './acknowledge.ts';
import { isStillModerator } from './ask-moderator.ts';
import { authorityOf } from './authority.ts';
import type { CommandParts } from './command.ts';
import { submissionEntry } from './delivery/audit-entries.ts';
import { tellOthersOfEscalation } from './delivery/escalation-notice.ts';
import { readBehalf, readTicketFields } from './forms/ticket-modal.ts';
import { notSavedReply } from './replies/text-reply.ts';
import { queuedReply, ticketReply } from './replies/ticket-reply.ts';
import { AnsweredElsewhereError } from './rest-errors.ts';

/** The submit of the ticket form. What was typed is saved before Discord hears that it arrived. */
export async function submitForm(
  interaction: ModalSubmitInteraction,
  parts: CommandParts,
  draftId: string,
): Promise<void> {
  const fields = readTicketFields(interaction);
  const behalf = readBehalf(interaction);
  let hasExpired = false;
  const arriving = receive(interaction, parts, async () => {
    if (!isDraftId(draftId)) return newDraft(interaction, parts, fields);
    const draft = await parts.drafts.find(interaction.user.id, draftId);
    // Only the form of an escalation asks on whose behalf; what it was about went with its draft.
    hasExpired = behalf !== undefined && !draft?.escalated;
    const lost = hasExpired && ({ lostEscalation: true } as const);
    if (!draft) return { ...newDraft(interaction, parts, fields), id: draftId, ...lost };
    return { ...draft, fields, behalf: draft.escalated ? (behalf ?? draft.behalf) : draft.behalf };
  });
  if ((await waitForSave(parts.clock, arriving)) === 'again') await leaveIfFresh(interaction, parts);
  const acknowledgement = await acknowledgeEphemeral(interaction);
  const arrived = await arriving.catch((error: unknown) => {
    if (!(error instanceof StorageError)) throw error;
    parts.log.error({ error, interactionId: interaction.id }, 'what was typed could not be saved; it is given back');
    return 'not-saved' as const;
  });
  if (acknowledgement === 'answered-elsewhere') await leaveToOther(interaction, parts, arrived);
  if (arrived === 'not-saved') {
    if (acknowledgement !== 'too-late')
      await parts.delivery.giveBack(interaction, acknowledgement, notSavedReply(fields));
  } else if (arrived === 'again') {
    await tellOfOther(interaction, parts, { acknowledgement, draftId });
  } else if (arrived !== undefined) {
    await submitReceived(interaction, parts, arrived, { acknowledgement, hasExpired });
  }
}

/** Sends a saved draft. @param despite The submission of which the person was told that it may be this ticket. */
export async function submitAgain(
  interaction: ButtonInteraction,
  parts: CommandParts,
  { draftId, despite }: { draftId: string; despite?: string },
): Promise<void> {
  const arriving = receive(interaction, parts, async () => {
    const draft = await parts.drafts.find(interaction.user.id, draftId);
    return draft && despite ? { ...draft, sendDespite: [...draft.sendDespite, despite] } : draft;
  });
  if ((await waitForSave(parts.clock, arriving)) === 'again') await leaveIfFresh(interaction, parts);
  const acknowledgement = await acknowledgeUpdate(interaction);
  const arrived = await arriving;
  if (acknowledgement === 'answered-elsewhere') await leaveToOther(interaction, parts, arrived);
  if (arrived === 'again') return tellOfOther(interaction, parts, { acknowledgement, draftId });
  if (arrived) return submitReceived(interaction, parts, arrived, { acknowledgement });
  const submitterId = interaction.user.id;
  const outcome = await parts.desk.earlier.becameOf(submitterId, draftId);
  const { ticketUrl } = parts.config.tickets;
  await interaction.editReply(ticketReply(outcome, { draftId, submitterId, isEscalation: false, ticketUrl }));
}

/** Where and by whom a draft is written. */
export function newDraft(
  interaction: Pick<ModalSubmitInteraction, 'user' | 'guildId' | 'channelId'>,
  parts: CommandParts,
  fields: TicketFields,
): TicketDraft {
  const { user, guildId, channelId } = interaction;
  return parts.drafts.create({
    submitter: { id: user.id, name: user.username },
    place: { guildId: guildId ?? undefined, channelId: channelId ?? undefined },
    fields,
    behalf: 'self',
  });
}

/** Milliseconds that Discord waits for a first answer. */
const DISCORD_WAITS_MS = 3000;

/**
 * Of two processes that share a store, the one that wrote the submit down sends it, so it has to answer, too.
 * @throws {AnsweredElsewhereError} when another process has only just written it down.
 */
async function leaveIfFresh(
  { id, user }: ButtonInteraction | ModalSubmitInteraction,
  { ledger, clock }: CommandParts,
): Promise<void> {
  const known = await ledger.find({ submitterId: user.id, id });
  if (known && !known.told && clock.now() - known.savedAt < DISCORD_WAITS_MS) throw new AnsweredElsewhereError();
}

/**
 * Another process has answered: it sends the ticket. The text stays here, nothing is called, and no start edits the reply.
 * @throws {AnsweredElsewhereError} always.
 */
async function leaveToOther(
  { id, user }: ButtonInteraction | ModalSubmitInteraction,
  { desk, ledger, log }: CommandParts,
  arrived: TicketDraft | 'again' | 'not-saved' | undefined,
): Promise<never> {
  if (typeof arrived === 'object') {
    desk.release(id);
    await ledger.told({ submitterId: user.id, id }).catch((error: unknown) => {
      log.error({ error, interactionId: id }, 'that another process has answered could not be written down');
    });
  }
  throw new AnsweredElsewhereError();
}

/** Says what is known of a submit that was received before, where nobody else has answered it. */
async function tellOfOther(
  interaction: ButtonInteraction | ModalSubmitInteraction,
  { delivery }: CommandParts,
  { acknowledgement, draftId }: { acknowledgement: Acknowledgement; draftId: string },
): Promise<void> {
  if (acknowledgement !== 'known') return;
  const { id, user } = interaction;
  await delivery.tellStanding(interaction, acknowledgement, { id, submitterId: user.id, draftId, isEscalation: false });
}

/** @returns The draft, written down; `again` for a redelivery; undefined when there is no draft. */
async function receive(
  interaction: ButtonInteraction | ModalSubmitInteraction,
  parts: CommandParts,
  find: () => Promise<TicketDraft | undefined>,
): Promise<TicketDraft | 'again' | undefined> {
  const draft = await find();
  if (!draft) return undefined;
  const { id, applicationId, token } = interaction;
  const reply = { applicationId, token };
  const received = await parts.desk.receive({ id, draft, reply, ...(interaction.isButton() && { keepsText: true }) });
  return received === 'again' ? 'again' : draft;
}

async function submitReceived(
  interaction: ButtonInteraction | ModalSubmitInteraction,
  parts: CommandParts,
  draft: TicketDraft,
  { acknowledgement, hasExpired = false }: { acknowledgement: Acknowledgement; hasExpired?: boolean },
): Promise<void> {
  const { desk, delivery, audit } = parts;
  const submission = {
    id: interaction.id,
    submitterId: draft.submitter.id,
    draftId: draft.id,
    isEscalation: draft.escalated !== undefined,
  };
  if (acknowledgement === 'too-late') {
    // The person reads that it failed and still has the form. Sending it now would be sending it twice.
    const outcome = await desk.keepUnsent({ id: interaction.id, draft }, { kind: 'interrupted' });
    await delivery.tell(interaction, acknowledgement, submission, outcome);
    return;
  }
  if (hasExpired) {
    const outcome = await desk.keepUnsent({ id: interaction.id, draft }, { kind: 'escalation-expired' });
    await delivery.tell(interaction, acknowledgement, { ...submission, isEscalation: true }, outcome);
    return;
  }
  const onQueued = (place: number) => {
    interaction.editReply(queuedReply(place)).catch((error: unknown) => {
      parts.log.debug({ error, interactionId: interaction.id }, 'the place in the line could not be told');
    });
  };
  const authority = {
    ...authorityOf(interaction, parts.config),
    isStillModerator: () => isStillModerator(interaction, parts),
  };
  const outcome = await desk
    .submit({ id: interaction.id, draft }, authority, onQueued)
    .catch(async (error: unknown) => {
      // The router says that something went wrong. What is known, and the way to the text, has to stand there before.
      await delivery.tellStanding(interaction, acknowledgement, submission);
      throw error;
    });
  const entry = submissionEntry(draft, outcome);
  // Begun before the answer: the next start makes up for an entry only as long as the person does not know the outcome.
  const auditing = entry && audit.write(entry);
  await delivery.tell(interaction, acknowledgement, submission, outcome);
  await auditing;
  await tellOthersOfEscalation(interaction.client.rest, parts, { draft, submissionId: interaction.id, outcome });
}
