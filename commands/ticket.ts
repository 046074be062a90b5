import {
  ApplicationIntegrationType,
  type ButtonInteraction,
  ButtonStyle,
  InteractionContextType,
  SlashCommandBuilder,
} from 'discord.js';
import { type InTime, lookUpDeadline } from '../src/discord/acknowledge.ts';
import { isModerator } from '../src/discord/authority.ts';
import type { Services, SlashCommand } from '../src/discord/command.ts';
import { customId } from '../src/discord/custom-id.ts';
import { tellPendingFirst } from '../src/discord/delivery/tell-pending.ts';
import { answerModal } from '../src/discord/forms/answer-modal.ts';
import { behalfOptions } from '../src/discord/forms/behalf-options.ts';
import { type FormOrRefusal, refusalOfPerson, showFormOrRefusal } from '../src/discord/forms/form-or-refusal.ts';
import { ticketModal } from '../src/discord/forms/ticket-modal.ts';
import { placeOf } from '../src/discord/place.ts';
import { helpdeskDownReply } from '../src/discord/replies/closed-reply.ts';
import { unsentReply } from '../src/discord/replies/drafts-reply.ts';
import { noAccountForTextReply } from '../src/discord/replies/no-account-reply.ts';
import { asMessage, button, ephemeral } from '../src/discord/replies/reply.ts';
import { textReply } from '../src/discord/replies/text-reply.ts';
import {
  ANSWER_DESPITE_DOUBT,
  ANSWER_TWICE,
  OPEN_SECOND,
  SEND_DESPITE_DOUBT,
} from '../src/discord/replies/ticket-buttons.ts';
import { ticketReply } from '../src/discord/replies/ticket-reply.ts';
import { submitAgain, submitForm } from '../src/discord/submit-ticket.ts';
import { askWhenBack, cancelWhenBack } from '../src/discord/when-back.ts';
import { newDraftId } from '../src/tickets/ticket-drafts.ts';
import { notSent, type OutcomeReason } from '../src/tickets/ticket-outcome.ts';

/** Going on with a text: an escalation is a moderator's, at that moment and in its own server. */
const FOR_ITS_TEXT = { 'own ticket': 'everybody', escalation: 'moderators' } as const;

const ticket: SlashCommand = {
  kind: 'slash',
  for: 'everybody',
  acknowledge: 'handler',
  data: () =>
    new SlashCommandBuilder()
      .setName('ticket')
      .setDescription('Ask the support team for help: opens a helpdesk ticket')
      .setContexts(InteractionContextType.Guild, InteractionContextType.BotDM)
      .setIntegrationTypes(ApplicationIntegrationType.GuildInstall)
      .toJSON(),

  async execute(interaction, services) {
    const inTime = lookUpDeadline(services.clock);
    // What is unsent has just been told, with its buttons.
    const onward = button('Open a ticket', ButtonStyle.Primary, customId('ticket-new'));
    if (await tellPendingFirst(interaction, services, { onward, inTime })) return;
    await openForm(interaction, services, { inTime, unsentFirst: true });
  },

  buttons: {
    'ticket-open': {
      for: 'everybody',
      acknowledge: 'handler',
      labels: ['Open a ticket'],
      handle: (interaction, services) =>
        openForm(interaction, services, { inTime: lookUpDeadline(services.clock), unsentFirst: true }),
    },
    'ticket-new': {
      for: 'everybody',
      acknowledge: 'handler',
      labels: ['New ticket', 'Open a ticket'],
      handle: (interaction, services) => openForm(interaction, services, { inTime: lookUpDeadline(services.clock) }),
    },
    'ticket-write': {
      for: 'everybody',
      acknowledge: 'handler',
      labels: ['Write it anyway'],
      handle: (interaction, services) =>
        openForm(interaction, services, { inTime: lookUpDeadline(services.clock), evenIfDown: true }),
    },
    'ticket-retry': {
      for: FOR_ITS_TEXT,
      acknowledge: 'handler',
      labels: ['Try again', 'Send'],
      handle: (interaction, services, [draftId = '']) => submitAgain(interaction, services, { draftId }),
    },
    'ticket-anyway': {
      for: FOR_ITS_TEXT,
      acknowledge: 'handler',
      labels: [SEND_DESPITE_DOUBT, OPEN_SECOND, ANSWER_DESPITE_DOUBT, ANSWER_TWICE],
      handle: (interaction, services, [draftId = '', confirmed = '']) =>
        submitAgain(interaction, services, { draftId, confirmed }),
    },
    'ticket-when-back': {
      for: 'everybody',
      acknowledge: 'update',
      labels: ["Send when it's back"],
      handle: (interaction, services, [draftId = '']) => askWhenBack(interaction, services, draftId),
    },
    'ticket-cancel': {
      for: 'everybody',
      acknowledge: 'update',
      labels: ['Cancel'],
      handle: (interaction, services, [draftId = '']) => cancelWhenBack(interaction, services, draftId),
    },
    'ticket-edit': {
      for: FOR_ITS_TEXT,
      acknowledge: 'handler',
      labels: ['Edit'],
      handle: (interaction, services, [draftId = '']) => edit(interaction, services, draftId),
    },
    'ticket-text': {
      for: { 'own ticket': 'everybody', 'escalation that one wrote': 'writer' },
      acknowledge: 'private-reply',
      labels: ['Show my text'],
      handle: (interaction, services, [draftId = '']) => showText(interaction, services, draftId),
    },
  },

  modals: {
    ticket: {
      for: FOR_ITS_TEXT,
      acknowledge: 'handler',
      handle: (interaction, services, [draftId = '']) => submitForm(interaction, services, draftId),
    },
  },
};

export default ticket;

type FormServices = Pick<Services, 'config' | 'tickets' | 'accounts' | 'interactionLog' | 'clock'>;

interface FormOptions {
  readonly inTime: InTime;
  /** Whether a person with unsent texts is shown these instead of an empty form. */
  readonly unsentFirst?: boolean;
  readonly evenIfDown?: boolean;
}

/** The empty form, or why it cannot become a ticket now, or what the person may want to send instead. */
async function openForm(
  interaction: Parameters<typeof ticket.execute>[0] | ButtonInteraction,
  services: FormServices,
  options: FormOptions,
): Promise<void> {
  await showFormOrRefusal(interaction, services, await formOrRefusal(interaction, services, options));
}

async function formOrRefusal(
  interaction: Parameters<typeof ticket.execute>[0] | ButtonInteraction,
  services: FormServices,
  { inTime, unsentFirst = false, evenIfDown = false }: FormOptions,
): Promise<FormOrRefusal> {
  const { tickets, config } = services;
  const userId = interaction.user.id;
  const [prospect, unsent] = await inTime(
    Promise.all([
      tickets.rules.lookAhead(userId, placeOf(interaction)),
      unsentFirst ? tickets.outcomes.unsent(userId) : [],
    ]),
  );
  const refusal = refusalOfPerson(prospect, services);
  if (refusal) return refusal;
  if (unsent.length > 0) return { reply: unsentReply(unsent, tickets.queue) };
  if (tickets.queue.down && !evenIfDown) {
    return { reply: helpdeskDownReply(config.helpdesk, tickets.queue.retryAt), reason: { kind: 'helpdesk-down' } };
  }
  return { form: ticketModal(newDraftId(), config.tickets.products) };
}

/** The form again, filled in with what was typed. */
async function edit(interaction: ButtonInteraction, services: FormServices, draftId: string): Promise<void> {
  const { tickets, config, clock } = services;
  const inTime = lookUpDeadline(clock);
  const submitterId = interaction.user.id;
  const draft = await inTime(tickets.drafts.find(submitterId, draftId));
  const { products } = config.tickets;
  const context = { draftId, submitterId, isEscalation: draft?.escalated !== undefined, helpdesk: config.helpdesk };
  if (!draft) {
    const outcome = await inTime(tickets.outcomes.ofDraft(submitterId, draftId));
    await interaction.reply(ephemeral(ticketReply(outcome, context)));
    return;
  }
  // "Nothing was sent" must not hide what was sent before.
  const refuse = async (reason: OutcomeReason) => {
    services.interactionLog.ticketRefused(interaction, reason);
    const outcome = await inTime(tickets.outcomes.withOthers(notSent(reason), draft));
    await interaction.reply(ephemeral(ticketReply(outcome, context)));
  };
  // That the helpdesk is down stands in the message that has this button, and the text is kept.
  const { closed } = await inTime(tickets.rules.lookAhead(submitterId, draft.place));
  if (closed) {
    await refuse(closed);
  } else if (draft.answers) {
    const { ticketId, reference } = draft.answers;
    await interaction.showModal(answerModal(draft.id, { ticketId, reference, body: draft.fields.body }));
  } else if (!draft.escalated) {
    await interaction.showModal(ticketModal(draft.id, products, draft.fields));
  } else if (!isModerator(interaction, config) || interaction.guildId !== draft.place.guildId) {
    await refuse({ kind: 'not-moderator' });
  } else {
    const options = await inTime(behalfOptions(draft, services));
    const chosen = options.find(({ behalf }) => behalf === draft.behalf) ?? options[0];
    if (chosen) {
      await interaction.showModal(ticketModal(draft.id, products, draft.fields, { options, chosen: chosen.behalf }));
    } else {
      services.interactionLog.ticketRefused(interaction, { kind: 'author-unavailable' });
      await interaction.reply(ephemeral(noAccountForTextReply(draft.id)));
    }
  }
}

async function showText(
  interaction: ButtonInteraction,
  { tickets, config }: FormServices,
  draftId: string,
): Promise<void> {
  const submitterId = interaction.user.id;
  const draft = await tickets.drafts.find(submitterId, draftId);
  if (draft) {
    await interaction.editReply(asMessage(textReply(draft.fields)));
    return;
  }
  const outcome = await tickets.outcomes.ofDraft(submitterId, draftId);
  const context = { draftId, submitterId, isEscalation: false, helpdesk: config.helpdesk };
  await interaction.editReply(asMessage(ticketReply(outcome, context)));
}
