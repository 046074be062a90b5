import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Place } from '../../../sandbox/discord/people/place.ts';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import { codeIn } from '../../../sandbox/mailbox.ts';
import {
  type Conversation,
  deleteEverything,
  linkAccount,
  startConversation,
  submitTicket,
} from '../../support/conversation.ts';
import { ticketForm } from '../../support/ticket-form.ts';

const MINUTE_MS = 60_000;
const FIELDS = { subject: 'My server is down', body: 'Since this morning.' };

const ask = async (place: Place, email: string) =>
  asMessage(await asModal(await place.slash('link')).submit({ email }));
const erase = async (place: Place) => deleteEverything(asMessage(await place.slash('account')));

/** Which of these texts can be read in the files of the store, as they are on the disk at this moment. */
function tracesOf(talk: Conversation, texts: readonly string[]): string[] {
  const files = [talk.storeFile, `${talk.storeFile}-wal`].filter((file) => existsSync(file));
  const bytes = Buffer.concat(files.map((file) => readFileSync(file)));
  return texts.filter((text) => bytes.includes(text));
}

test('after Delete everything the files of the store hold nothing of the person, while the bot goes on running', async () => {
  const talk = await startConversation();
  const { ada, world } = talk;
  await linkAccount(ada, 'ada@example.org', world);
  await submitTicket(ada, FIELDS);
  world.helpdesk.fault('open-then-reset', { times: 1 });
  await submitTicket(ada, { subject: 'Doubtful', body: 'A doubtful text.' });
  await ask(ada, 'lovelace@example.net');
  const code = codeIn(await world.mailbox.next('lovelace@example.net')) ?? '';
  const traces = ['ada@example', 'lovelace@example', ada.user.id, FIELDS.body, 'A doubtful text', code];
  expect(tracesOf(talk, traces)).toEqual(traces.slice(0, 5));

  expect((await erase(ada)).text).toContain('Everything about you was deleted');
  expect(tracesOf(talk, traces)).toEqual([]);
  await talk.stop();
  expect(tracesOf(talk, traces)).toEqual([]);
});

test('an address whose code has expired is gone with Delete everything, too', async () => {
  const talk = await startConversation();
  const { ada } = talk;
  await ask(ada, 'ada@example.org');
  talk.passTime(16 * MINUTE_MS);
  // A message of an hour ago still has the button.
  await ada.sendRaw({ customId: 'account-erase' });
  expect(tracesOf(talk, ['ada@example', ada.user.id])).toEqual([]);
});

test('a ticket that waits for its turn is not sent after Delete everything, and leaves nothing behind', async () => {
  const talk = await startConversation({ env: { HELPDESK_CONCURRENCY: '1' } });
  const { ada, world } = talk;
  const bob = talk.join('bob');
  await linkAccount(ada, 'ada@example.org', world);
  await linkAccount(bob, 'bob@example.org', world);
  const form = await ticketForm(ada);
  world.helpdesk.fault('hang', { times: 1 });
  const first = world.helpdesk.nextCall('api_openTicket');
  const bobs = asMessage(await (await ticketForm(bob)).submit(FIELDS, { untilAcknowledged: true }));
  await first;
  const waiting = asMessage(await form.submit({ subject: 'Waiting', body: 'My turn?' }, { untilAcknowledged: true }));
  await talk.untilInLine(waiting, 1);
  await erase(ada);
  world.helpdesk.release();
  expect((await waiting.until(({ text }) => text.includes('Nothing was sent'))).text).toContain('deleted');
  await bobs.until(({ text }) => text.includes('is open'));
  expect(world.helpdesk.tickets.map(({ requesterEmail }) => requesterEmail)).toEqual(['bob@example.org']);
  await talk.stop();
  expect(tracesOf(talk, ['ada@example', ada.user.id, 'My turn?'])).toEqual([]);
});

test('a ticket that is being sent during Delete everything is told in its own message, and leaves nothing behind', async () => {
  const talk = await startConversation();
  const { ada, world } = talk;
  await linkAccount(ada, 'ada@example.org', world);
  const account = asMessage(await ada.slash('account'));
  world.helpdesk.fault('open-then-hang', { times: 1 });
  const called = world.helpdesk.nextCall('api_openTicket');
  const sending = asMessage(await (await ticketForm(ada)).submit(FIELDS, { untilAcknowledged: true }));
  await called;
  await deleteEverything(account);
  world.helpdesk.release();
  await sending.until(({ text }) => text.includes('is open'));
  await talk.stop();
  expect(tracesOf(talk, ['ada@example', ada.user.id, FIELDS.body])).toEqual([]);
});

test('a code that was asked for before Unlink links nobody after it', async () => {
  const { ada, world } = await startConversation();
  const sent = await ask(ada, 'ada@example.org');
  const code = codeIn(await world.mailbox.next('ada@example.org')) ?? '';
  const form = asModal(await sent.click('Enter code'));
  await ada.sendRaw({ customId: 'account-unlink' });
  expect(asMessage(await sent.click('Send again')).text).toContain('Nothing was sent');
  expect(asMessage(await form.submit({ code })).text).toContain('No code is waiting');
  expect(asMessage(await ada.slash('ticket')).text).toContain('email first');
  expect(world.mailbox.mails).toHaveLength(1);
});

test('whoever deletes everything can link again, and gets no new mails by it', async () => {
  const { ada, world } = await startConversation({ env: { LINK_MAILS_PER_HOUR: '2' } });
  await linkAccount(ada, 'ada@example.org', world);
  await erase(ada);
  expect((await linkAccount(ada, 'ada@example.org', world)).text).toContain('is linked');
  await erase(ada);
  expect((await ask(ada, 'ada@example.org')).text).toContain('Too many codes');
  expect(world.mailbox.mails).toHaveLength(2);
});

test('Delete everything is about the person who presses it, whoever was shown the button', async () => {
  const talk = await startConversation();
  const { ada, world } = talk;
  const eve = talk.join('eve');
  await linkAccount(ada, 'ada@example.org', world);
  const account = asMessage(await ada.slash('account'));
  await eve.sendRaw({ customId: 'account-erase', message: account });
  await ticketForm(ada);
});

test('Unlink removes the link alone: what was written stays, and so does what the person allows', async () => {
  const { ada, world } = await startConversation();
  await linkAccount(ada, 'ada@example.org', world);
  world.helpdesk.fault('refused', { times: 1 });
  await submitTicket(ada, FIELDS);
  const account = asMessage(await ada.slash('account'));
  await account.click("Don't allow");
  const unlinked = asMessage(await account.click('Unlink'));
  expect(unlinked.text).toContain('You are unlinked');
  expect(unlinked.text).toContain('1 unsent ticket');
  expect(unlinked.text).toContain('When you link again, moderators may still not open tickets in your name.');
  expect(unlinked.text).not.toContain('ada@example.org');
  expect(asMessage(await ada.slash('ticket')).buttons.map(({ label }) => label)).toEqual(['Link account']);
});
