import { expect, test } from 'vitest';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import type { ShownMessage } from '../../../sandbox/discord/people/shown-message.ts';
import type { HelpdeskFaultName } from '../../../sandbox/helpdesk/faults.ts';
import { openStorage } from '../../../src/storage/open-storage.ts';
import { createBreakableStorage, type StorageBreakage } from '../../support/breakable-storage.ts';
import { type ConversationOptions, linkAccount, startConversation, submitTicket } from '../../support/conversation.ts';
import { newTicket, ticketForm } from '../../support/ticket-form.ts';

const FIELDS = { subject: 'My server is down', body: 'Since this morning.' };

async function startLinked(options: ConversationOptions = {}) {
  const conversation = await startConversation(options);
  await linkAccount(conversation.ada, 'ada@example.org', conversation.world);
  return conversation;
}

const labels = (message: ShownMessage) => message.buttons.map(({ label }) => label);

test('a helpdesk that cannot be reached opens nothing, and Try again sends the same text when it is back', async () => {
  const { ada, world } = await startLinked();
  await world.helpdesk.down();
  const told = await submitTicket(ada, FIELDS);
  expect(told.text).toContain("Can't reach the helpdesk right now");
  expect(labels(told)).toEqual(["Send when it's back", 'Try again', 'Edit', 'Show my text']);
  await world.helpdesk.up();
  const opened = asMessage(await told.click('Try again'));
  expect(opened.text).toContain(`Ticket ${world.helpdesk.tickets[0]?.reference} is open`);
  expect(opened.id).toBe(told.id);
  expect(world.helpdesk.tickets[0]?.subject).toBe(FIELDS.subject);
});

test('the bot tries again by itself where it is certain that nothing was opened', async () => {
  const { ada, world } = await startLinked({ tuning: { queue: { retryDelaysMs: [1, 1] } } });
  // The first login of this process has happened at no ticket yet: it is what cannot be done.
  world.helpdesk.fault('reset', { operation: 'api_login', times: 2 });
  const opened = await submitTicket(ada, FIELDS);
  expect(opened.text).toContain('is open');
  expect(world.helpdesk.tickets).toHaveLength(1);
  expect(world.helpdesk.calls.filter(({ operation }) => operation === 'api_login')).toHaveLength(3);
});

test.each<HelpdeskFaultName>(['open-then-reset', 'open-then-html', 'open-then-fault', 'failed-creating', 'reset'])(
  'a call that ended with "%s" is not made again by the bot',
  async (fault) => {
    const { ada, world } = await startLinked({ tuning: { queue: { retryDelaysMs: [1, 1] } } });
    world.helpdesk.fault(fault, { times: 1 });
    const told = await submitTicket(ada, FIELDS);
    expect(told.text).toContain('Not sure it went through');
    expect(world.helpdesk.calls.filter(({ operation }) => operation === 'api_openTicket')).toHaveLength(1);
  },
);

test('a doubtful ticket costs one decision: what to check first, and a button that says what it does', async () => {
  const { ada, world } = await startLinked();
  world.helpdesk.fault('open-then-reset', { times: 1 });
  const doubtful = await submitTicket(ada, FIELDS);
  expect(doubtful.text).toContain('Not sure it went through');
  expect(doubtful.text).toContain('Check your email first');
  expect(labels(doubtful)).toEqual(['Send it again: it may become a second ticket', 'Edit', 'Show my text']);
  expect(world.helpdesk.tickets).toHaveLength(1);
  expect(asMessage(await doubtful.click('Send it again')).text).toContain('is open');
  expect(world.helpdesk.tickets).toHaveLength(2);
});

test('what cannot be sent again still says that the first one may be a ticket', async () => {
  const { ada, world } = await startLinked();
  world.helpdesk.fault('open-then-reset', { times: 1 });
  const doubtful = await submitTicket(ada, FIELDS);
  await world.helpdesk.down();
  const told = asMessage(await doubtful.click('Send it again'));
  expect(told.text).toContain("Can't reach the helpdesk right now");
  expect(told.text).toContain('may have become a ticket');
});

test('while the helpdesk keeps failing, people hear it before they write, and what they write anyway is kept', async () => {
  const { ada, world } = await startLinked({
    tuning: { queue: { retryDelaysMs: [], breakAfterFailures: 1, breakForMs: 60_000 } },
  });
  await world.helpdesk.down();
  await submitTicket(ada, FIELDS);
  const instead = asMessage(await newTicket(ada));
  expect(instead.text).toContain("Can't reach the helpdesk right now");
  const form = asModal(await instead.click('Write it anyway'));
  const told = asMessage(await form.submit({ subject: 'Another thing', body: 'Written all the same.' }));
  expect(told.text).toContain('**No ticket was opened**; your text is saved');
  expect(asMessage(await told.click('Show my text')).text).toContain('Written all the same.');
});

test('a helpdesk that is back is found by the next ticket, without anybody doing anything', async () => {
  const { ada, app, world } = await startLinked({
    tuning: { queue: { retryDelaysMs: [], breakAfterFailures: 1, breakForMs: 1 } },
  });
  await world.helpdesk.down();
  const told = await submitTicket(ada, FIELDS);
  await world.helpdesk.up();
  expect(asMessage(await told.click('Try again')).text).toContain('is open');
  await ticketForm(ada);
  expect((await app.metrics.helpdeskDown.get()).values[0]?.value).toBe(0);
});

test('a busy helpdesk is waited for in order, and people are told their place', async () => {
  const conversation = await startLinked({ env: { HELPDESK_CONCURRENCY: '1' } });
  const { ada, world } = conversation;
  world.helpdesk.fault('hang', { times: 1 });
  const called = world.helpdesk.nextCall('api_openTicket');
  const write = async (subject: string) =>
    asMessage(await (await ticketForm(ada)).submit({ subject, body: 'Please.' }, { untilAcknowledged: true }));
  const first = await write('First');
  await called;
  const second = await write('Second');
  await conversation.untilInLine(second, 1);
  const third = await write('Third');
  await conversation.untilInLine(third, 2);
  world.helpdesk.release();
  for (const message of [first, second, third]) await message.until(({ text }) => text.includes('is open'));
  expect(world.helpdesk.tickets.map(({ subject }) => subject)).toEqual(['First', 'Second', 'Third']);
});

test.each<[string, HelpdeskFaultName | 'down']>([
  ["Can't reach the helpdesk", 'down'],
  ["The helpdesk didn't accept this ticket", 'refused'],
  ['Not sure it went through', 'open-then-reset'],
])('Show my text gives the complete text back after "%s", as a file when it is long', async (said, fault) => {
  const { ada, world } = await startLinked();
  if (fault === 'down') await world.helpdesk.down();
  else world.helpdesk.fault(fault);
  const short = await submitTicket(ada, { ...FIELDS, product: 'VPS' });
  expect(short.text).toContain(said);
  const shown = asMessage(await short.click('Show my text'));
  expect(shown.ephemeral).toBe(true);
  expect(shown.text).toContain('My server is down\nVPS\n\nSince this morning.');

  const body = `${'Every word counts. '.repeat(200)}\`\`\`code\`\`\` 🙏`;
  const long = asMessage(await (await submitTicket(ada, { subject: 'Long', body })).click('Show my text'));
  expect(long.files).toMatchObject([{ name: 'ticket.txt', text: `Long\n\n${body}` }]);
});

test('a limit keeps the text, says when it ends, and Try again sends it then', async () => {
  const conversation = await startLinked({ env: { TICKETS_PER_HOUR: '1' } });
  const { ada, world } = conversation;
  const form = await ticketForm(ada);
  await submitTicket(ada, FIELDS);
  const limited = asMessage(await form.submit({ subject: 'Another thing', body: 'Something else.' }));
  expect(limited.text).toContain("You've reached the limit of");
  expect(asMessage(await limited.click('Show my text')).text).toContain('Something else.');
  conversation.passTime(61 * 60_000);
  expect(asMessage(await limited.click('Try again')).text).toContain('is open');
  expect(world.helpdesk.tickets).toHaveLength(2);
});

/** @returns A conversation whose store can be broken. */
async function startWithBreakableStore() {
  let breakage: StorageBreakage = { broken: undefined };
  const conversation = await startLinked({
    tuning: {
      async openStorage(options) {
        const breakable = createBreakableStorage(await openStorage(options));
        breakage = breakable.breakage;
        return breakable.storage;
      },
    },
  });
  return { conversation, ada: conversation.ada, world: conversation.world, breakage };
}

test('a store that fails while the helpdesk opens the ticket does not hide that it is open', async () => {
  const { ada, world, breakage, conversation } = await startWithBreakableStore();
  world.helpdesk.fault('hang', { times: 1 });
  const called = world.helpdesk.nextCall('api_openTicket');
  const message = asMessage(await (await ticketForm(ada)).submit(FIELDS, { untilAcknowledged: true }));
  await called;
  breakage.broken = 'all';
  world.helpdesk.release();
  await message.until(({ text }) => text.includes('is open'));
  await conversation.stop();
  expect(message.text).toContain(`Ticket ${world.helpdesk.tickets[0]?.reference} is open`);
  expect(message.followUps).toEqual([]);
});

test('a store that fails at the submit gives the text back at once', async () => {
  const { ada, world, breakage } = await startWithBreakableStore();
  const form = await ticketForm(ada);
  breakage.broken = 'all';
  const given = asMessage(await form.submit(FIELDS));
  expect(given.text).toContain("Your text couldn't be saved");
  expect(given.text).toContain('My server is down\n\nSince this morning.');
  breakage.broken = new Set(['people']);
  const again = asMessage(await form.submit(FIELDS));
  expect(again.text).toContain("Your text couldn't be saved");
  expect(world.helpdesk.calls).toEqual([]);
  breakage.broken = undefined;
  expect(asMessage(await form.submit(FIELDS)).text).toContain('is open');
  expect(world.helpdesk.tickets).toHaveLength(1);
});
