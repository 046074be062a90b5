import { once } from 'node:events';
import type { Place } from '../../sandbox/discord/people/place.ts';
import { asMessage, asModal } from '../../sandbox/discord/people/shown.ts';
import { codeIn } from '../../sandbox/mailbox.ts';
import type { World } from '../../sandbox/world.ts';
import { ticketForm } from '../support/ticket-form.ts';

/** What an operator does with the link that the doctor prints. @returns A member in one of the server's channels. */
export function inviteBot({ discord }: World): Place {
  const guild = discord.createGuild({ name: 'Example Hosting' });
  const ada = discord.createUser({ name: 'ada' });
  guild.addMember(ada);
  return ada.in(guild.createChannel({ name: 'help' }));
}

/** Resolves when the bot is connected and its commands are published. */
export async function serving({ discord }: World): Promise<void> {
  await discord.ready();
  if (discord.commands.list().length === 0) await once(discord.events, 'commands');
}

export async function link(world: World, place: Place, email: string): Promise<void> {
  const sent = asMessage(await asModal(await place.slash('link')).submit({ email }));
  const code = codeIn(await world.mailbox.next(email)) ?? '';
  await asModal(await sent.click('Enter code')).submit({ code });
}

/** Opens a ticket. @returns What the person reads. */
export async function openTicket(place: Place, subject: string): Promise<string> {
  const form = await ticketForm(place);
  return asMessage(await form.submit({ subject, product: 'VPS', body: 'It does not answer.' })).text;
}
