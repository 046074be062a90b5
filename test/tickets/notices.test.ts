import { expect, onTestFinished, test } from 'vitest';
import { openStorage } from '../../src/storage/open-storage.ts';
import { Notices } from '../../src/tickets/records/notices.ts';

const ADA = '100000000000000001';
const NOTICE = { kind: 'link-decided', approved: true } as const;

async function createNotices(): Promise<{ notices: Notices; waiting: () => Promise<string[]> }> {
  const storage = await openStorage({ url: 'sqlite::memory:', keys: [] });
  onTestFinished(() => storage.close());
  const notices = new Notices(storage, { lifetimeMs: 60_000 });
  await notices.add(ADA, 'first', NOTICE);
  return { notices, waiting: async () => (await notices.ofUser(ADA)).map(({ id }) => id) };
}

test('a notice that is being told in another way is not told at a command as well, and gone after it', async () => {
  const { notices, waiting } = await createNotices();
  await notices.add(ADA, 'second', NOTICE);
  let seenMeanwhile: string[] = [];
  await notices.tell(ADA, 'first', async () => {
    seenMeanwhile = await waiting();
    // A second try at the same moment tells nothing.
    await notices.tell(ADA, 'first', () => Promise.reject(new Error('told twice')));
  });
  expect(seenMeanwhile).toEqual(['second']);
  expect(await waiting()).toEqual(['second']);
});

test('a notice that could not be told in another way stays for the next command', async () => {
  const { notices, waiting } = await createNotices();
  const refused = new Error('The person takes no messages');
  await expect(notices.tell(ADA, 'first', () => Promise.reject(refused))).rejects.toBe(refused);
  expect(await waiting()).toEqual(['first']);
});

test('a notice that was told at a command is not told in another way', async () => {
  const { notices } = await createNotices();
  await notices.remove(ADA, 'first');
  await notices.tell(ADA, 'first', () => Promise.reject(new Error('told twice')));
});
