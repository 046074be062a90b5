import type { ButtonInteraction, ChatInputCommandInteraction } from 'discord.js';
import { isClosedState } from '../tickets/opened/ticket-view.ts';
import { newDraftId } from '../tickets/ticket-drafts.ts';
import { lookUpDeadline } from './acknowledge.ts';
import type { Services } from './command.ts';
import { tellPendingAfter } from './delivery/tell-pending.ts';
import { answerModal } from './forms/answer-modal.ts';
import { type FormOrRefusal, refusalOfPerson, showFormOrRefusal } from './forms/form-or-refusal.ts';
import { placeOf } from './place.ts';
import { notLinkedReply } from './replies/link-reply.ts';
import { asMessage, type Reply } from './replies/reply.ts';
import {
  ticketClosedReply,
  ticketNotShownReply,
  ticketUnreachableReply,
  ticketViewReply,
} from './replies/ticket-view-reply.ts';
import { ticketsReply } from './replies/tickets-reply.ts';

type TicketsServices = Pick<Services, 'config' | 'tickets' | 'delivery' | 'interactionLog' | 'clock'>;

/** A person's tickets, in a message of its own. */
export async function showTickets(
  interaction: ChatInputCommandInteraction | ButtonInteraction,
  services: TicketsServices,
): Promise<void> {
  await interaction.editReply(asMessage(await pageOf(interaction.user.id, services, 0)));
  await tellPendingAfter(interaction, services);
}

/** Another page of the list, in the message of the button. */
export async function showTicketsPage(
  interaction: ButtonInteraction,
  services: TicketsServices,
  page: string | undefined,
): Promise<void> {
  await interaction.editReply(asMessage(await pageOf(interaction.user.id, services, pageNumber(page))));
}

/** One ticket. Whose it is is asked anew. */
export async function showTicket(
  interaction: ButtonInteraction,
  services: TicketsServices,
  ticketId: string,
  page: string | undefined,
): Promise<void> {
  const { tickets, config } = services;
  const { helpdesk } = config;
  const looked = await tickets.looks.look(interaction.user.id, ticketId);
  const context = { helpdesk, page: pageNumber(page) };
  const reply = (): Reply => {
    switch (looked.kind) {
      case 'viewed':
        return ticketViewReply(looked.view, { ...context, ticket: looked.ticket, watching: looked.watching });
      case 'unreachable':
        return ticketUnreachableReply({ ...context, ticket: looked.ticket });
      case 'not-shown':
        return ticketNotShownReply(helpdesk);
      case 'not-linked':
        return notLinkedReply(helpdesk, config.links.verification);
    }
  };
  const send = () => interaction.editReply(asMessage(reply()));
  if (looked.kind === 'viewed') await looked.show(send);
  else await send();
}

/** The form of an answer, or why there is none: told before anything is written, where it is known by then. */
export async function openAnswerForm(
  interaction: ButtonInteraction,
  services: TicketsServices,
  ticketId: string,
): Promise<void> {
  await showFormOrRefusal(interaction, services, await answerFormOrRefusal(interaction, services, ticketId));
}

async function answerFormOrRefusal(
  interaction: ButtonInteraction,
  services: TicketsServices,
  ticketId: string,
): Promise<FormOrRefusal> {
  const { tickets, config, clock } = services;
  const inTime = lookUpDeadline(clock);
  const userId = interaction.user.id;
  const [prospect, own] = await inTime(
    Promise.all([
      tickets.rules.lookAhead(userId, placeOf(interaction), { answers: true }),
      tickets.looks.noted(userId).then(() => tickets.opened.find(userId)),
    ]),
  );
  const refusal = refusalOfPerson(prospect, services);
  if (refusal) return refusal;
  const ticket = own?.tickets.find(({ id }) => id === ticketId);
  if (ticket?.reference === undefined) {
    return { reply: ticketNotShownReply(config.helpdesk), reason: { kind: 'ticket-not-shown' } };
  }
  if (ticket.seen && isClosedState(ticket.seen.state)) {
    return { reply: ticketClosedReply(ticket), reason: { kind: 'ticket-closed' } };
  }
  return { form: answerModal(newDraftId(), { ticketId, reference: ticket.reference }) };
}

async function pageOf(
  userId: string,
  { tickets, config }: Pick<Services, 'tickets' | 'config'>,
  page: number,
): Promise<Reply> {
  await tickets.looks.noted(userId);
  const own = await tickets.opened.find(userId);
  return own ? ticketsReply(own.tickets, page) : notLinkedReply(config.helpdesk, config.links.verification);
}

function pageNumber(text = ''): number {
  return /^\d{1,3}$/.test(text) ? Number(text) : 0;
}
