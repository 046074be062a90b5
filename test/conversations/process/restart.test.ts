import { expect, test } from 'vitest';
import type { BotProcess } from '../../../sandbox/bot/bot-process.ts';
import type { Place } from '../../../sandbox/discord/people/place.ts';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import type { ShownMessage } from '../../../sandbox/discord/people/shown-message.ts';
import { openSqliteFile } from '../../../src/storage/backends/sqlite-database.ts';
import { startBotInWorld } from '../../support/bot-in-world.ts';
import { noticeOf, ticketForm } from '../../support/ticket-form.ts';

const FIELDS = { subject: 'My server is down', body: 'Since this morning.' };

/** Submits, and returns while the bot is still thinking. */
async function beginSubmit(place: Place, fields = FIELDS): Promise<ShownMessage> {
  const form = await ticketForm(place);
  return asMessage(await form.submit(fields, { untilAcknowledged: true }));
}

function saysThatItStops(bot: BotProcess): Promise<void> {
  return new Promise((resolve) => {
    bot.events.on('line', (line) => line.includes('"msg":"stopping"') && resolve());
  });
}

const labels = (message: ShownMessage) => message.buttons.map(({ label }) => label);

test('a bot that is killed while it sends says after its start that nobody knows, and asks before it sends again', async () => {
  const { world, bot, ada, restart } = await startBotInWorld();
  world.helpdesk.fault('open-then-hang', { times: 1 });
  const called = world.helpdesk.nextCall('api_openTicket');
  const message = await beginSubmit(ada);
  await called;
  await bot.kill();
  expect(message.thinking).toBe(true);

  const told = message.nextEdit();
  await restart();
  expect((await told).text).toContain('Not sure it went through');
  expect(labels(message)).toEqual(['Send it again: it may become a second ticket', 'Edit', 'Show my text']);
  expect(world.helpdesk.tickets).toHaveLength(1);

  const opened = asMessage(await message.click('Send it again'));
  expect(opened.text).toContain(`Ticket ${world.helpdesk.tickets[1]?.reference} is open`);
});

test('a bot that is killed before the turn of a submission offers it again and opens nothing by itself', async () => {
  const { world, bot, ada, restart } = await startBotInWorld({ HELPDESK_CONCURRENCY: '1' });
  world.helpdesk.fault('hang');
  const called = world.helpdesk.nextCall('api_openTicket');
  await beginSubmit(ada);
  await called;
  const waiting = await beginSubmit(ada, { subject: 'Another thing', body: 'Something else.' });
  await waiting.until(({ text }) => text.includes('number 1 in line'));
  await bot.kill();
  world.helpdesk.clearFaults();

  const told = waiting.nextEdit();
  await restart();
  expect((await told).text).toContain('Not sent yet');
  expect(world.helpdesk.tickets).toEqual([]);
  const opened = asMessage(await waiting.click('Try again'));
  expect(opened.text).toContain('is open');
  expect(world.helpdesk.tickets.map(({ subject }) => subject)).toEqual(['Another thing']);
});

test('a text that waits for the helpdesk survives a kill, and a bot that dies while it sends it leaves a doubt', async () => {
  const { world, bot, ada, restart } = await startBotInWorld();
  await world.helpdesk.down();
  const message = await beginSubmit(ada);
  await message.until(({ text }) => text.includes("Can't reach the helpdesk"));
  expect(asMessage(await message.click("Send when it's back")).text).toContain('Sent as soon as the helpdesk is back');
  await bot.kill();
  await world.helpdesk.up();
  world.helpdesk.fault('open-then-hang', { operation: 'api_openTicket', times: 1 });

  const called = world.helpdesk.nextCall('api_openTicket');
  await restart();
  await called;
  await bot.kill();
  await restart();
  await message.until(({ text }) => text.includes('Not sure it went through'));
  expect(labels(message)).toEqual(['Send it again: it may become a second ticket', 'Edit', 'Show my text']);
  expect(world.helpdesk.tickets).toHaveLength(1);
});

test('a second submit that dies with the bot is not told as "nothing was opened" while the first try may be a ticket', async () => {
  const { world, bot, ada, restart } = await startBotInWorld({ HELPDESK_TIMEOUT_SECONDS: '1' });
  world.helpdesk.fault('open-then-hang', { times: 1 });
  const message = await beginSubmit(ada);
  await message.until(({ text }) => text.includes('Not sure it went through'));
  // Discord never takes an edit of the second one, and the bot dies over it.
  world.discord.fault('edit-reset-before');
  const form = asModal(await message.click('Edit'));
  const second = asMessage(await form.submit(FIELDS, { untilAcknowledged: true }));
  await bot.kill();
  world.discord.clearFaults();

  const told = second.nextEdit();
  await restart();
  expect((await told).text).toContain('This may be open already');
  expect(world.helpdesk.tickets).toHaveLength(1);
});

test('a reply that cannot be edited after the start is told at the next command, and then the form opens', async () => {
  const { world, bot, ada, restart } = await startBotInWorld();
  world.helpdesk.fault('hang');
  const called = world.helpdesk.nextCall('api_openTicket');
  const message = await beginSubmit(ada);
  await called;
  message.dismiss();
  await bot.kill();
  const refused = new Promise((resolve) =>
    world.discord.events.on('request', ({ code }) => code === 10008 && resolve(code)),
  );
  await restart();
  await refused;
  // The notice is written down right after the refusal; until then the form comes.
  const shown = await noticeOf(ada);
  const notice = asMessage(shown);
  expect(notice.ephemeral).toBe(true);
  expect(notice.text).toMatch(/About what you sent <t:\d+:R>: My server is down/);
  expect(notice.text).toContain('Not sure it went through');
  asModal(await notice.click('Open a ticket'));
  await ticketForm(ada);
});

test('a bot that is asked to stop waits for the call that runs, tells its outcome and ends with 0', async () => {
  const { world, bot, ada } = await startBotInWorld();
  world.helpdesk.fault('hang', { times: 1 });
  const called = world.helpdesk.nextCall('api_openTicket');
  const message = await beginSubmit(ada);
  await called;
  const stopping = saysThatItStops(bot);
  const ended = bot.stop();
  await stopping;
  const restarting = asMessage(await ada.slash('account'));
  expect(restarting.text).toContain('The bot is restarting');
  world.helpdesk.release();
  expect(await ended).toBe(0);
  expect(message.text).toContain(`Ticket ${world.helpdesk.tickets[0]?.reference} is open`);
});

test('a bot that may wait no longer cuts the call off, says that nobody knows, and ends with 0', async () => {
  const { world, bot, ada, storeFile } = await startBotInWorld({ SHUTDOWN_TIMEOUT_SECONDS: '0' });
  world.helpdesk.fault('open-then-hang');
  const called = world.helpdesk.nextCall('api_openTicket');
  const message = await beginSubmit(ada);
  await called;
  expect(await bot.stop()).toBe(0);
  expect(message.text).toContain('Not sure it went through');
  // Written down by the bot that stopped, not by the next one.
  const database = await openSqliteFile(storeFile);
  const rows = await database.read((connection) =>
    connection.all("SELECT value FROM records WHERE namespace = 'people'"),
  );
  await database.close();
  expect(rows.map(({ value }) => /"stage":\{"kind":"(\w+)"/.exec(String(value))?.[1])).toEqual(['unconfirmed']);
});

test('a form that is submitted while the bot stops keeps its text', async () => {
  const { world, bot, ada, restart } = await startBotInWorld();
  const form = await ticketForm(ada);
  world.helpdesk.fault('hang', { times: 1 });
  const called = world.helpdesk.nextCall('api_openTicket');
  await beginSubmit(ada);
  await called;
  const stopping = saysThatItStops(bot);
  const ended = bot.stop();
  await stopping;
  const kept = asMessage(await form.submit({ subject: 'Late', body: 'Typed while it stopped.' }));
  expect(kept.text).toContain('Not sent yet');
  world.helpdesk.release();
  expect(await ended).toBe(0);
  await restart();
  expect(asMessage(await kept.click('Show my text')).text).toContain('Typed while it stopped.');
  expect(asMessage(await kept.click('Try again')).text).toContain('is open');
});
