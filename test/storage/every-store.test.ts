import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { asMessage } from '../../sandbox/discord/people/shown.ts';
import { BACKENDS, type BackendKind } from '../../src/storage/backends/backend-kinds.ts';
import { linkAccount, startConversation, submitTicket } from '../support/conversation.ts';
import { startExamined } from '../support/examined.ts';
import { HAS_STORE_SERVERS, type NewStores, startNewStores } from '../support/new-stores.ts';

if (!HAS_STORE_SERVERS) {
  it.skip('the bot on every kind of store: install redis-server and postgresql to run these tests', () => {});
}

let stores: NewStores;
beforeAll(async () => {
  if (HAS_STORE_SERVERS) stores = await startNewStores();
});
afterAll(() => stores?.stop());

const KINDS = Object.keys(BACKENDS) as BackendKind[];

describe.runIf(HAS_STORE_SERVERS).each(KINDS)('on %s', (kind) => {
  test('somebody links, opens a ticket, and finds it after a restart', async () => {
    const talk = await startConversation({ env: { STORAGE_URL: await stores.make(kind) } });
    const { ada, world } = talk;
    await linkAccount(ada, 'ada@example.org', world);
    const opened = await submitTicket(ada, { subject: 'My server is down', body: 'Since this morning.' });
    expect(opened.text).toContain('is open');
    await talk.stop();
    await talk.start();
    expect(asMessage(await ada.slash('tickets')).text).toContain('My server is down');
  });

  test('the doctor names the place of a store that is new, and makes none in a file', async () => {
    const url = await stores.make(kind);
    const { examineAsJson } = await startExamined();
    const { report } = await examineAsJson({ STORAGE_URL: url });
    const storage = report.checks.find(({ name }) => name === 'Storage');
    expect(storage?.kind).not.toBe('fail');
    expect(storage?.lookedAt).toMatch(/^(\/|127\.0\.0\.1:|%2F)/);
    const again = await examineAsJson({ STORAGE_URL: url });
    expect(again.report.checks.find(({ name }) => name === 'Storage')).toEqual(storage);
  });
});
