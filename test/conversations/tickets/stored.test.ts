import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import { openSqliteFile } from '../../../src/storage/backends/sqlite-database.ts';
import { openStorage } from '../../../src/storage/open-storage.ts';
import {
  type Conversation,
  deleteEverything,
  linkAccount,
  startConversation,
  submitTicket,
} from '../../support/conversation.ts';
import { ticketForm } from '../../support/ticket-form.ts';

const FIELDS = { subject: 'My server is down', body: 'Since this morning.' };
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

async function startLinked() {
  const conversation = await startConversation();
  await linkAccount(conversation.ada, 'ada@example.org', conversation.world);
  return conversation;
}

/** Stops the bot and reads what it has left, whether it has expired or not. */
async function storedRows({ storeFile, stop }: { storeFile: string; stop(): Promise<void> }): Promise<string[]> {
  await stop();
  const database = await openSqliteFile(storeFile);
  const rows = await database.read((connection) => connection.all('SELECT namespace, key, value FROM records'));
  await database.close();
  return rows.map(({ namespace, key, value }) => `${namespace} ${key} ${value}`);
}

const ofConversation = (conversation: Conversation) => ({
  storeFile: conversation.storeFile,
  stop: () => conversation.stop(),
});

test('after Unlink nothing of the person is stored any more', async () => {
  const conversation = await startLinked();
  const { ada, world } = conversation;
  await submitTicket(ada, FIELDS);
  world.helpdesk.fault('open-then-reset', { times: 1 });
  await submitTicket(ada, { subject: 'Doubtful', body: 'A doubtful text.' });
  const account = asMessage(await ada.slash('account'));
  await world.helpdesk.down();
  const refused = new Promise((resolve) => {
    world.discord.events.on('request', ({ code }) => code === 10008 && resolve(code));
  });
  world.discord.fault('edit-unknown-message', { times: 1 });
  await (await ticketForm(ada)).submit({ subject: 'Unsent', body: 'An unsent text.' }, { untilAcknowledged: true });
  await refused;
  const erased = await deleteEverything(account);
  expect(erased.text).toContain('Everything about you was deleted');

  const rows = await storedRows(ofConversation(conversation));
  for (const trace of [ada.user.id, '"ada"', 'example.org', FIELDS.body, 'doubtful', 'unsent']) {
    expect(rows.filter((row) => row.includes(trace))).toEqual([]);
  }
  // Nor in the pages that the rows have left.
  const file = (await readFile(conversation.storeFile)).toString('latin1');
  for (const trace of [ada.user.id, 'ada@example.org', FIELDS.body]) expect(file.includes(trace)).toBe(false);
});

test('an opened ticket leaves a record without its text', async () => {
  const conversation = await startLinked();
  await submitTicket(conversation.ada, FIELDS);
  conversation.passTime(1000);
  const rows = await storedRows(ofConversation(conversation));
  expect(rows.filter((row) => row.includes(FIELDS.body))).toEqual([]);
  // By its subject its person finds it again.
  const withSubject = rows.filter((row) => row.includes(FIELDS.subject));
  expect(withSubject.map((row) => row.split(' ')[0])).toEqual(['opened-tickets']);
  const [record] = rows.filter((row) => row.startsWith('people '));
  expect(record).toContain('"stage":{"kind":"opened"');
  expect(record).toContain(conversation.world.helpdesk.tickets[0]?.reference);
  // The key to Discord's reply goes once the person knows.
  expect(record).not.toContain('"token"');
});

test('a text that was not sent is kept for 24 hours and then gone, and that is what is said', async () => {
  const conversation = await startLinked();
  const { ada, world } = conversation;
  await world.helpdesk.down();
  const told = await submitTicket(ada, FIELDS);
  conversation.passTime(23 * HOUR_MS);
  expect(asMessage(await told.click('Show my text')).text).toContain(FIELDS.body);
  conversation.passTime(2 * HOUR_MS);
  expect(asMessage(await told.click('Show my text')).text).toContain('This text is gone');
  await world.helpdesk.up();
  expect(asMessage(await told.click('Try again')).text).toContain('Nothing was sent');
  expect(world.helpdesk.tickets).toEqual([]);
});

test('how long texts and records are kept can be set, and a text never outlives its record', async () => {
  const conversation = await startConversation({ env: { DRAFT_LIFETIME_HOURS: '48', RECORD_LIFETIME_DAYS: '1' } });
  const { ada, world } = conversation;
  await linkAccount(ada, 'ada@example.org', world);
  world.helpdesk.fault('open-then-reset', { times: 1 });
  const doubtful = await submitTicket(ada, FIELDS);
  conversation.passTime(47 * HOUR_MS);
  expect(asMessage(await doubtful.click('Show my text')).text).toContain(FIELDS.body);
  const changed = asMessage(await asModal(await doubtful.click('Edit')).submit(FIELDS));
  expect(changed.text).toContain('This may be open already');
  conversation.passTime(49 * HOUR_MS);
  expect(asMessage(await ada.slash('account')).text).toContain('Your account');
  expect(asMessage(await ada.slash('account')).text).not.toContain('Records of what was sent');
  expect(world.helpdesk.tickets).toHaveLength(1);
});

test('a doubtful ticket whose text has expired is told without promising the text', async () => {
  const conversation = await startLinked();
  const { ada, world } = conversation;
  world.helpdesk.fault('open-then-reset', { times: 1 });
  world.discord.fault('edit-invalid-token');
  const called = world.helpdesk.nextCall('api_openTicket');
  await (await ticketForm(ada)).submit(FIELDS, { untilAcknowledged: true });
  await called;
  await conversation.stop();
  world.discord.clearFaults();
  conversation.passTime(2 * DAY_MS);
  await conversation.start();
  const notice = asMessage(await ada.slash('ticket'));
  expect(notice.text).toContain('Not sure it went through');
  expect(notice.text).not.toContain('Your text is saved');
  expect(notice.buttons.map(({ label }) => label)).toEqual(['Open a ticket']);
});

test('the record of a ticket is gone after 30 days', async () => {
  const conversation = await startLinked();
  const { ada } = conversation;
  await submitTicket(ada, FIELDS);
  conversation.passTime(29 * DAY_MS);
  expect(asMessage(await ada.slash('account')).text).toContain('Records of what was sent: 1');
  conversation.passTime(2 * DAY_MS);
  expect(asMessage(await ada.slash('account')).text).not.toContain('Records of what was sent');
});

test('every kind of record that the bot stores is described in docs/storage.md', async () => {
  const documented = await readFile(new URL('../../../docs/storage.md', import.meta.url), 'utf8');
  const namespaces: string[] = [];
  await startConversation({
    tuning: {
      async openStorage(options) {
        const storage = await openStorage(options);
        const { records } = storage;
        return {
          ...storage,
          records(namespace, schema) {
            namespaces.push(namespace);
            return records(namespace, schema);
          },
        };
      },
    },
  });
  expect(namespaces.length).toBeGreaterThan(10);
  expect(namespaces.filter((namespace) => !documented.includes(`\`${namespace}\``))).toEqual([]);
});
