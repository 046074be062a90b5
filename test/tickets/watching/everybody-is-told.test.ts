import { expect, test } from 'vitest';
import { z } from 'zod';
import { HelpdeskError } from '../../../src/tickets/helpdesk-client.ts';
import { ADA, createWatch, MINUTE_MS, startWatching } from './watch-harness.ts';

const BOB = '100000000000000002';
const DAY_MS = 24 * 60 * MINUTE_MS;

test('one ticket that cannot be read keeps nobody else from being told', async () => {
  const { clock, watch, start, shows, shown, views } = await createWatch();
  await watch(ADA, 'KVO-530-1');
  await watch(BOB, 'KVO-530-2');
  shows(async (reference) => {
    const ticket = shown.get(reference);
    if (reference === 'KVO-530-1')
      return { kind: 'unreachable', cause: new HelpdeskError('server-error', 'too large') };
    return ticket ? { kind: 'viewed', ticket } : { kind: 'refused' };
  });
  start();
  await clock.passSlowly(60 * MINUTE_MS, 5000);
  expect(new Set(views.map(({ reference }) => reference))).toContain('KVO-530-2');
});

test('nor does a record that is damaged', async () => {
  const { clock, watch, start, storage, views } = await createWatch();
  await watch(ADA, 'KVO-530-1');
  await watch(BOB, 'KVO-530-2');
  const foreign = { userId: BOB, email: 'x@example.org', linkedAt: 1, proof: 'none', allowsEscalation: true };
  await storage.records('links', z.any()).save(ADA, foreign);
  start();
  await clock.passSlowly(60 * MINUTE_MS, 5000);
  expect(views.map(({ reference }) => reference)).toContain('KVO-530-2');
});

test("tickets that were quiet for 30 days take nobody's turn", async () => {
  const { clock, watch, start, views } = await createWatch();
  for (let index = 0; index < 12; index += 1) await watch(`2000000000000000${10 + index}`, `KVO-1-${index}`);
  clock.pass(31 * DAY_MS);
  await watch(BOB, 'KVO-530-2');
  start();
  await clock.passSlowly(20 * MINUTE_MS, 1000);
  expect(views.map(({ reference }) => reference)).toContain('KVO-530-2');
});

test('a look that hangs keeps no notice from being sent again in time', async () => {
  const { clock, answer, told, tells, watch, reference, shows, shown, until, notifications } = await startWatching({
    looksPerMinute: 60,
  });
  for (let index = 0; index < 100; index += 1) await watch(`3000000000000${1000 + index}`, `KVO-1-${index}`);
  await clock.passSlowly(10 * MINUTE_MS, 1000);
  tells(async () => (told.length === 1 ? 'unknown' : 'sent'));
  answer(reference);
  let hangs = true;
  shows(async (one) => {
    const ticket = shown.get(one);
    if (told.length > 0 && hangs) {
      hangs = false;
      await new Promise<void>((resolve) => void clock.after(130_000, resolve));
      return { kind: 'unreachable', cause: new HelpdeskError('timeout', 'no answer') };
    }
    return ticket ? { kind: 'viewed', ticket } : { kind: 'refused' };
  });
  await until(() => told.length === 1);
  await clock.passSlowly(5 * MINUTE_MS, 1000);
  expect(told).toHaveLength(2);
  expect(await notifications()).toEqual([]);
});
