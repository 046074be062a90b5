import { expect, test } from 'vitest';
import type { FaultName } from '../../../sandbox/discord/faults.ts';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import { startBotInWorld } from '../../support/bot-in-world.ts';
import { linkAccount, startConversation } from '../../support/conversation.ts';
import { noticeOf, ticketForm } from '../../support/ticket-form.ts';

const DAY_MS = 24 * 3_600_000;
const FIELDS = { subject: 'My server is down', body: 'Since this morning.' };

async function openForm(env: Record<string, string> = {}) {
  const conversation = await startConversation({ env });
  const { ada, world } = conversation;
  await linkAccount(ada, 'ada@example.org', world);
  return { conversation, ada, world, form: await ticketForm(ada) };
}

test.each<FaultName>(['callback-reset-before', 'callback-reset-after', 'callback-500-before', 'callback-500-after'])(
  'a ticket is not lost with the acknowledgement: %s',
  async (fault) => {
    const { ada, world, form } = await openForm();
    world.discord.fault(fault, { times: 1 });
    const opened = asMessage(await form.submit(FIELDS));
    expect(opened.text).toContain(`Ticket ${world.helpdesk.tickets[0]?.reference} is open`);
    expect(world.helpdesk.tickets).toHaveLength(1);
    // It was told: there is nothing more to say.
    await ticketForm(ada);
  },
);

test.each<FaultName>(['callback-reset-after', 'callback-500-after'])(
  'Discord has every try of the acknowledgement and says nothing (%s): the outcome still reaches its message',
  async (fault) => {
    const { world, form } = await openForm();
    world.discord.fault(fault, { times: 2 });
    expect(asMessage(await form.submit(FIELDS)).text).toContain('is open');
    expect(world.helpdesk.tickets).toHaveLength(1);
  },
);

test('whoever reads that it failed and submits the open form again gets one ticket, and hears of it', async () => {
  const { conversation, ada, world, form } = await openForm();
  world.discord.fault('callback-reset-before', { times: 2 });
  const failed = await conversation.clock.passUntil(form.submit(FIELDS));
  expect(failed.kind).toBe('failed');
  // Until the first one is through, the second reads that it is under way.
  let again = asMessage(await conversation.clock.passUntil(form.submit(FIELDS)));
  while (again.text.includes('Already being sent')) {
    again = asMessage(await conversation.clock.passUntil(form.submit(FIELDS)));
  }
  expect(again.text).toContain(`Already opened as ${world.helpdesk.tickets[0]?.reference}`);
  expect(world.helpdesk.tickets).toHaveLength(1);
  const notice = asMessage(await ada.slash('ticket'));
  expect(notice.text).toContain(`Ticket ${world.helpdesk.tickets[0]?.reference} is open`);
  asModal(await notice.click('Open a ticket'));
});

test('an acknowledgement that comes too late sends nothing; the text waits at the next command', async () => {
  const { ada, world, form } = await openForm();
  world.discord.events.once('interaction', ({ id }) => world.discord.expire(id));
  expect((await form.submit(FIELDS)).kind).toBe('failed');
  const shown = await noticeOf(ada);
  const notice = asMessage(shown);
  expect(notice.text).toContain('Not sent yet');
  expect(world.helpdesk.tickets).toEqual([]);
  expect(asMessage(await notice.click('Try again')).text).toContain('is open');
  expect(world.helpdesk.tickets).toHaveLength(1);
});

test('a submit that came too late keeps the doubt about its text alive as long as the text itself', async () => {
  const env = { DRAFT_LIFETIME_HOURS: '720' };
  const talk = await startConversation({ env });
  const { ada, world } = talk;
  await linkAccount(ada, 'ada@example.org', world);
  world.helpdesk.fault('open-then-reset', { times: 1 });
  const form = await ticketForm(ada);
  const told = asMessage(await form.submit(FIELDS));
  talk.passTime(29 * DAY_MS);
  world.discord.events.once('interaction', ({ id }) => world.discord.expire(id));
  expect((await form.submit(FIELDS)).kind).toBe('failed');
  // It is written down, and nobody has read the notice about it.
  await talk.stop();
  await talk.start(env);
  talk.passTime(2 * DAY_MS);
  const changed = asMessage(await asModal(await told.click('Edit')).submit(FIELDS));
  expect(changed.text).toContain('This may be open already');
  expect(world.helpdesk.tickets).toHaveLength(1);
});

test('a submit that came too late and was sent again is not told as "nothing was opened"', async () => {
  const { ada, world, form } = await openForm();
  world.discord.events.once('interaction', ({ id }) => world.discord.expire(id));
  expect((await form.submit(FIELDS)).kind).toBe('failed');
  expect(asMessage(await form.submit(FIELDS)).text).toContain('is open');
  const notice = asMessage(await ada.slash('ticket'));
  expect(notice.text).toContain(`Ticket ${world.helpdesk.tickets[0]?.reference} is open`);
  expect(notice.text).not.toContain('Nothing was opened');
});

test.each<FaultName>(['edit-invalid-token', 'edit-unknown-message'])(
  'an outcome that Discord does not take (%s) is told at the next command',
  async (fault) => {
    const { ada, world, form } = await openForm();
    world.discord.fault(fault);
    const message = asMessage(await form.submit(FIELDS, { untilAcknowledged: true }));
    const shown = await noticeOf(ada);
    const notice = asMessage(shown);
    expect(notice.text).toContain(`Ticket ${world.helpdesk.tickets[0]?.reference} is open`);
    expect(message.thinking).toBe(true);
    world.discord.clearFaults();
    asModal(await notice.click('Open a ticket'));
  },
);

test('an answer of the helpdesk that comes after 15 minutes is told at the next command', async () => {
  // Nine minutes in the line and seven for the call: no limit of the bot ends either.
  const env = { HELPDESK_CONCURRENCY: '1', HELPDESK_TIMEOUT_SECONDS: '600' };
  const { conversation, ada, world, form } = await openForm(env);
  const bob = conversation.join('bob');
  await linkAccount(bob, 'bob@example.org', world);
  const firstForm = await ticketForm(bob);
  world.helpdesk.fault('hang', { times: 2 });
  let called = world.helpdesk.nextCall('api_openTicket');
  await firstForm.submit(FIELDS, { untilAcknowledged: true });
  await called;
  const waiting = asMessage(await form.submit(FIELDS, { untilAcknowledged: true }));
  await conversation.untilInLine(waiting, 1);
  conversation.passTime(9 * 60_000);
  called = world.helpdesk.nextCall('api_openTicket');
  world.helpdesk.release();
  await called;
  conversation.passTime(7 * 60_000);
  world.helpdesk.release();
  const shown = await noticeOf(ada);
  const ticket = world.helpdesk.tickets.find(({ requesterEmail }) => requesterEmail === 'ada@example.org');
  expect(asMessage(shown).text).toContain(`Ticket ${ticket?.reference} is open`);
});

test('an interaction that Discord delivers again opens no second ticket', async () => {
  const { ada, world, form } = await openForm();
  const opened = asMessage(await form.submit(FIELDS));
  const refusals: unknown[] = [];
  world.discord.events.on('request', ({ code }) => code === 40060 && refusals.push(code));
  world.discord.redeliver(opened.interaction?.id ?? '');
  await ticketForm(ada);
  expect(opened.text).toContain('is open');
  expect(refusals).toEqual([]);
  expect(world.helpdesk.tickets).toHaveLength(1);
});

test('an interaction that Discord delivers again to the next process opens no second ticket', async () => {
  const { world, bot, ada, restart } = await startBotInWorld();
  const opened = asMessage(await (await ticketForm(ada)).submit(FIELDS));
  await bot.kill();
  await restart();
  const left = bot.nextLine('another process has answered this interaction');
  world.discord.redeliver(opened.interaction?.id ?? '');
  await left;
  await ticketForm(ada);
  expect(opened.text).toContain('is open');
  expect(world.helpdesk.tickets).toHaveLength(1);
});

test('an interaction that Discord delivers twice while it is being sent opens one ticket', async () => {
  const { world, form } = await openForm();
  world.helpdesk.fault('hang', { times: 1 });
  const called = world.helpdesk.nextCall('api_openTicket');
  const message = asMessage(await form.submit(FIELDS, { untilAcknowledged: true }));
  world.discord.redeliver(message.interaction?.id ?? '');
  await called;
  world.helpdesk.release();
  await message.until(({ text }) => text.includes('is open'));
  expect(world.helpdesk.tickets).toHaveLength(1);
});

test('a button under a message that was dismissed does not lose the text', async () => {
  const { conversation, ada, world, form } = await openForm();
  await world.helpdesk.down();
  const told = asMessage(await form.submit(FIELDS));
  await world.helpdesk.up();
  // It is gone between the click and the answer.
  world.discord.events.once('interaction', () => told.dismiss());
  await conversation.clock.passUntil(told.click('Try again').catch(() => undefined));
  const shown = await noticeOf(ada);
  const opened = asMessage(await asMessage(shown).click('Try again'));
  expect(opened.text).toContain('is open');
  expect(world.helpdesk.tickets).toHaveLength(1);
});
