import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { AuditChannel } from '../../src/discord/delivery/audit-channel.ts';
import { createLog } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import { startDiscordApi } from '../support/discord-api.ts';

/** An audit channel where each entry that is written anew is answered so. */
async function rewriteWith(status: number, code: number) {
  const metrics = createMetrics(systemClock);
  const audit = new AuditChannel({ channelId: '1', metrics, log: createLog('silent') });
  const rest = await startDiscordApi(({ method, answer }) =>
    method === 'PATCH' ? answer(status, { message: 'no', code, id: '2' }) : answer(404, { message: 'no', code: 10003 }),
  );
  await audit.connect(rest);
  const result = await audit.rewrite('2', 'changed');
  const { values } = await metrics.undelivered.get();
  return { result, undelivered: values.reduce((sum, { value }) => sum + value, 0) };
}

test('an entry that moderators have deleted is gone, and nothing is wrong with the channel', async () => {
  expect(await rewriteWith(404, 10008)).toEqual({ result: 'gone', undelivered: 0 });
});

test('an entry in a channel that is gone is counted as not delivered', async () => {
  expect(await rewriteWith(404, 10003)).toEqual({ result: 'kept', undelivered: 1 });
});

test('an entry that was written anew is kept', async () => {
  expect(await rewriteWith(200, 0)).toEqual({ result: 'kept', undelivered: 0 });
});
