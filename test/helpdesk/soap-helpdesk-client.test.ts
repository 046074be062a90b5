import { describe, expect, test } from 'vitest';
import type { HelpdeskFaultName } from '../../sandbox/helpdesk/faults.ts';
import type { HelpdeskCallKind } from '../../src/helpdesk/soap-helpdesk-client.ts';
import { describeHelpdeskClient } from '../contracts/helpdesk-client.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { clientOf, helpdeskForTest, PASSWORD, REQUEST, USERNAME } from './helpdesk-harness.ts';

describeHelpdeskClient('the SOAP client', async () => {
  const helpdesk = await helpdeskForTest();
  return {
    client: clientOf(helpdesk.url),
    ticketCount: () => helpdesk.tickets.length,
    postsOf: (reference) =>
      helpdesk.tickets.find((ticket) => ticket.reference === reference)?.posts.map(({ contents }) => contents) ?? [],
    takeDown: () => helpdesk.down(),
    refuseNext: () => helpdesk.fault('refused', { times: 1 }),
    loseNextAnswer: () => helpdesk.fault('open-then-reset', { times: 1 }),
    hangNext: async () => {
      helpdesk.fault('open-then-hang', { times: 1 });
      await helpdesk.nextCall('api_openTicket');
    },
    refuseNextOn: (operation) => helpdesk.fault(operation === 'view' ? 'view-failed' : 'post-refused', { times: 1 }),
    loseNextAnswerTo: (operation) =>
      helpdesk.fault(operation === 'view' ? 'view-reset' : 'post-then-reset', { times: 1 }),
    hangNextOn: async (operation) => {
      helpdesk.fault(operation === 'view' ? 'view-hang' : 'post-then-hang', { times: 1 });
      await helpdesk.nextCall(operation === 'view' ? 'api_viewTicket' : 'api_ticketPost');
    },
    stop: () => helpdesk.close(),
  };
});

test('a ticket arrives with its seven arguments, in their order', async () => {
  const helpdesk = await helpdeskForTest();
  await clientOf(helpdesk.url).openTicket({ ...REQUEST, product: 'VPS 42' });

  expect(helpdesk.calls.map((call) => call.values)).toEqual([
    [USERNAME, '•••'],
    ['•••', REQUEST.requesterEmail, '192.0.2.7', REQUEST.subject, 'VPS 42', REQUEST.body, ''],
  ]);
  expect(helpdesk.tickets).toMatchObject([{ subject: 'VPS 42 : Server does not boot', userIp: '192.0.2.7' }]);
});

describe('after', () => {
  test.each<[HelpdeskFaultName, string, string | undefined, number]>([
    // fault, result, its reference or the kind of its cause, tickets
    ['reset', 'unconfirmed', 'connection-lost', 0],
    ['open-then-reset', 'unconfirmed', 'connection-lost', 1],
    ['open-then-cut', 'opened', 'KVO-530-34143', 1],
    ['open-then-cut-deep', 'unconfirmed', 'not-soap', 1],
    ['open-then-warning', 'opened', 'KVO-530-34143', 1],
    ['open-then-empty', 'unconfirmed', 'not-soap', 1],
    ['open-then-html', 'unconfirmed', 'server-error', 1],
    ['open-then-fault', 'unconfirmed', 'fault', 1],
    ['html-200', 'unconfirmed', 'not-soap', 0],
    ['bad-gateway', 'unconfirmed', 'server-error', 0],
    ['empty-500', 'unconfirmed', 'server-error', 0],
    ['forbidden', 'unconfirmed', 'firewall', 0],
    ['forbidden-answer', 'unconfirmed', 'firewall', 1],
    ['not-acceptable', 'unconfirmed', 'firewall', 0],
    ['block-page', 'unconfirmed', 'firewall', 0],
    ['too-large', 'unreachable', 'firewall', 0],
    ['rate-limited', 'unreachable', 'rate-limited', 0],
    ['open-then-gzip', 'opened', 'KVO-530-34143', 1],
    ['open-then-deflate', 'opened', 'KVO-530-34143', 1],
    ['open-then-deflate-raw', 'opened', 'KVO-530-34143', 1],
    ['open-then-brotli', 'opened', 'KVO-530-34143', 1],
    ['open-then-gzip-cut', 'unconfirmed', 'connection-lost', 1],
    ['open-then-gzip-bomb', 'unconfirmed', 'not-soap', 1],
    ['json', 'unconfirmed', 'not-soap', 0],
    ['redirect', 'unconfirmed', 'not-soap', 0],
    ['fault-server', 'unconfirmed', 'fault', 0],
    ['fault-client', 'unconfirmed', 'bad-request', 0],
    ['nil', 'unconfirmed', 'not-soap', 0],
    ['blank', 'unconfirmed', 'not-soap', 0],
    ['refused', 'refused', undefined, 0],
    ['failed-creating', 'unconfirmed', 'unexpected-status', 1],
    ['failed-root-pass', 'unconfirmed', 'unexpected-status', 1],
    ['failed-unknown', 'unconfirmed', 'unexpected-status', 0],
    ['odd-status', 'unconfirmed', 'unexpected-status', 1],
    ['reference-minus-one', 'opened', undefined, 1],
    ['reference-zero', 'opened', undefined, 1],
    ['reference-empty', 'opened', undefined, 1],
    ['reference-number', 'opened', '34143', 1],
    ['reference-nan', 'opened', undefined, 1],
    ['reference-null', 'opened', undefined, 1],
    ['failed-notification', 'unconfirmed', 'unexpected-status', 1],
    ['open-then-session-fault', 'unconfirmed', 'fault', 1],
  ])('%s a ticket is %s (%s), and sent once', async (fault, kind, detail, tickets) => {
    const helpdesk = await helpdeskForTest();
    helpdesk.fault(fault);
    const result = await clientOf(helpdesk.url).openTicket(REQUEST);

    expect(result.kind).toBe(kind);
    if (result.kind === 'opened') expect(result.reference).toBe(detail);
    else if (result.kind !== 'refused') expect(result.cause.kind).toBe(detail);
    expect(helpdesk.tickets.length).toBe(tickets);
    expect(helpdesk.calls.map((call) => call.operation)).toEqual(['api_login', 'api_openTicket']);
  });

  test.each<[HelpdeskFaultName, number]>([
    ['hang', 0],
    ['open-then-hang', 1],
  ])('%s a ticket is unconfirmed when its time is over', async (fault, tickets) => {
    const helpdesk = await helpdeskForTest();
    helpdesk.fault(fault);
    const clock = new ManualClock();
    const opening = clientOf(helpdesk.url, { clock }).openTicket(REQUEST);

    expect(await clock.passUntil(opening)).toMatchObject({
      kind: 'unconfirmed',
      cause: { kind: 'timeout' },
    });
    expect(helpdesk.tickets.length).toBe(tickets);
  });

  test('PHP warnings a ticket is opened without a number where something cuts the answer at its announced length', async () => {
    const helpdesk = await helpdeskForTest();
    helpdesk.cutsAtLength = true;
    helpdesk.fault('open-then-warning');

    await expect(clientOf(helpdesk.url).openTicket(REQUEST)).resolves.toEqual({ kind: 'opened', reference: undefined });
  });

  test('an answer that takes long within its time, a ticket is opened', async () => {
    const helpdesk = await helpdeskForTest();
    helpdesk.fault('open-then-hang');
    const arrived = helpdesk.nextCall('api_openTicket');
    const opening = clientOf(helpdesk.url).openTicket(REQUEST);
    await arrived;
    helpdesk.release();

    await expect(opening).resolves.toEqual({ kind: 'opened', reference: 'KVO-530-34143' });
  });
});

describe('a session', () => {
  test('is shared by all calls, with one login however many start at once', async () => {
    const helpdesk = await helpdeskForTest();
    const client = clientOf(helpdesk.url);
    await Promise.all([1, 2, 3, 4, 5].map(() => client.openTicket(REQUEST)));
    await client.openTicket(REQUEST);

    expect(helpdesk.tickets.length).toBe(6);
    expect(helpdesk.calls.filter((call) => call.operation === 'api_login').length).toBe(1);
  });

  test('is asked for by checks and tickets at once with one login', async () => {
    const helpdesk = await helpdeskForTest();
    const client = clientOf(helpdesk.url);
    await Promise.all([client.check(), client.check(), client.openTicket(REQUEST)]);

    expect(helpdesk.calls.map((call) => call.operation)).toEqual(['api_login', 'api_openTicket']);
  });

  test('serves tickets while a check waits for a login that hangs', async () => {
    const helpdesk = await helpdeskForTest();
    const client = clientOf(helpdesk.url);
    await client.check();
    helpdesk.fault('hang', { operation: 'api_login', times: 1 });
    const arrived = helpdesk.nextCall('api_login');
    const checked = client.check();
    await arrived;
    await expect(client.openTicket(REQUEST)).resolves.toMatchObject({ kind: 'opened' });
    helpdesk.release();
    await expect(checked).resolves.toBeUndefined();
  });

  test.each(['fault', 'nil', 'text', 'mismatch'] as const)(
    'that has expired is renewed, and the ticket sent once more, after the answer: %s',
    async (unknownSession) => {
      const helpdesk = await helpdeskForTest({ unknownSession });
      const client = clientOf(helpdesk.url);
      await client.openTicket(REQUEST);
      helpdesk.expireSessions();

      await expect(client.openTicket(REQUEST)).resolves.toEqual({ kind: 'opened', reference: 'KVO-530-34144' });
      expect(helpdesk.tickets.length).toBe(2);
      expect(helpdesk.calls.map((call) => call.operation)).toEqual([
        'api_login',
        'api_openTicket',
        'api_openTicket',
        'api_login',
        'api_openTicket',
      ]);
    },
  );

  test('that has expired under several calls is renewed once', async () => {
    const helpdesk = await helpdeskForTest();
    const client = clientOf(helpdesk.url);
    await client.check();
    helpdesk.expireSessions();
    const results = await Promise.all([1, 2, 3].map(() => client.openTicket(REQUEST)));

    expect(results.map((result) => result.kind)).toEqual(['opened', 'opened', 'opened']);
    expect(helpdesk.calls.filter((call) => call.operation === 'api_login').length).toBe(2);
  });

  test.each<[HelpdeskFaultName, string]>([
    ['expired-fault', 'unconfirmed'],
    ['expired-nil', 'unconfirmed'],
    ['expired-text', 'unreachable'],
    ['expired-mismatch', 'refused'],
  ])('that is always refused (%s) is renewed once only, and the ticket %s', async (fault, kind) => {
    const helpdesk = await helpdeskForTest();
    const client = clientOf(helpdesk.url);
    await client.check();
    helpdesk.fault(fault);

    await expect(client.openTicket(REQUEST)).resolves.toMatchObject({ kind });
    expect(helpdesk.calls.filter((call) => call.operation === 'api_openTicket').length).toBe(2);
  });

  test.each<HelpdeskFaultName>([
    'open-then-fault',
    'open-then-session-fault',
    'failed-notification',
    'failed-creating',
    'fault-client',
  ])('is not renewed after %s, and the ticket is not sent again', async (fault) => {
    const helpdesk = await helpdeskForTest();
    const client = clientOf(helpdesk.url);
    await client.check();
    helpdesk.fault(fault);

    await expect(client.openTicket(REQUEST)).resolves.toMatchObject({ kind: 'unconfirmed' });
    expect(helpdesk.calls.map(({ operation }) => operation)).toEqual(['api_login', 'api_openTicket']);
  });

  test.each<HelpdeskFaultName>(['open-then-reset', 'open-then-html', 'forbidden', 'failed-unknown'])(
    'is not trusted after %s: the next ticket logs in first, and if that fails nothing was opened',
    async (fault) => {
      const helpdesk = await helpdeskForTest();
      const client = clientOf(helpdesk.url);
      await client.check();
      helpdesk.fault(fault, { times: 1 });
      await expect(client.openTicket(REQUEST)).resolves.toMatchObject({ kind: 'unconfirmed' });
      helpdesk.fault('reset', { operation: 'api_login', times: 1 });
      await expect(client.openTicket(REQUEST)).resolves.toMatchObject({ kind: 'unreachable' });
      await expect(client.openTicket(REQUEST)).resolves.toMatchObject({ kind: 'opened' });
    },
  );

  test('is not renewed after an answer that is cut down to nothing', async () => {
    const helpdesk = await helpdeskForTest();
    const client = clientOf(helpdesk.url);
    await client.check();
    helpdesk.fault('open-then-cut-deep');

    await expect(client.openTicket(REQUEST)).resolves.toMatchObject({ kind: 'unconfirmed' });
    expect(helpdesk.tickets.length).toBe(1);
  });

  test('that cannot be renewed leaves the ticket unreachable', async () => {
    const helpdesk = await helpdeskForTest();
    const client = clientOf(helpdesk.url);
    await client.check();
    helpdesk.expireSessions();
    helpdesk.fault('empty-500', { operation: 'api_login' });

    await expect(client.openTicket(REQUEST)).resolves.toMatchObject({ kind: 'unreachable' });
    expect(helpdesk.tickets.length).toBe(0);
  });
});

describe('a last look before a ticket is sent', () => {
  const stopped = async () => {
    throw new Error('stopped');
  };

  test('is made after a login, and what it says is sent', async () => {
    const helpdesk = await helpdeskForTest();
    await clientOf(helpdesk.url).openTicket(REQUEST, async () => ({ ...REQUEST, requesterEmail: 'new@example.com' }));

    expect(helpdesk.tickets).toMatchObject([{ requesterEmail: 'new@example.com' }]);
  });

  test('is not made again where nothing came between', async () => {
    const helpdesk = await helpdeskForTest();
    const client = clientOf(helpdesk.url);
    await client.check();

    await expect(client.openTicket(REQUEST, stopped)).resolves.toMatchObject({ kind: 'opened' });
  });

  test.each(['after a login', 'before a repeat'])('%s sends nothing when it says no', async (when) => {
    const helpdesk = await helpdeskForTest();
    const client = clientOf(helpdesk.url);
    if (when === 'before a repeat') {
      await client.check();
      helpdesk.expireSessions();
    }

    await expect(client.openTicket(REQUEST, stopped)).rejects.toThrow('stopped');
    expect(helpdesk.tickets).toEqual([]);
  });
});

describe('a login', () => {
  test.each<[HelpdeskFaultName, string]>([
    ['nil', 'login'],
    ['blank', 'login'],
    ['fault-client', 'bad-request'],
    ['fault-server', 'fault'],
    ['html-200', 'not-soap'],
    ['empty-500', 'server-error'],
    ['forbidden', 'login-blocked'],
    ['block-page', 'login-blocked'],
    ['rate-limited', 'rate-limited'],
    ['json', 'not-soap'],
    ['redirect', 'not-soap'],
    ['reset', 'connection-lost'],
  ])('that ends in %s leaves the ticket unreachable (%s)', async (fault, kind) => {
    const helpdesk = await helpdeskForTest();
    helpdesk.fault(fault, { operation: 'api_login' });
    const client = clientOf(helpdesk.url);

    await expect(client.openTicket(REQUEST)).resolves.toMatchObject({ kind: 'unreachable', cause: { kind } });
    await expect(client.check()).resolves.toMatchObject({ kind: kind === 'login-blocked' ? 'firewall' : kind });
    expect(helpdesk.calls.every((call) => call.operation === 'api_login')).toBe(true);
  });

  test('that hangs leaves the ticket unreachable', async () => {
    const helpdesk = await helpdeskForTest();
    helpdesk.fault('hang', { operation: 'api_login' });
    const clock = new ManualClock();
    const opening = clientOf(helpdesk.url, { clock }).openTicket(REQUEST);

    expect(await clock.passUntil(opening)).toMatchObject({
      kind: 'unreachable',
      cause: { kind: 'timeout' },
    });
  });

  test.each(['false', 'NULL', 'Array', '-1', 'Login failed.'])(
    'that gives %j for a session is refused',
    async (value) => {
      const helpdesk = await helpdeskForTest();
      helpdesk.fault({ works: false, effect: { kind: 'string', value } }, { operation: 'api_login' });

      await expect(clientOf(helpdesk.url).check()).resolves.toMatchObject({ kind: 'login' });
    },
  );

  test('with a wrong password is told as such', async () => {
    const helpdesk = await helpdeskForTest();

    await expect(clientOf(helpdesk.url, { password: 'wrong' }).check()).resolves.toMatchObject({ kind: 'login' });
  });

  test('that failed is tried again by the next ticket', async () => {
    const helpdesk = await helpdeskForTest();
    helpdesk.fault('empty-500', { operation: 'api_login', times: 1 });
    const client = clientOf(helpdesk.url);

    await expect(client.openTicket(REQUEST)).resolves.toMatchObject({ kind: 'unreachable' });
    await expect(client.openTicket(REQUEST)).resolves.toMatchObject({ kind: 'opened' });
  });

  test.each(['nusoap', 'conforming'] as const)('works with a password beyond ASCII: %s', async (peer) => {
    const accounts = [{ username: 'bjørn@example.com', password: 'pässwörd€', kind: 'client' }] as const;
    const helpdesk = await helpdeskForTest({ peer, accounts });

    await expect(clientOf(helpdesk.url, accounts[0]).check()).resolves.toBeUndefined();
  });
});

test.each(['client', 'admin'] as const)('the kind of an account is told: %s', async (kind) => {
  const helpdesk = await helpdeskForTest({ accounts: [{ username: USERNAME, password: PASSWORD, kind }] });
  const client = clientOf(helpdesk.url);

  await expect(client.accountKind()).resolves.toBe(kind);
  helpdesk.expireSessions();
  await expect(client.accountKind()).resolves.toBe(kind);
  await helpdesk.down();
  await expect(client.accountKind()).resolves.toBeUndefined();
});

test('a client account opens tickets for its own address alone', async () => {
  const helpdesk = await helpdeskForTest({ accounts: [{ username: USERNAME, password: PASSWORD, kind: 'client' }] });
  const client = clientOf(helpdesk.url);

  await expect(client.openTicket({ ...REQUEST, requesterEmail: USERNAME })).resolves.toMatchObject({ kind: 'opened' });
  await expect(client.openTicket(REQUEST)).resolves.toMatchObject({
    kind: 'refused',
    reason: 'Invalid Email Address - Does not match your account email!',
  });
  expect(helpdesk.tickets.length).toBe(1);
});

test('each call is told with what became of it', async () => {
  const helpdesk = await helpdeskForTest();
  const told: [string, HelpdeskCallKind][] = [];
  helpdesk.fault('fault-server');
  await clientOf(helpdesk.url, { onCall: (operation, kind) => told.push([operation, kind]) }).openTicket(REQUEST);

  expect(told).toEqual([
    ['api_login', 'ok'],
    ['api_openTicket', 'fault'],
  ]);
});
