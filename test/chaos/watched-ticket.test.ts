import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { describeWatchedTicket } from '../../sandbox/bot/watched-ticket.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { openedTicketsRecord } from '../../src/tickets/opened/opened-tickets-record.ts';

test('a report says what the bot knows of a watched ticket, and that it knows none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'openticket-test-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const url = `sqlite:${join(folder, 'store.sqlite')}`;
  const storage = await openStorage({ url, keys: [] });
  const ticket = { id: 't1', reference: 'KVO-530-1', subject: 'Down', account: 'a', openedAt: 1, touchedAt: 2 };
  await storage.records('opened-tickets', openedTicketsRecord).save('42', { tickets: [ticket] });
  await storage.close();

  expect(JSON.parse(await describeWatchedTicket(url, '42', 'KVO-530-1'))).toEqual({ known: 1, ticket });
  expect(JSON.parse(await describeWatchedTicket(url, '43', 'KVO-530-1'))).toEqual({ known: 0 });
});
