import {
  ApplicationIntegrationType,
  type ButtonInteraction,
  ButtonStyle,
  InteractionContextType,
  SlashCommandBuilder,
} from 'discord.js';
import { deferEphemeral, type InTime, lookUpDeadline } from '../src/discord/acknowledge.ts';
import { isModerator } from '../src/discord/authority.ts';
import type { CommandParts, SlashCommand } from '../src/discord/command.ts';
import { customId } from '../src/discord/custom-id.ts';
import { tellNoticesFirst } from '../src/discord/delivery/notices-first.ts';
import { behalfOptions } from '../src/discord/forms/behalf-options.ts';
import { ticketModal } from '../src/discord/forms/ticket-modal.ts';
import { hindranceReply } from '../src/discord/replies/hindrance-reply.ts';
import { notLinkedReply } from '../src/discord/replies/link-reply.ts';
import { noAccountForTextReply } from '../src/discord/replies/no-account-reply.ts';
import { button, privately } from '../src/discord/replies/reply.ts';
import { textReply } from '../src/discord/replies/text-reply.ts';
import { ticketReply } from '../src/discord/replies/ticket-reply.ts';
import { submitAgain, submitForm } from '../src/discord/submit-ticket.ts';
import { newDraftId } from '../src/tickets/records/ticket-drafts.ts';
import type { TicketOutcome } from '../src/tickets/ticket-outcome.ts';

/** Going on with a text: an escalation is a moderator's, at that moment and in its own server. */
const FOR_ITS_TEXT = { 'own ticket': 'everybody', escalation: 'moderators' } as const;

const ticket: SlashCommand = {
  kind: 'slash',
  for: 'everybody',
  data: () =>
    new SlashCommandBuilder()
      .setName('ticket')
      .setDescription('Ask the support team for help: opens a helpdesk ticket')
      .setContexts(InteractionContextType.Guild, InteractionContextType.BotDM)
      .setIntegrationTypes(ApplicationIntegrationType.GuildInstall)
      .toJSON(),

  async execute(interaction, parts) {
    const inTime = lookUpDeadline(parts.clock);
    const onward = button('Open a ticket', ButtonStyle.Primary, customId('ticket-open'));
    if (await tellNoticesFirst(interaction, parts, { onward, inTime })) return;
    await openForm(interaction, parts, { inTime });
  },

  buttons: {
    'ticket-open': {
      for: 'everybody',
      labels: ['Open a ticket'],
      handle: (interaction, parts) => openForm(interaction, parts, { inTime: lookUpDeadline(parts.clock) }),
    },
    'ticket-write': {
      for: 'everybody',
      labels: ['Write it anyway'],
      handle: (interaction, parts) =>
        openForm(interaction, parts, { inTime: lookUpDeadline(parts.clock), evenIfDown: true }),
    },
    'ticket-retry': {
      for: FOR_ITS_TEXT,
      labels: ['Try again'],
      handle: (interaction, parts, [draftId = '']) => submitAgain(interaction, parts, { draftId }),
    },
    'ticket-anyway': {
      for: FOR_ITS_TEXT,
      labels: ['Send anyway', 'Escalate again'],
      handle: (interaction, parts, [draftId = '', despite = '']) =>
        submitAgain(interaction, parts, { draftId, despite }),
    },
    'ticket-edit': {
      for: FOR_ITS_TEXT,
      labels: ['Edit'],
      handle: (interaction, parts, [draftId = '']) => edit(interaction, parts, draftId),
    },
    'ticket-text': {
      for: { 'own ticket': 'everybody', 'escalation that one wrote': 'writer' },
      labels: ['Show my text'],
      handle: (interaction, parts, [draftId = '']) => showText(interaction, parts, draftId),
    },
  },

  modals: {
    ticket: {
      for: FOR_ITS_TEXT,
      handle: (interaction, parts, [draftId = '']) => submitForm(interaction, parts, draftId),
    },
  },
};

export default ticket;

/** The empty form, or why it cannot become a ticket now. */
async function openForm(
  interaction: Parameters<typeof ticket.execute>[0] | ButtonInteraction,
  parts: CommandParts,
  { inTime, evenIfDown = false }: { inTime: InTime; evenIfDown?: boolean },
): Promise<void> {
  const { id: userId } = interaction.user;
  const place = { guildId: interaction.guildId ?? undefined, channelId: interaction.channelId ?? undefined };
  const [link, hindrance] = await inTime(Promise.all([parts.links.find(userId), parts.desk.hindrance(userId, place)]));
  if (hindrance && !(evenIfDown && hindrance.kind === 'helpdesk-down')) {
    await interaction.reply(privately(hindranceReply(hindrance)));
  } else if (!link) {
    await interaction.reply(privately(notLinkedReply()));
  } else {
    await interaction.showModal(ticketModal(newDraftId(), parts.config.tickets.products));
  }
}

/** The form again, filled in with what was typed. */
async function edit(interaction: ButtonInteraction, parts: CommandParts, draftId: string): Promise<void> {
  const inTime = lookUpDeadline(parts.clock);
  const submitterId = interaction.user.id;
  const draft = await inTime(parts.drafts.find(submitterId, draftId));
  const { products, ticketUrl } = parts.config.tickets;
  const context = { draftId, submitterId, isEscalation: draft?.escalated !== undefined, ticketUrl };
  if (!draft) {
    const outcome = await inTime(parts.desk.earlier.becameOf(submitterId, draftId));
    await interaction.reply(privately(ticketReply(outcome, context)));
    return;
  }
  // "Nothing was sent" must not hide what was sent before.
  const refuse = async (reason: TicketOutcome) => {
    const outcome = await inTime(parts.desk.earlier.addTo(reason, interaction.id, draft));
    await interaction.reply(privately(ticketReply(outcome, context)));
  };
  const hindrance = await inTime(parts.desk.hindrance(submitterId, draft.place));
  // That the helpdesk is down stands in the message that has this button, and the text is kept.
  if (hindrance && hindrance.kind !== 'helpdesk-down') {
    await refuse(hindrance);
  } else if (!draft.escalated) {
    await interaction.showModal(ticketModal(draft.id, products, draft.fields));
  } else if (!isModerator(interaction, parts.config) || interaction.guildId !== draft.place.guildId) {
    await refuse({ kind: 'not-moderator' });
  } else {
    const options = await inTime(behalfOptions(draft, parts));
    const chosen = options.find(({ behalf }) => behalf === draft.behalf) ?? options[0];
    if (chosen) {
      await interaction.showModal(ticketModal(draft.id, products, draft.fields, { options, chosen: chosen.behalf }));
    } else {
      await interaction.reply(privately(noAccountForTextReply(draft.id)));
    }
  }
}

async function showText(interaction: ButtonInteraction, parts: CommandParts, draftId: string): Promise<void> {
  await deferEphemeral(interaction);
  const submitterId = interaction.user.id;
  const draft = await parts.drafts.find(submitterId, draftId);
  if (draft) {
    await interaction.editReply(textReply(draft.fields));
    return;
  }
  const outcome = await parts.desk.earlier.becameOf(submitterId, draftId);
  const { ticketUrl } = parts.config.tickets;
  await interaction.editReply(ticketReply(outcome, { draftId, submitterId, isEscalation: false, ticketUrl }));
}
