import { describe, expect, test } from 'vitest';
import type { HelpdeskFaultName } from '../../sandbox/helpdesk/faults.ts';
import type { HelpdeskOptions } from '../../sandbox/helpdesk/sandbox-helpdesk.ts';
import type { SoapHelpdeskClientOptions } from '../../src/helpdesk/soap-helpdesk-client.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { clientOf, helpdeskForTest, PASSWORD, REQUEST, USERNAME } from './helpdesk-harness.ts';

const REFERENCE = 'KVO-530-34143';
/** A morning in New York, 08:00 there. */
const OPENED_AT = Date.UTC(2026, 0, 15, 13);

/** A helpdesk with one ticket, and a client that is logged in there. */
async function helpdeskWithTicket(
  options: HelpdeskOptions = {},
  clientOptions: Partial<SoapHelpdeskClientOptions> = {},
) {
  const time = { now: OPENED_AT };
  const helpdesk = await helpdeskForTest({ now: () => time.now, ...options });
  const client = clientOf(helpdesk.url, clientOptions);
  await client.openTicket(REQUEST);
  return { helpdesk, client, time };
}

test('a ticket is shown with its posts, oldest first, in the words of the helpdesk', async () => {
  const { helpdesk, client, time } = await helpdeskWithTicket();
  time.now += 60_000;
  helpdesk.answerAsSupport({ reference: REFERENCE, text: 'Which kernel?', isPrivate: false });
  time.now += 60_000;
  helpdesk.answerAsSupport({ reference: REFERENCE, text: 'Same as last week.', isPrivate: true });
  helpdesk.setState(REFERENCE, 'On Hold');

  await expect(client.viewTicket(REFERENCE)).resolves.toEqual({
    kind: 'viewed',
    ticket: {
      reference: REFERENCE,
      requesterEmail: REQUEST.requesterEmail,
      subject: REQUEST.subject,
      state: 'On Hold',
      createdAt: '2026-01-15 08:00:00',
      lastActivityAt: '2026-01-15 08:02:00',
      posts: [
        { email: REQUEST.requesterEmail, writtenAt: '2026-01-15 08:00:00', contents: REQUEST.body },
        { email: 'sam@staff.example', writtenAt: '2026-01-15 08:01:00', contents: 'Which kernel?' },
        { email: 'sam@staff.example', writtenAt: '2026-01-15 08:02:00', contents: 'Same as last week.' },
      ],
    },
  });
  expect(helpdesk.calls.map(({ operation, values }) => [operation, values.length])).toEqual([
    ['api_login', 2],
    ['api_openTicket', 7],
    ['api_viewTicket', 2],
  ]);
});

test('a ticket is found by its number, too', async () => {
  const { client } = await helpdeskWithTicket();

  await expect(client.viewTicket('34143')).resolves.toMatchObject({ kind: 'viewed', ticket: { reference: REFERENCE } });
});

describe('after', () => {
  test.each<[HelpdeskFaultName, string, string | undefined]>([
    ['view-failed', 'refused', undefined],
    ['view-reset', 'unreachable', 'connection-lost'],
    ['view-cut-tags', 'viewed', undefined],
    ['view-cut', 'unreachable', 'not-soap'],
    ['view-warning', 'viewed', undefined],
    ['view-html', 'unreachable', 'server-error'],
    // No text was sent that something in front could have refused.
    ['view-forbidden', 'unreachable', 'login-blocked'],
    ['view-fault', 'unreachable', 'fault'],
    ['view-nil', 'unreachable', 'not-soap'],
    ['view-odd-status', 'unreachable', 'unexpected-status'],
    ['view-empty', 'unreachable', 'not-soap'],
  ])('%s a ticket is %s (%s)', async (fault, kind, detail) => {
    const { helpdesk, client } = await helpdeskWithTicket();
    helpdesk.fault(fault);
    const result = await client.viewTicket(REFERENCE);

    expect(result.kind).toBe(kind);
    if (result.kind === 'unreachable') expect(result.cause.kind).toBe(detail);
    helpdesk.clearFaults();
    await expect(client.viewTicket(REFERENCE)).resolves.toMatchObject({ kind: 'viewed' });
  });

  test('view-hang a look ends when its time is over', async () => {
    const clock = new ManualClock();
    const { helpdesk, client } = await helpdeskWithTicket({}, { clock });
    helpdesk.fault('view-hang');

    expect(await clock.passUntil(client.viewTicket(REFERENCE))).toMatchObject({
      kind: 'unreachable',
      cause: { kind: 'timeout' },
    });
  });
});

describe('an answer with a length that NuSOAP counted too short', () => {
  const JAPANESE = 'サーバーが起動しません。'.repeat(200);

  test('is read to its end', async () => {
    const { helpdesk, client } = await helpdeskWithTicket();
    helpdesk.answerAsSupport({ reference: REFERENCE, text: JAPANESE, isPrivate: false });

    await expect(client.viewTicket(REFERENCE)).resolves.toMatchObject({
      kind: 'viewed',
      ticket: { posts: [{ contents: REQUEST.body }, { contents: JAPANESE }] },
    });
  });

  test('is no ticket where something cuts it within the posts', async () => {
    const { helpdesk, client } = await helpdeskWithTicket();
    helpdesk.cutsAtLength = true;
    helpdesk.answerAsSupport({ reference: REFERENCE, text: JAPANESE, isPrivate: false });

    await expect(client.viewTicket(REFERENCE)).resolves.toMatchObject({
      kind: 'unreachable',
      cause: { kind: 'not-soap' },
    });
  });

  test('is read where something cuts the tags after the ticket alone', async () => {
    const { helpdesk, client } = await helpdeskWithTicket();
    helpdesk.cutsAtLength = true;
    helpdesk.answerAsSupport({ reference: REFERENCE, text: 'Schöne Grüße', isPrivate: false });

    await expect(client.viewTicket(REFERENCE)).resolves.toMatchObject({
      kind: 'viewed',
      ticket: { posts: [{ contents: REQUEST.body }, { contents: 'Schöne Grüße' }] },
    });
  });
});

describe('a session', () => {
  test.each(['fault', 'nil', 'text', 'mismatch'] as const)(
    'that has expired is renewed, and the look made once more, after the answer: %s',
    async (unknownSession) => {
      const { helpdesk, client } = await helpdeskWithTicket({ unknownSession });
      helpdesk.expireSessions();

      await expect(client.viewTicket(REFERENCE)).resolves.toMatchObject({ kind: 'viewed' });
      expect(helpdesk.calls.map(({ operation }) => operation)).toEqual([
        'api_login',
        'api_openTicket',
        'api_viewTicket',
        'api_login',
        'api_viewTicket',
      ]);
    },
  );

  test.each<[HelpdeskFaultName, string, string | undefined]>([
    ['expired-fault', 'unreachable', 'bad-request'],
    ['expired-nil', 'unreachable', 'not-soap'],
    ['expired-text', 'unreachable', 'login'],
    ['expired-mismatch', 'refused', undefined],
  ])('that is always refused (%s) is renewed once only', async (fault, kind, detail) => {
    const { helpdesk, client } = await helpdeskWithTicket();
    helpdesk.fault(fault, { operation: 'api_viewTicket' });

    await expect(client.viewTicket(REFERENCE)).resolves.toMatchObject({
      kind,
      ...(detail && { cause: { kind: detail } }),
    });
    expect(helpdesk.calls.filter(({ operation }) => operation === 'api_viewTicket')).toHaveLength(2);
  });

  test('is kept where the helpdesk has looked for the ticket: nobody logs in for a ticket that is gone', async () => {
    const { helpdesk, client } = await helpdeskWithTicket();

    await expect(client.viewTicket('KVO-530-99999')).resolves.toEqual({ kind: 'refused' });
    expect(helpdesk.calls.filter(({ operation }) => operation === 'api_login')).toHaveLength(1);
  });

  test('of a client sees the own tickets alone, and hears the same of all others', async () => {
    const accounts = [
      { username: USERNAME, password: PASSWORD, kind: 'admin' },
      { username: 'ada@example.com', password: 'other', kind: 'client' },
    ] as const;
    const { helpdesk, client } = await helpdeskWithTicket({ accounts });
    await client.openTicket({ ...REQUEST, requesterEmail: 'bob@example.com' });
    const own = clientOf(helpdesk.url, { username: 'ada@example.com', password: 'other' });

    await expect(own.viewTicket(REFERENCE)).resolves.toMatchObject({ kind: 'viewed' });
    for (const reference of ['KVO-530-34144', 'KVO-530-99999']) {
      await expect(own.viewTicket(reference)).resolves.toEqual({ kind: 'refused' });
    }
  });
});

describe('a look that is called off', () => {
  test('ends at once, and the session serves the next one', async () => {
    const { helpdesk, client } = await helpdeskWithTicket();
    helpdesk.fault('view-hang', { times: 1 });
    const calledOff = new AbortController();
    const arrived = helpdesk.nextCall('api_viewTicket');
    const look = client.viewTicket(REFERENCE, calledOff.signal);
    await arrived;
    calledOff.abort();

    await expect(look).resolves.toMatchObject({ kind: 'unreachable', cause: { kind: 'closed' } });
    await expect(client.viewTicket(REFERENCE)).resolves.toMatchObject({ kind: 'viewed' });
    expect(helpdesk.calls.filter(({ operation }) => operation === 'api_login')).toHaveLength(1);
  });

  test('does not wait for a login, which goes on for the others', async () => {
    const { helpdesk, client } = await helpdeskWithTicket();
    helpdesk.expireSessions();
    helpdesk.fault('hang', { operation: 'api_login', times: 1 });
    const calledOff = new AbortController();
    const arrived = helpdesk.nextCall('api_login');
    const look = client.viewTicket(REFERENCE, calledOff.signal);
    await arrived;
    const opening = client.openTicket(REQUEST);
    calledOff.abort();

    await expect(look).resolves.toMatchObject({ kind: 'unreachable', cause: { kind: 'closed' } });
    helpdesk.release();
    await expect(opening).resolves.toMatchObject({ kind: 'opened' });
    expect(helpdesk.calls.filter(({ operation }) => operation === 'api_viewTicket')).toHaveLength(1);
  });

  test('before it began makes no call', async () => {
    const helpdesk = await helpdeskForTest();

    await expect(clientOf(helpdesk.url).viewTicket(REFERENCE, AbortSignal.abort())).resolves.toMatchObject({
      kind: 'unreachable',
      cause: { kind: 'closed' },
    });
    expect(helpdesk.calls).toEqual([]);
  });
});
