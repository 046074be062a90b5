import { expect, test } from 'vitest';
import type { Place } from '../../../sandbox/discord/people/place.ts';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import type { ShownMessage } from '../../../sandbox/discord/people/shown-message.ts';
import { codeIn } from '../../../sandbox/mailbox.ts';
import { openSqliteFile } from '../../../src/storage/backends/sqlite-database.ts';
import {
  type Conversation,
  deleteEverything,
  linkAccount,
  startConversation,
  submitTicket,
} from '../../support/conversation.ts';
import { ticketForm } from '../../support/ticket-form.ts';

const FIELDS = { subject: 'My server is down', body: 'Since this morning.' };

const ask = async (place: Place, email: string) =>
  asMessage(await asModal(await place.slash('link')).submit({ email }));
const account = async (place: Place) => asMessage(await place.slash('account'));
const labels = (message: ShownMessage) => message.buttons.map(({ label }) => label);

/** A server with mia, a moderator, who can read the channel in which links are approved. */
async function startWithModerator(env: Record<string, string> = {}) {
  const talk = await startConversation();
  await talk.stop();
  const role = talk.guild.createRole({ name: 'Moderators', permissions: ['ModerateMembers'] });
  const auditChannel = talk.guild.createChannel({ name: 'mod-log' });
  const mia = talk.join('mia', { roles: [role] });
  await talk.start({ AUDIT_CHANNEL_ID: auditChannel.id, ...env });
  return { talk, ada: talk.ada, mia };
}

test('who was never here reads that nothing is stored, and can only link', async () => {
  const { ada } = await startConversation();
  const shown = await account(ada);
  expect(shown.ephemeral).toBe(true);
  expect(shown.text).toContain('No account is linked');
  expect(shown.text).toContain('Nothing is stored about you.');
  expect(labels(shown)).toEqual(['Link account']);
});

test('a linked person reads the masked address, since when, how it was proved and what else is stored', async () => {
  const { ada, world } = await startConversation();
  await linkAccount(ada, 'ada@example.org', world);
  world.helpdesk.fault('refused', { times: 1 });
  await submitTicket(ada, FIELDS);
  const shown = await account(ada);
  expect(shown.ephemeral).toBe(true);
  expect(shown.text).toContain('||ada@example.org||');
  expect(shown.text).toMatch(/Linked since <t:\d+:f>, verified by email/);
  expect(shown.text).toContain('1 unsent ticket');
  expect(shown.text).toContain('Records of what was sent: 1');
  expect(labels(shown)).toEqual([
    ...['Change', "Don't allow", 'Drafts', 'My tickets', 'Tell me when something changes'],
    ...['Unlink', 'Export my data', 'Delete everything…'],
  ]);
});

test('an address that waits for its code is shown, and its code can be entered from there', async () => {
  const { ada, world } = await startConversation();
  await ask(ada, 'ada@example.org');
  const shown = await account(ada);
  expect(shown.text).toContain('No account is linked');
  expect(shown.text).toMatch(/Not linked yet: \|\|ada@example\.org\|\|\. Its code expires <t:\d+:R>/);
  expect(shown.text).not.toContain('Nothing is stored');
  expect(labels(shown)).toEqual(['Link account', 'Enter code', 'Send again', 'Export my data', 'Delete everything…']);
  const code = codeIn(await world.mailbox.next('ada@example.org')) ?? '';
  const linked = asMessage(await asModal(await shown.click('Enter code')).submit({ code }));
  expect(linked.text).toContain('is linked');
});

test('a new code can be sent from there, also when the last one is void', async () => {
  const { ada, world } = await startConversation();
  world.mailbox.fault = 'later';
  await ask(ada, 'ada@example.org');
  const shown = await account(ada);
  expect(shown.text).toContain('It has no code that works');
  world.mailbox.fault = undefined;
  const sent = asMessage(await shown.click('Send again'));
  const code = codeIn(await world.mailbox.next('ada@example.org')) ?? '';
  expect(asMessage(await asModal(await sent.click('Enter code')).submit({ code })).text).toContain('is linked');
});

test('an address that waits can be removed before it is proved', async () => {
  const { ada, world } = await startConversation();
  await ask(ada, 'ada@example.org');
  await deleteEverything(await account(ada));
  expect((await account(ada)).text).toContain('Nothing is stored about you.');
  expect(world.mailbox.mails).toHaveLength(1);
});

test('a linked person who proves another address reads that the old one stays until then', async () => {
  const { ada, world } = await startConversation();
  await linkAccount(ada, 'ada@example.org', world);
  await ask(ada, 'lovelace@example.net');
  const shown = await account(ada);
  expect(shown.text).toContain('||ada@example.org||');
  expect(shown.text).toContain('Not linked yet: ||lovelace@example.net||');
  expect(shown.text).toContain('Until then the linked account below stays linked');
});

test('a request that waits for moderators is shown and can be removed', async () => {
  const { ada } = await startWithModerator({ LINK_VERIFICATION: 'moderator' });
  await ask(ada, 'ada@example.org');
  const shown = await account(ada);
  expect(shown.text).toContain('Not linked yet: ||ada@example.org||. The moderators were asked');
  await deleteEverything(shown);
  expect((await account(ada)).text).toContain('Nothing is stored about you.');
});

test('a block by moderators is shown, and who deletes everything reads that it stays', async () => {
  const { ada, mia } = await startWithModerator();
  await mia.slash('helpdesk block', { user: ada.user.id, reason: 'Spam' });
  const shown = await account(ada);
  expect(shown.text).toContain('Blocks by moderators: 1');
  expect(shown.text).not.toContain('Nothing is stored');
  expect(labels(shown)).toEqual(['Link account', 'Export my data']);
  const erased = asMessage(await ada.sendRaw({ customId: 'account-erase' }));
  expect(erased.text).toContain('that moderators blocked you');
  expect(asMessage(await ada.slash('ticket')).text).toContain('Spam');
  const [file] = asMessage(await (await account(ada)).click('Export my data')).files;
  expect(file?.text).toContain('Spam');
  expect(file?.text).not.toContain(mia.user.id);
});

test('the export has everything that the store has under the person, but the digest of a code and who blocked them', async () => {
  const { talk, ada, mia } = await startWithModerator();
  const { world } = talk;
  await linkAccount(ada, 'ada@example.org', world);
  await submitTicket(ada, { subject: 'Opened', body: 'Thanks.' });
  world.helpdesk.fault('refused', { times: 1 });
  await submitTicket(ada, FIELDS);
  await mia.slash('helpdesk block', { user: ada.user.id, reason: 'Spam' });
  await ask(ada, 'lovelace@example.net');

  const exported = asMessage(await (await account(ada)).click('Export my data'));
  expect(exported.ephemeral).toBe(true);
  const [file] = exported.files;
  expect(file?.name).toBe('stored-about-me.json');
  expect(JSON.parse(file?.text ?? '').requests).toHaveLength(2);
  const stored = await recordsAbout(talk, ada.user.id);
  expect(new Set(stored.map(({ namespace }) => namespace))).toEqual(
    new Set(['links', 'codes', 'drafts', 'people', 'opened-tickets', 'blocks']),
  );
  const missing = stored.flatMap(({ namespace, record }) =>
    leaves(record)
      .filter((leaf) => !file?.text.includes(JSON.stringify(leaf)))
      .map((leaf) => `${namespace}: ${leaf}`),
  );
  const digest = stored.find(({ namespace }) => namespace === 'codes')?.record.codeDigest;
  const accounts = stored.flatMap(({ namespace, record }) =>
    namespace === 'opened-tickets' ? (record.tickets as { account: string }[]).map((one) => one.account) : [],
  );
  expect(missing.sort()).toEqual([
    `blocks: ${mia.user.id}`,
    `codes: ${digest}`,
    ...accounts.map((one) => `opened-tickets: ${one}`),
  ]);
});

test('the export has no key to a reply that waits', async () => {
  const { ada, world } = await startConversation();
  await linkAccount(ada, 'ada@example.org', world);
  const form = await ticketForm(ada);
  world.helpdesk.fault('hang', { times: 1 });
  const called = world.helpdesk.nextCall('api_openTicket');
  const sending = asMessage(await form.submit(FIELDS, { untilAcknowledged: true }));
  await called;
  const [file] = asMessage(await (await account(ada)).click('Export my data')).files;
  expect(file?.text).toContain('"kind": "sending"');
  expect(file?.text).not.toContain('token');
  world.helpdesk.release();
  await sending.until(({ text }) => text.includes('is open'));
});

test('nobody else sees anything of it', async () => {
  const talk = await startConversation();
  const { ada, world } = talk;
  const bob = talk.join('bob');
  await linkAccount(ada, 'ada@example.org', world);
  const shown = await account(ada);
  await shown.click('Export my data');
  await shown.click("Don't allow");
  await shown.click('Unlink');
  expect(bob.messages).toEqual([]);
  expect(ada.messages.every(({ ephemeral }) => ephemeral)).toBe(true);
});

test('the choice about tickets in one’s name is shown at once and can be taken back', async () => {
  const { ada, world } = await startConversation();
  await linkAccount(ada, 'ada@example.org', world);
  const off = asMessage(await (await account(ada)).click("Don't allow"));
  expect(off.text).toContain('Moderators may not open tickets in your name');
  const on = asMessage(await off.click('Allow'));
  expect(on.text).toContain('Moderators may open tickets in your name');
});

/** What the store holds under a user ID or with it inside. Stops the bot. */
async function recordsAbout(talk: Conversation, userId: string) {
  await talk.stop();
  const database = await openSqliteFile(talk.storeFile);
  const rows = await database.read((connection) => connection.all('SELECT namespace, key, value FROM records'));
  await database.close();
  return rows
    .filter(({ key, value }) => `${key}${value}`.includes(userId))
    .map(({ namespace, value }) => {
      const { record } = JSON.parse(String(value).replace('plain1:', '')).value;
      return { namespace: String(namespace), record: record as Record<string, unknown> };
    })
    .filter(({ record }) => record.sent !== true);
}

/** The texts and numbers of a record, wherever in it. */
function leaves(value: unknown): (string | number)[] {
  if (typeof value === 'string' || typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [];
}
