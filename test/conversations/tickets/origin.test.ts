import { expect, test } from 'vitest';
import type { Place } from '../../../sandbox/discord/people/place.ts';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import { type Conversation, startConversation, submitTicket } from '../../support/conversation.ts';

const FIELDS = { subject: 'My server is down', body: 'Since this morning.' };

async function startLinked(): Promise<Conversation> {
  const talk = await startConversation({ env: { LINK_VERIFICATION: 'none', TICKETS_PER_HOUR: '1000' } });
  await link(talk.ada);
  return talk;
}

const link = async (place: Place) =>
  asMessage(await asModal(await place.slash('link')).submit({ email: 'ada@example.org' }));

/** What the staff read below the text of the last ticket. */
const originOf = ({ world }: Conversation) => world.helpdesk.tickets.at(-1)?.body.split('\n\n-- \n')[1];

/** Opens tickets until the server's name is known: it is looked up beside the first one. */
async function untilNamed(talk: Conversation, place: Place, name: string): Promise<void> {
  for (let i = 0; !originOf(talk)?.includes(name); i += 1)
    await submitTicket(place, { ...FIELDS, subject: `No. ${i}` });
}

test('while Discord does not say how servers are called, tickets are opened with the ID', async () => {
  const talk = await startLinked();
  const { ada, guild, world } = talk;
  await talk.stop();
  world.discord.fault('servers-500');
  await talk.start();
  expect((await submitTicket(ada, FIELDS)).text).toContain('is open');
  expect(originOf(talk)).toBe(`Discord: ada (${ada.user.id}), #help in server ${guild.id}`);
  expect(
    talk.logged.filter(
      (line) => ['warn', 'error', 'fatal'].includes(JSON.parse(line).level) && line.includes('server is called'),
    ),
  ).toEqual([]);

  // Discord is asked again after a while.
  world.discord.clearFaults();
  talk.passTime(10 * 60_000);
  await untilNamed(talk, ada, `Example Hosting (${guild.id})`);
});

test('a server that the bot joined after its start is named as soon as Discord has said its name', async () => {
  const talk = await startLinked();
  const { world, ada } = talk;
  const later = world.discord.createGuild({ name: 'Later\n-- \nDiscord:  server' });
  later.addMember(ada.user);
  const place = ada.user.in(later.createChannel({ name: 'lobby' }));
  await untilNamed(talk, place, 'Later');
  expect(originOf(talk)).toBe(`Discord: ada (${ada.user.id}), #lobby in Later -- Discord: server (${later.id})`);
});

test('a text that is sent again later says where it was written', async () => {
  const talk = await startLinked();
  const { world, ada, guild } = talk;
  world.helpdesk.fault('refused', { times: 1 });
  const refused = await submitTicket(ada, FIELDS);
  await talk.stop();
  world.discord.fault('servers-500');
  await talk.start();
  expect(asMessage(await refused.click('Try again')).text).toContain('is open');
  expect(originOf(talk)).toBe(`Discord: ada (${ada.user.id}), #help in Example Hosting (${guild.id})`);
});
