import { join } from 'node:path';
import { expect, test } from 'vitest';
import { measureStart } from '../../sandbox/benchmark/start.ts';
import { addOpen, fillFinished } from '../../sandbox/bot/store-of-tickets.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// How long that takes depends on the machine: `npm run bench -- start` shows it.
test('a start reads what is open, and nothing of what is finished', async () => {
  const folder = await temporaryFolder();
  const [full, empty] = [`sqlite:${join(folder, 'full.sqlite')}`, `sqlite:${join(folder, 'empty.sqlite')}`];
  await fillFinished(full, 500);
  for (const url of [full, empty]) await measureStart(url);
  const { reads, rows } = await measureStart(empty);
  expect(await measureStart(full)).toMatchObject({ reads, rows });
  await addOpen(full, 1, 0);
  expect((await measureStart(full)).rows).toBeGreaterThan(rows);
});
