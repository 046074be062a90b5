import { expect, test } from 'vitest';
import type { Place } from '../../../sandbox/discord/people/place.ts';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import type { ShownMessage } from '../../../sandbox/discord/people/shown-message.ts';
import { type Conversation, linkAccount, startConversation, submitTicket } from '../../support/conversation.ts';

const FIELDS = { subject: 'My server is down', body: 'Since this morning.' };
const MINUTE = 60_000;
const labels = (message: ShownMessage) => message.buttons.map(({ label }) => label);

/** Ada has written a ticket while the helpdesk is down, and reads that. */
async function startDown(options: Parameters<typeof startConversation>[0] = {}) {
  const talk = await startConversation(options);
  await linkAccount(talk.ada, 'ada@example.org', talk.world);
  await talk.world.helpdesk.down();
  const told = await submitTicket(talk.ada, FIELDS);
  expect(labels(told)).toEqual(["Send when it's back", 'Try again', 'Edit', 'Show my text']);
  return { talk, ada: talk.ada, world: talk.world, told };
}

function directMessage({ user }: Place): Promise<ShownMessage> {
  const { id } = user.inDirectMessage().channel;
  return user.waitFor(({ channelId }) => channelId === id);
}

/** Lets the bot look at the helpdesk until it has done what is waited for. */
function passUntil<T>(talk: Conversation, done: Promise<T>): Promise<T> {
  return talk.clock.passUntil(done);
}

test('a text is sent as soon as the helpdesk is back, once, and its writer hears of it', async () => {
  const { talk, ada, world, told } = await startDown();
  const waiting = asMessage(await told.click("Send when it's back"));
  expect(waiting.id).toBe(told.id);
  expect(waiting.text).toContain('Sent as soon as the helpdesk is back');
  expect(labels(waiting)).toEqual(['Cancel', 'Edit', 'Show my text']);
  expect(world.helpdesk.tickets).toEqual([]);

  const written = directMessage(ada);
  await world.helpdesk.up();
  const message = await passUntil(talk, written);
  const [ticket] = world.helpdesk.tickets;
  expect(message.text).toContain(`Ticket ${ticket?.reference} is open`);
  expect(message.text).toContain(FIELDS.subject);
  await waiting.until(({ text }) => text.includes(`Ticket ${ticket?.reference} is open`));
  expect(world.helpdesk.tickets.map(({ subject, requesterEmail }) => [subject, requesterEmail])).toEqual([
    [FIELDS.subject, 'ada@example.org'],
  ]);
  // It was told: the next command opens the form.
  asModal(await ada.slash('ticket'));
});

test('without that button nothing is ever sent by itself', async () => {
  const { talk, ada, world } = await startDown();
  await world.helpdesk.up();
  talk.passTime(10 * MINUTE);
  await talk.stop();
  await talk.start();
  talk.passTime(10 * MINUTE);
  expect(asMessage(await ada.slash('ticket')).text).toContain('You have an unsent ticket');
  expect(world.helpdesk.calls.filter(({ operation }) => operation === 'api_openTicket')).toEqual([]);
});

test('the word survives a restart, and the message is gone by then: a direct message tells it', async () => {
  const { talk, ada, world, told } = await startDown();
  asMessage(await told.click("Send when it's back")).dismiss();
  await talk.stop();
  talk.passTime(60 * MINUTE);
  await world.helpdesk.up();
  const written = directMessage(ada);
  await talk.start();
  expect((await passUntil(talk, written)).text).toContain('is open');
  expect(world.helpdesk.tickets).toHaveLength(1);
});

test('who takes no direct messages reads it at the next command', async () => {
  const { talk, ada, world, told } = await startDown();
  ada.user.closeDirectMessages();
  asMessage(await told.click("Send when it's back")).dismiss();
  talk.passTime(60 * MINUTE);
  await world.helpdesk.up();
  const refused = world.activity.until({
    look: () => talk.logged.find((line) => line.includes('not reached by direct message')),
    describe: () => 'a direct message that is refused',
  });
  await passUntil(talk, refused);
  expect(asMessage(await ada.slash('ticket')).text).toContain('is open');
});

test('Cancel holds, also from another device and after a restart, and the text stays', async () => {
  const { talk, ada, world, told } = await startDown();
  asMessage(await told.click("Send when it's back")).dismiss();
  await talk.stop();
  await talk.start();
  const listed = asMessage(await ada.slash('ticket'));
  expect(listed.text).toContain('Sent as soon as the helpdesk is back');
  expect(labels(listed)).toEqual(['Cancel', 'Edit', 'Show my text', 'Delete', 'New ticket']);
  const cancelled = asMessage(await listed.click('Cancel'));
  expect(cancelled.text).toContain("It won't be sent by itself");
  await world.helpdesk.up();
  talk.passTime(10 * MINUTE);
  expect(asMessage(await cancelled.click('Show my text')).text).toContain(FIELDS.body);
  expect(world.helpdesk.tickets).toEqual([]);
  expect(asMessage(await cancelled.click('Send')).text).toContain('is open');
  expect(world.helpdesk.tickets).toHaveLength(1);
});

test('Cancel on an old message says how it stands, and is no second cancellation', async () => {
  const { ada, world, told } = await startDown();
  const waiting = asMessage(await told.click("Send when it's back"));
  const listed = asMessage(await ada.slash('ticket'));
  await listed.click('Cancel');
  const still = asMessage(await waiting.click('Cancel'));
  expect(still.text).toContain("Can't reach the helpdesk right now");
  expect(labels(still)).toEqual(["Send when it's back", 'Try again', 'Edit', 'Show my text']);

  const again = asMessage(await still.click("Send when it's back"));
  await world.helpdesk.up();
  expect(
    asMessage(await asModal(await again.click('Edit')).submit({ ...FIELDS, body: 'Sent by hand.' })).text,
  ).toContain('is open');
  expect(asMessage(await again.click('Cancel')).text).toContain('is open');
  expect(world.helpdesk.tickets).toHaveLength(1);
});

test('a text that waits and is sent by hand is sent once', async () => {
  const { talk, ada, world, told } = await startDown();
  await told.click("Send when it's back");
  const form = asModal(await told.click('Edit'));
  await world.helpdesk.up();
  const opened = asMessage(await form.submit({ subject: FIELDS.subject, body: 'With more words.' }));
  expect(opened.text).toContain('is open');
  talk.passTime(10 * MINUTE);
  await talk.stop();
  await talk.start();
  asModal(await ada.slash('ticket'));
  expect(world.helpdesk.tickets).toHaveLength(1);
});

test('what stands against it by then is not sent, and is told', async () => {
  const { talk, ada, world, told } = await startDown();
  await told.click("Send when it's back");
  await asMessage(await ada.slash('account')).click('Unlink');
  const written = directMessage(ada);
  await world.helpdesk.up();
  expect((await passUntil(talk, written)).text).toContain('something stands against sending it');
  await told.until(({ text }) => text.includes('Link your email at the helpdesk first'));
  expect(world.helpdesk.tickets).toEqual([]);
  // As the direct message says, whatever became of the message of the button.
  const notice = asMessage(await ada.slash('ticket'));
  expect(notice.text).toContain('Link your email at the helpdesk first');
  expect(labels(notice)).toContain('Link account');
});

test('a doubt that comes of it is told as one, and nothing is sent again by itself', async () => {
  const { talk, ada, world, told } = await startDown();
  await told.click("Send when it's back");
  world.helpdesk.fault('open-then-reset', { operation: 'api_openTicket', times: 1 });
  const written = directMessage(ada);
  await world.helpdesk.up();
  expect((await passUntil(talk, written)).text).toContain('Not sure it went through');
  await told.until(({ text }) => text.includes('Not sure it went through'));
  talk.passTime(10 * MINUTE);
  expect(world.helpdesk.tickets).toHaveLength(1);
  expect(labels(told)).toEqual(['Send it again: it may become a second ticket', 'Edit', 'Show my text']);
  expect(asMessage(await told.click('Send it again')).text).toContain('is open');
  expect(world.helpdesk.tickets).toHaveLength(2);
});

test('while the helpdesk is left alone, the words say until when, and drafts offer to wait', async () => {
  const { ada } = await startDown({
    tuning: { queue: { retryDelaysMs: [], breakAfterFailures: 1, breakForMs: 600_000 } },
  });
  const listed = asMessage(await ada.slash('ticket'));
  expect(labels(listed)).toEqual(["Send when it's back", 'Edit', 'Show my text', 'Delete', 'New ticket']);
  const down = asMessage(await listed.click('New ticket'));
  expect(down.text).toMatch(/The next try is <t:\d+:R>/);
  const form = asModal(await down.click('Write it anyway'));
  const second = asMessage(await form.submit({ subject: 'Another thing', body: 'Please.' }));
  expect(second.text).toMatch(/The next try is <t:\d+:R>/);
  expect(second.text).toMatch(/Last try <t:\d+:R>/);
});
