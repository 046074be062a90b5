import { expect, test } from 'vitest';
import type { FaultName } from '../../../sandbox/discord/faults.ts';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import type { RequestRecord } from '../../../sandbox/discord/server/rest-server.ts';
import { codeIn } from '../../../sandbox/mailbox.ts';
import { type ProcessInWorld, prepareProcess } from '../../support/process-in-world.ts';

function requests({ world }: ProcessInWorld, wanted: Partial<RequestRecord>): RequestRecord[] {
  return world.discord.requests.filter((request) =>
    Object.entries(wanted).every(([key, value]) => request[key as keyof RequestRecord] === value),
  );
}

test('with the helpdesk and the mail server down the bot starts, says so, and works when they are back', async () => {
  const scene = await prepareProcess();
  const { world, bot, ada } = scene;
  await Promise.all([world.helpdesk.down(), world.mailbox.down()]);
  const ready = world.discord.nextPublished();
  bot.start();
  await ready;

  const address = asModal(await ada.slash('link'));
  const unsent = asMessage(await address.submit({ email: 'ada@example.org' }));
  expect(unsent.text).toContain('Your address is kept');
  await world.mailbox.up();
  const sent = asMessage(await unsent.click('Send again'));
  expect(sent.text).toContain('Code sent to');
  const code = codeIn(await world.mailbox.next('ada@example.org')) ?? '';
  const linked = asMessage(await asModal(await sent.click('Enter code')).submit({ code }));
  const form = asModal(await linked.click('Open a ticket'));
  const unsentTicket = asMessage(await form.submit({ subject: 'My server is down', body: 'Since this morning.' }));
  expect(unsentTicket.text).toContain("Can't reach the helpdesk right now");
  await world.helpdesk.up();
  expect(asMessage(await unsentTicket.click('Try again')).text).toContain('is open');
  expect(await bot.stop()).toBe(0);
});

test.each<[FaultName, string]>([
  ['rest-refused', 'Discord cannot be reached; the bot tries again'],
  ['rest-500', 'Discord cannot be reached; the bot tries again'],
  ['gateway-refused', 'the connection to Discord had an error'],
])('a bot that is started while Discord is away (%s) connects once when Discord is back', async (fault, said) => {
  const scene = await prepareProcess();
  const { world, bot, ada } = scene;
  const ready: { intents?: number }[] = [];
  world.discord.events.on('gateway', (event) => event.what === 'ready' && ready.push(event));
  world.discord.fault(fault);
  const told = bot.nextLine(said);
  const retried = fault === 'gateway-refused' ? bot.nextLine('reconnecting to Discord') : told;
  const start = world.discord.nextPublished();
  bot.start();
  await Promise.all([told, retried]);
  world.discord.clearFaults();
  await start;

  asModal(await ada.slash('link'));
  expect(requests(scene, { route: '/interactions/:id/:token/callback' })).toMatchObject([{ status: 204 }]);
  // Interactions need no intent, and a privileged one would have to be applied for.
  expect(ready).toEqual([{ what: 'ready', intents: 0, shard: [0, 1] }]);
});

test('a bot that is started while Discord is down altogether connects when it is up', async () => {
  const scene = await prepareProcess();
  const { world, bot, ada } = scene;
  await world.discord.down();
  const told = bot.nextLine('Discord cannot be reached; the bot tries again');
  const start = world.discord.nextPublished();
  bot.start();
  await told;
  await world.discord.up();
  await start;
  asModal(await ada.slash('link'));
});

test('the commands are published although Discord fails over them at first', async () => {
  const scene = await prepareProcess();
  const { world, bot, ada } = scene;
  const told = bot.nextLine('the start after the connection was not complete; the bot tries again');
  world.discord.events.once('gateway', () => world.discord.fault('rest-500'));
  const start = world.discord.nextPublished();
  bot.start();
  await told;
  world.discord.clearFaults();
  await start;
  asModal(await ada.slash('link'));
});

test('a bot whose token is reset while it runs ends, and not with 0', async () => {
  const scene = await prepareProcess();
  const { world, bot } = scene;
  const start = world.discord.nextPublished();
  bot.start();
  await start;
  const ended = bot.ended();
  world.discord.fault('token-reset');

  // 78: no restart makes it better.
  expect(await ended).toBe(78);
  expect(bot.lines).toContainEqual(expect.stringContaining('For 4004, put the new token into DISCORD_TOKEN'));
  expect(bot.lines.join('\n')).not.toContain(world.settings.DISCORD_TOKEN);
});
