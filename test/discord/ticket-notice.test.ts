import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { sendTicketNotice } from '../../src/discord/delivery/ticket-notice.ts';
import { createLog } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import { type ApiRequest, startDiscordApi } from '../support/discord-api.ts';

const NOTICE = {
  ...{ userId: '1', ticketId: 't', reference: 'KVO-530-1', changedAt: 1, claimedAt: 1, nonce: 'n', attempt: 1 },
};

/** @param handleMessage What Discord does with the message; the direct channel is always there. */
async function sendTo(handleMessage: (request: ApiRequest) => void, maySend = () => true) {
  const rest = await startDiscordApi((request) => {
    if (request.path.endsWith('/users/@me/channels')) request.answer(200, { id: '1' });
    else handleMessage(request);
  });
  const services = { config: { helpdesk: { name: 'h' } } as never, metrics: createMetrics(systemClock) };
  return sendTicketNotice(rest, { ...services, log: createLog('silent') }, NOTICE, maySend);
}

test.each([
  ['too many requests', 429, { message: 'slow down', retry_after: 60, global: false }],
  ['a refusal', 403, { message: 'flagged', code: 20026 }],
  ['closed direct messages', 403, { message: 'closed', code: 50007 }],
])(
  'after a first try that may have arrived, %s at the second does not say that it has not',
  async (_, status, body) => {
    const nonces: unknown[] = [];
    const result = await sendTo((request) => {
      nonces.push(request.body.nonce);
      if (nonces.length === 1) request.cut();
      else request.answer(status, body);
    });
    expect(nonces).toEqual(['n', 'n']);
    expect(result).toEqual({ kind: 'unknown' });
  },
);

test.each([
  ['closed direct messages', 403, 50007, 'closed'],
  ['no server in common', 403, 50278, 'closed'],
  ['a message that Discord never takes', 400, 50035, 'refused'],
  ['a bot that was flagged', 403, 20026, 'refused'],
  ['too many new direct messages', 403, 40003, 'not-sent'],
  ['a token that is no longer the right one', 401, 0, 'not-sent'],
  ['a server error', 502, 0, 'unknown'],
])('%s: %i with %i is %s', async (_, status, code, kind) => {
  expect(await sendTo(({ answer }) => answer(status, { message: 'no', code }))).toMatchObject({ kind });
});

test('for how long Discord wants to be left alone is kept with a notice that it did not take', async () => {
  const body = { message: 'slow down', retry_after: 600, global: false };
  const { waitMs = 0 } = (await sendTo(({ answer }) => answer(429, body))) as { waitMs?: number };
  expect(waitMs).toBeGreaterThanOrEqual(600_000);
});

test('whoever may send it no more by then sends no message', async () => {
  let messages = 0;
  const result = await sendTo(
    () => {
      messages += 1;
    },
    () => false,
  );
  expect({ result, messages }).toEqual({ result: { kind: 'not-sent' }, messages: 0 });
});
