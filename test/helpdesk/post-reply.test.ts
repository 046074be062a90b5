import { describe, expect, test } from 'vitest';
import type { HelpdeskFaultName } from '../../sandbox/helpdesk/faults.ts';
import type { HelpdeskOptions } from '../../sandbox/helpdesk/sandbox-helpdesk.ts';
import type { SoapHelpdeskClientOptions } from '../../src/helpdesk/soap-helpdesk-client.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { clientOf, helpdeskForTest, REQUEST } from './helpdesk-harness.ts';

const REFERENCE = 'KVO-530-34143';
const REPLY = { reference: REFERENCE, text: 'It is kernel 6.1.' };

/** A helpdesk with one ticket, and a client that is logged in there. */
async function helpdeskWithTicket(
  options: HelpdeskOptions = {},
  clientOptions: Partial<SoapHelpdeskClientOptions> = {},
) {
  const helpdesk = await helpdeskForTest(options);
  const client = clientOf(helpdesk.url, clientOptions);
  await client.openTicket(REQUEST);
  const postsOf = () => helpdesk.tickets[0]?.posts.slice(1).map(({ contents }) => contents);
  const operations = () => helpdesk.calls.slice(2).map(({ operation }) => operation);
  return { helpdesk, client, postsOf, operations };
}

test('a reply is a post of the customer, with its arguments in their order', async () => {
  const { helpdesk, client } = await helpdeskWithTicket();

  await expect(client.postReply(REPLY)).resolves.toEqual({ kind: 'posted' });
  expect(helpdesk.calls.at(-1)?.values).toEqual(['•••', REFERENCE, REPLY.text]);
  expect(helpdesk.tickets[0]?.posts.at(-1)).toMatchObject({
    authorEmail: REQUEST.requesterEmail,
    contents: REPLY.text,
    isPrivate: false,
  });
});

test('a reply to a closed ticket opens it again', async () => {
  const { helpdesk, client } = await helpdeskWithTicket();
  helpdesk.setState(REFERENCE, 'Closed');
  await client.postReply(REPLY);

  expect(helpdesk.tickets[0]?.state).toBe('Open');
});

test.each([
  ['no text', { text: '' }],
  ['blanks', { text: ' \n ' }],
  ['"0"', { text: '0' }],
  ['no ticket', { reference: '' }],
  ['a ticket that does not exist', { reference: 'KVO-530-99999' }],
])('a reply with %s is refused, in the words of the helpdesk', async (_what, wrong) => {
  const { client, postsOf } = await helpdeskWithTicket();

  await expect(client.postReply({ ...REPLY, ...wrong })).resolves.toEqual({
    kind: 'refused',
    reason: expect.stringMatching(/Please try again!$/),
  });
  expect(postsOf()).toEqual([]);
});

describe('after', () => {
  test.each<[HelpdeskFaultName, string, string | undefined, number]>([
    // fault, result, the kind of its cause, posts
    ['post-reset', 'unconfirmed', 'connection-lost', 0],
    ['post-then-reset', 'unconfirmed', 'connection-lost', 1],
    ['post-then-exception', 'unconfirmed', 'unexpected-status', 1],
    ['post-not-written-exception', 'unconfirmed', 'unexpected-status', 0],
    ['post-then-notification', 'unconfirmed', 'unexpected-status', 1],
    ['post-then-cut', 'posted', undefined, 1],
    ['post-then-cut-deep', 'unconfirmed', 'not-soap', 1],
    ['post-then-warning', 'posted', undefined, 1],
    ['post-then-html', 'unconfirmed', 'server-error', 1],
    ['post-then-fault', 'unconfirmed', 'fault', 1],
    ['post-then-session-fault', 'unconfirmed', 'fault', 1],
    ['post-then-odd-status', 'unconfirmed', 'unexpected-status', 1],
    ['post-forbidden', 'unconfirmed', 'firewall', 0],
    ['post-refused', 'refused', undefined, 0],
    ['post-failed-unknown', 'unconfirmed', 'unexpected-status', 0],
  ])('%s a reply is %s (%s), and sent once', async (fault, kind, detail, posts) => {
    const { helpdesk, client, postsOf, operations } = await helpdeskWithTicket();
    helpdesk.fault(fault);
    const result = await client.postReply(REPLY);

    expect(result.kind).toBe(kind);
    if (result.kind === 'unconfirmed') expect(result.cause.kind).toBe(detail);
    expect(postsOf()).toHaveLength(posts);
    expect(operations()).toEqual(['api_ticketPost']);
  });

  test.each<[HelpdeskFaultName, number]>([
    ['post-hang', 0],
    ['post-then-hang', 1],
  ])('%s a reply is unconfirmed when its time is over', async (fault, posts) => {
    const clock = new ManualClock();
    const { helpdesk, client, postsOf } = await helpdeskWithTicket({}, { clock });
    helpdesk.fault(fault);

    expect(await clock.passUntil(client.postReply(REPLY))).toMatchObject({
      kind: 'unconfirmed',
      cause: { kind: 'timeout' },
    });
    expect(postsOf()).toHaveLength(posts);
  });

  test.each(['too-large', 'rate-limited'] as const)('%s a reply is unreachable', async (fault) => {
    const { helpdesk, client } = await helpdeskWithTicket();
    helpdesk.fault(fault, { operation: 'api_ticketPost' });

    await expect(client.postReply(REPLY)).resolves.toMatchObject({ kind: 'unreachable' });
  });
});

describe('a session', () => {
  test.each(['fault', 'nil', 'text', 'mismatch'] as const)(
    'that has expired is renewed, and the reply sent once more, after the answer: %s',
    async (unknownSession) => {
      const { helpdesk, client, postsOf, operations } = await helpdeskWithTicket({ unknownSession });
      helpdesk.expireSessions();

      await expect(client.postReply(REPLY)).resolves.toEqual({ kind: 'posted' });
      expect(postsOf()).toEqual([REPLY.text]);
      expect(operations()).toEqual(['api_ticketPost', 'api_login', 'api_ticketPost']);
    },
  );

  test.each<[HelpdeskFaultName, string]>([
    ['expired-fault', 'unconfirmed'],
    ['expired-nil', 'unconfirmed'],
    ['expired-text', 'unreachable'],
    ['expired-mismatch', 'refused'],
  ])('that is always refused (%s) is renewed once only, and the reply %s', async (fault, kind) => {
    const { helpdesk, client, operations } = await helpdeskWithTicket();
    helpdesk.fault(fault, { operation: 'api_ticketPost' });

    await expect(client.postReply(REPLY)).resolves.toMatchObject({ kind });
    expect(operations()).toEqual(['api_ticketPost', 'api_login', 'api_ticketPost']);
  });

  test('that cannot be renewed leaves the reply unreachable', async () => {
    const { helpdesk, client, postsOf } = await helpdeskWithTicket();
    helpdesk.expireSessions();
    helpdesk.fault('block-page', { operation: 'api_login' });

    await expect(client.postReply(REPLY)).resolves.toMatchObject({
      kind: 'unreachable',
      cause: { kind: 'login-blocked' },
    });
    expect(postsOf()).toEqual([]);
  });

  test('is not trusted after a doubtful reply: the next one logs in first, and if that fails nothing was posted', async () => {
    const { helpdesk, client, postsOf } = await helpdeskWithTicket();
    helpdesk.fault('post-then-exception', { times: 1 });
    await client.postReply(REPLY);
    helpdesk.fault('reset', { operation: 'api_login', times: 1 });

    await expect(client.postReply(REPLY)).resolves.toMatchObject({ kind: 'unreachable' });
    expect(postsOf()).toHaveLength(1);
  });
});

describe('a last look before a reply is sent', () => {
  const stopped = async () => {
    throw new Error('stopped');
  };

  test.each(['after a login', 'before a repeat'])('%s sends nothing when it says no', async (when) => {
    const { helpdesk, client, postsOf } = await helpdeskWithTicket();
    helpdesk.expireSessions();
    const asked = when === 'after a login' ? clientOf(helpdesk.url) : client;

    await expect(asked.postReply(REPLY, stopped)).rejects.toThrow('stopped');
    expect(postsOf()).toEqual([]);
  });

  test('is not made again where nothing came between', async () => {
    const { client } = await helpdeskWithTicket();

    await expect(client.postReply(REPLY, stopped)).resolves.toEqual({ kind: 'posted' });
  });
});
