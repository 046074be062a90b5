import { expect, onTestFinished, test } from 'vitest';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import { openStorage } from '../../../src/storage/open-storage.ts';
import { StorageError } from '../../../src/storage/record-store.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { createBreakableStorage, type StorageBreakage } from '../../support/breakable-storage.ts';
import { linkAccount, startConversation } from '../../support/conversation.ts';
import { startSecondBot } from '../../support/second-bot.ts';

const FIELDS = { subject: 'My server is down', body: 'Since this morning.' };
const OTHER = { subject: 'Another one', body: 'It is slow.' };

test('a process whose write fails leaves alone what another one wrote down of the same form', async () => {
  const env = { HELPDESK_CONCURRENCY: '1' };
  const breakage: StorageBreakage = { broken: undefined };
  let shared: Storage | undefined;
  const open = async (now: () => number): Promise<Storage> => {
    shared ??= { ...(await openStorage({ url: 'sqlite::memory:', keys: [], now })), isShared: true };
    return { ...shared, close: async () => {} };
  };
  onTestFinished(() => shared?.close());
  const talk = await startConversation({
    env,
    tuning: { openStorage: async ({ now = Date.now }) => createBreakableStorage(await open(now), breakage).storage },
  });
  const { ada, world } = talk;
  await linkAccount(ada, 'ada@example.org', world);
  await startSecondBot(talk, env, { openStorage: () => open(talk.now) });
  // The store keeps the first process waiting, so that the second one answers.
  const waiting: (() => void)[] = [];
  breakage.around = async () => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    throw new StorageError('The storage took too long.');
  };
  onTestFinished(() => {
    breakage.around = undefined;
    for (const fail of waiting) fail();
    world.helpdesk.release();
  });
  world.helpdesk.fault('hang', { times: 1 });
  const called = world.helpdesk.nextCall('api_openTicket');
  await asModal(await ada.slash('ticket')).submit(FIELDS, { untilAcknowledged: true });
  await called;
  const message = asMessage(await asModal(await ada.slash('ticket')).submit(OTHER, { untilAcknowledged: true }));
  await talk.untilInLine(message, 1);
  // Both writes of the first process have failed, and it has taken back what it may have written.
  breakage.around = undefined;
  for (const fail of waiting.splice(0)) fail();
  await world.activity.until({
    look: () => talk.logged.filter((line) => line.includes('could not be saved')).length === 2 || undefined,
    describe: () => 'the first process giving up two writes',
  });
  world.helpdesk.release();
  await message.until(({ text }) => !text.includes('in line'));
  expect(message.text).toContain('is open');
  expect(world.helpdesk.tickets.map(({ subject }) => subject)).toEqual([FIELDS.subject, OTHER.subject]);
});
