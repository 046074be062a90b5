import { expect, test } from 'vitest';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import { linkAccount, startConversation, submitTicket } from '../../support/conversation.ts';
import { startModerated } from '../../support/moderated.ts';
import { ticketForm } from '../../support/ticket-form.ts';

const FIELDS = { subject: 'My server is down', body: 'Since this morning.' };
const HOUR_MS = 3_600_000;

async function startLinked(env: Readonly<Record<string, string>> = {}) {
  const conversation = await startConversation({ env });
  await linkAccount(conversation.ada, 'ada@example.org', conversation.world);
  return conversation;
}

test('the same text within 24 hours is answered with its ticket, and sent again only on purpose', async () => {
  const conversation = await startLinked();
  const { ada, world } = conversation;
  await submitTicket(ada, FIELDS);
  conversation.passTime(23 * HOUR_MS);
  const known = await submitTicket(ada, { ...FIELDS, product: 'VPS' });
  expect(known.text).toContain(`Already opened as ${world.helpdesk.tickets[0]?.reference}`);
  expect(world.helpdesk.tickets).toHaveLength(1);
  expect(asMessage(await known.click('Open a second ticket')).text).toContain('is open');
  expect(world.helpdesk.tickets).toHaveLength(2);
});

test('the same text a day later is a new problem', async () => {
  const conversation = await startLinked();
  await submitTicket(conversation.ada, FIELDS);
  conversation.passTime(24 * HOUR_MS + 1000);
  expect((await submitTicket(conversation.ada, FIELDS)).text).toContain('is open');
  expect(conversation.world.helpdesk.tickets).toHaveLength(2);
});

test('the same text of somebody else is another problem', async () => {
  const conversation = await startLinked();
  const bob = conversation.join('bob');
  await linkAccount(bob, 'bob@example.org', conversation.world);
  await submitTicket(conversation.ada, FIELDS);
  expect((await submitTicket(bob, FIELDS)).text).toContain('is open');
});

test('the same text in a second form, while the first may be open, is asked about', async () => {
  const { ada, world } = await startLinked();
  world.helpdesk.fault('open-then-reset', { times: 1 });
  await submitTicket(ada, FIELDS);
  const asked = await submitTicket(ada, FIELDS);
  expect(asked.text).toContain('This may be open already');
  expect(world.helpdesk.tickets).toHaveLength(1);
});

test('one form that is submitted twice at once opens one ticket', async () => {
  const { ada, world } = await startLinked();
  const form = await ticketForm(ada);
  const both = await Promise.all([form.submit(FIELDS), form.submit(FIELDS)]);
  const texts = both.map((shown) => asMessage(shown).text);
  expect(texts.filter((text) => text.includes('is open'))).toHaveLength(1);
  expect(texts.filter((text) => /Already (being sent|opened)/.test(text))).toHaveLength(1);
  expect(world.helpdesk.tickets).toHaveLength(1);
});

test('Try again pressed on two devices at once opens one ticket', async () => {
  const { ada, world } = await startLinked();
  await world.helpdesk.down();
  const told = await submitTicket(ada, FIELDS);
  await world.helpdesk.up();
  world.helpdesk.fault('hang', { times: 1 });
  const called = world.helpdesk.nextCall('api_openTicket');
  await Promise.all([
    told.click('Try again', { untilAcknowledged: true }),
    told.click('Try again', { untilAcknowledged: true }),
  ]);
  await called;
  world.helpdesk.release();
  await told.until(({ text }) => text.includes('is open'));
  expect(world.helpdesk.tickets).toHaveLength(1);
});

test('Send anyway pressed twice opens one more ticket, not two', async () => {
  const { ada, world } = await startLinked();
  await submitTicket(ada, FIELDS);
  const known = await submitTicket(ada, FIELDS);
  await Promise.all([
    known.click('Open a second ticket', { untilAcknowledged: true }),
    known.click('Open a second ticket', { untilAcknowledged: true }),
  ]);
  await known.until(({ text }) => text.includes('is open'));
  expect(world.helpdesk.tickets).toHaveLength(2);
});

test('Edit on a doubtful ticket does not go around the question', async () => {
  const { ada, world } = await startLinked();
  world.helpdesk.fault('open-then-reset', { times: 1 });
  const doubtful = await submitTicket(ada, FIELDS);
  const form = asModal(await doubtful.click('Edit'));
  expect(form.field('body').value).toBe(FIELDS.body);
  const asked = asMessage(await form.submit({ body: 'Since this morning, 6 o’clock.' }));
  expect(asked.text).toContain('This may be open already');
  expect(world.helpdesk.tickets).toHaveLength(1);
});

test('Edit under the question of a second form does not go around it either, nor does it hide what is known', async () => {
  const { ada, world } = await startLinked();
  world.helpdesk.fault('open-then-reset', { times: 1 });
  await submitTicket(ada, FIELDS);
  const asked = await submitTicket(ada, FIELDS);
  expect(asked.text).toContain('This may be open already');
  const edited = asMessage(await asModal(await asked.click('Edit')).submit({ body: 'Since 6 o’clock.' }));
  expect(edited.text).toContain('This may be open already');
  expect(world.helpdesk.tickets).toHaveLength(1);
  await world.helpdesk.down();
  const told = asMessage(await edited.click('Send it again'));
  expect(told.text).toContain('may have become a ticket');
  const again = asMessage(await asModal(await told.click('Edit')).submit({ body: 'Since 5 o’clock.' }));
  expect(again.text).toContain('may have become a ticket');
});

test.each([
  ['a pause', 'Moving'],
  ['no link', 'Link your email at the helpdesk first'],
  ['the limit', "You've reached the limit of"],
])('why a Send anyway was not sent stays there, with the ticket that there is: %s', async (why, words) => {
  const { talk, ada, mia } = await startModerated({ env: why === 'the limit' ? { TICKETS_PER_HOUR: '1' } : {} });
  await linkAccount(ada, 'ada@example.org', talk.world);
  const form = await ticketForm(ada);
  await submitTicket(ada, FIELDS);
  const known = asMessage(await form.submit(FIELDS));
  if (why === 'a pause') await mia.slash('helpdesk pause', { notice: 'Moving' });
  if (why === 'no link') await mia.slash('helpdesk unlink', { user: ada.user.id });
  const told = asMessage(await known.click('Open a second ticket'));
  // It looks once more whether what it has told still holds.
  await talk.stop();
  expect(told.text).toContain(words);
  expect(told.text).toContain(`But it's ticket ${talk.world.helpdesk.tickets[0]?.reference} already`);
  expect(told.buttons.map(({ label }) => label)).toContain('Open a second ticket');
  expect(talk.world.helpdesk.tickets).toHaveLength(1);
});
