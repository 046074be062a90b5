import { ApplicationIntegrationType, InteractionContextType, SlashCommandBuilder } from 'discord.js';
import type { SlashCommand } from '../src/discord/command.ts';
import { setWatching } from '../src/discord/set-watching.ts';
import { openAnswerForm, showTicket, showTickets, showTicketsPage } from '../src/discord/show-tickets.ts';
import { submitAnswer } from '../src/discord/submit-ticket.ts';

const tickets: SlashCommand = {
  kind: 'slash',
  for: 'everybody',
  acknowledge: 'private-reply',
  data: () =>
    new SlashCommandBuilder()
      .setName('tickets')
      .setDescription('Your helpdesk tickets: see them and reply')
      .setContexts(InteractionContextType.Guild, InteractionContextType.BotDM)
      .setIntegrationTypes(ApplicationIntegrationType.GuildInstall)
      .toJSON(),

  execute: showTickets,

  buttons: {
    tickets: { for: 'everybody', acknowledge: 'private-reply', labels: ['My tickets'], handle: showTickets },
    'tickets-page': {
      for: 'everybody',
      acknowledge: 'private-update',
      labels: ['Newer', 'Older', 'Back', 'My tickets'],
      handle: (interaction, services, [page]) => showTicketsPage(interaction, services, page),
    },
    'ticket-show': {
      for: 'everybody',
      acknowledge: 'private-update',
      labels: ['Show', 'Try again'],
      handle: (interaction, services, [ticketId = '', page]) => showTicket(interaction, services, ticketId, page),
    },
    'watch-on': {
      for: 'everybody',
      acknowledge: 'private-reply',
      labels: ['Tell me when something changes'],
      handle: (interaction, services) => setWatching(interaction, services, true),
    },
    'watch-off': {
      for: 'everybody',
      acknowledge: 'private-reply',
      labels: ['Stop telling me', 'Stop'],
      handle: (interaction, services) => setWatching(interaction, services, false),
    },
    'ticket-answer': {
      for: 'everybody',
      acknowledge: 'handler',
      labels: ['Reply'],
      handle: (interaction, services, [ticketId = '']) => openAnswerForm(interaction, services, ticketId),
    },
  },

  modals: {
    answer: {
      for: 'everybody',
      acknowledge: 'handler',
      handle: (interaction, services, [draftId = '', ticketId = '']) =>
        submitAnswer(interaction, services, { draftId, ticketId }),
    },
  },
};

export default tickets;
