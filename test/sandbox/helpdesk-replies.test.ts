import { describe, expect, test } from 'vitest';
import type { HelpdeskOptions, SandboxHelpdesk } from '../../sandbox/helpdesk/sandbox-helpdesk.ts';
import { readXml, type XmlElement } from '../../sandbox/helpdesk/xml-reader.ts';
import { helpdeskForTest } from '../helpdesk/helpdesk-harness.ts';

const REFERENCE = 'KVO-530-34143';
const ACCOUNTS = [
  { username: 'bot@example.com', password: 'sandbox-password', kind: 'admin' },
  { username: 'ada@example.com', password: 'sandbox-password', kind: 'client' },
] as const;

/** Calls an operation as any client would. @returns What came back, as it is. */
async function call(helpdesk: SandboxHelpdesk, operation: string, values: readonly string[]) {
  const args = values.map((value, index) => `<a${index}>${value}</a${index}>`).join('');
  const body = `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><m:${operation} xmlns:m="urn:myapi">${args}</m:${operation}></s:Body></s:Envelope>`;
  const headers = { 'Content-Type': 'text/xml; charset=UTF-8' };
  const response = await fetch(helpdesk.url, { method: 'POST', body, headers });
  return { status: response.status, text: await response.text() };
}

/** A helpdesk with a ticket of Ada's, and the sessions of an admin and of her. */
async function helpdeskWithTicket(options: HelpdeskOptions = {}) {
  const time = { now: Date.UTC(2026, 5, 1, 12) };
  const helpdesk = await helpdeskForTest({ accounts: ACCOUNTS, now: () => time.now, ...options });
  const logIn = async (username: string) =>
    /<return [^>]*>(\w+)</.exec((await call(helpdesk, 'api_login', [username, 'sandbox-password'])).text)?.[1] ?? '';
  const admin = await logIn('bot@example.com');
  const client = await logIn('ada@example.com');
  await call(helpdesk, 'api_openTicket', [admin, 'ada@example.com', '192.0.2.7', 'Subject', '', 'Body', '']);
  return { helpdesk, admin, client, time };
}

/** The texts of all elements of this name, in their order. */
function textsOf(xml: string, name: string): string[] {
  const visit = (element: XmlElement): string[] =>
    element.name === name ? [element.text] : element.children.flatMap(visit);
  return visit(readXml(xml));
}

const statusOf = (xml: string) => [...textsOf(xml, 'status'), ...textsOf(xml, 'status_text')];

describe('a ticket that is viewed', () => {
  test('has all posts, with nothing that tells an internal note from an answer', async () => {
    const { helpdesk, admin } = await helpdeskWithTicket();
    helpdesk.answerAsSupport({ reference: REFERENCE, text: 'A public answer', isPrivate: false });
    helpdesk.answerAsSupport({ reference: REFERENCE, text: 'An internal note', isPrivate: true });
    const { text } = await call(helpdesk, 'api_viewTicket', [admin, REFERENCE]);

    expect(statusOf(text)[0]).toBe('success');
    expect(textsOf(text, 'contents')).toEqual(['Body', 'A public answer', 'An internal note']);
    const fields = (item: string) => [...item.matchAll(/<(\w+) /g)].map(([, name]) => name);
    const items = text.match(/<item [\s\S]*?<\/item>/g) ?? [];
    expect(items.map(fields)).toEqual(Array(3).fill(['item', 'email', 'full_name', 'dateline', 'contents']));
    expect(text).toContain('SOAP-ENC:arrayType="tns:viewTicket_post[3]"');
  });

  test('has local times without a zone, by the clock of the stand-in', async () => {
    const { helpdesk, admin, time } = await helpdeskWithTicket();
    time.now += 3_600_000;
    helpdesk.answerAsSupport({ reference: REFERENCE, text: 'A note', isPrivate: true });
    const { text } = await call(helpdesk, 'api_viewTicket', [admin, REFERENCE]);

    expect(textsOf(text, 'creationtime')).toEqual(['2026-06-01 08:00:00']);
    expect(textsOf(text, 'dateline')).toEqual(['2026-06-01 08:00:00', '2026-06-01 09:00:00']);
    // It moves for what no customer sees, too.
    expect(textsOf(text, 'lastactivity')).toEqual(['2026-06-01 09:00:00']);
  });

  test('has its state, which the staff change', async () => {
    const { helpdesk, admin } = await helpdeskWithTicket();
    const state = async () => textsOf((await call(helpdesk, 'api_viewTicket', [admin, REFERENCE])).text, 'statustitle');
    expect(await state()).toEqual(['Open']);
    helpdesk.setState(REFERENCE, 'In Progress');

    expect(await state()).toEqual(['In Progress']);
  });

  test.each([REFERENCE, '34143'])('is found by %s, and by the place of the argument alone', async (id) => {
    const { helpdesk, admin } = await helpdeskWithTicket();

    expect(textsOf((await call(helpdesk, 'api_viewTicket', [admin, id])).text, 'subject')).toEqual(['Subject']);
    expect((await call(helpdesk, 'api_viewTicket', [id, admin])).text).toContain('Invalid session');
    expect(await call(helpdesk, 'api_viewTicket', [admin])).toEqual({ status: 500, text: '' });
  });
});

test('a text beyond ASCII is announced too short by NuSOAP, and right by another server', async () => {
  const { helpdesk, admin } = await helpdeskWithTicket();
  helpdesk.answerAsSupport({ reference: REFERENCE, text: 'こんにちは', isPrivate: false });
  helpdesk.peer = 'conforming';
  const whole = (await call(helpdesk, 'api_viewTicket', [admin, REFERENCE])).text;
  expect(whole).toMatch(/<\/SOAP-ENV:Envelope>$/);
  helpdesk.peer = 'nusoap';

  // Each of the five characters has two bytes more than are counted. Some clients read what is announced, some fail.
  const cut = await call(helpdesk, 'api_viewTicket', [admin, REFERENCE]).catch(() => undefined);
  if (cut) expect(cut.text).not.toMatch(/<\/SOAP-ENV:Envelope>$/);
});

describe('the same is said of a denial and of an outage', () => {
  test.each([
    ['api_viewTicket', 'admin', 'Kayako exception occurred getting ticket details. Please try again!'],
    ['api_viewTicket', 'client', 'Kayako exception occurred getting ticket priority. Please try again!'],
    ['api_ticketPost', 'admin', 'Kayako exception occurred getting ticket details. Please try again!'],
    ['api_ticketPost', 'client', 'Kayako exception occurred getting ticket priority. Please try again!'],
  ] as const)('by %s to a session of the kind %s', async (operation, kind, text) => {
    const { helpdesk, ...sessions } = await helpdeskWithTicket();
    const others = [sessions.admin, 'bob@example.com', '192.0.2.7', 'Of somebody else', '', 'Body', ''];
    await call(helpdesk, 'api_openTicket', others);
    const ask = async (id: string) => (await call(helpdesk, operation, [sessions[kind], id, 'Text'])).text;
    helpdesk.fault({ works: true, effect: { kind: 'backend-down' } }, { operation, times: 1 });
    const outage = statusOf(await ask(REFERENCE));

    expect(outage).toEqual(['failed', text]);
    expect(statusOf(await ask('KVO-530-99999'))).toEqual(outage);
    expect(statusOf(await ask('KVO-530-34144'))[0]).toBe(kind === 'admin' ? 'success' : 'failed');
    expect(statusOf(await ask(REFERENCE))[0]).toBe('success');
    const posts = helpdesk.tickets.flatMap((ticket) => ticket.posts.slice(1));
    expect(posts).toHaveLength(operation === 'api_viewTicket' ? 0 : kind === 'admin' ? 2 : 1);
  });
});

describe('a post', () => {
  test('is written as the customer, whoever logged in, and told to those who listen', async () => {
    const { helpdesk, admin, time } = await helpdeskWithTicket();
    const changed: string[] = [];
    helpdesk.on('changed', ({ reference }) => changed.push(reference));
    time.now += 1_000;
    await call(helpdesk, 'api_ticketPost', [admin, '34143', 'One more thing']);

    expect(helpdesk.tickets[0]?.posts.at(-1)).toEqual({
      authorEmail: 'ada@example.com',
      authorName: 'ada',
      writtenAt: time.now,
      contents: 'One more thing',
      isPrivate: false,
    });
    expect(helpdesk.tickets[0]?.lastActivityAt).toBe(time.now);
    expect(changed).toEqual([REFERENCE]);
  });

  test.each(['', '0', ' \n '])('of %j is refused', async (content) => {
    const { helpdesk, admin } = await helpdeskWithTicket();
    const { text } = await call(helpdesk, 'api_ticketPost', [admin, REFERENCE, content]);

    expect(statusOf(text)).toEqual(['Failed', 'Content is required. Please try again!']);
    expect(helpdesk.tickets[0]?.posts).toHaveLength(1);
  });

  test.each([
    ['Closed', 'Open'],
    ['In Progress', 'In Progress'],
    ['On Hold', 'On Hold'],
  ] as const)('to a ticket that is %s leaves it %s, by mail as well', async (before, after) => {
    const { helpdesk, admin } = await helpdeskWithTicket();
    helpdesk.setState(REFERENCE, before);
    await call(helpdesk, 'api_ticketPost', [admin, REFERENCE, 'Text']);
    expect(helpdesk.tickets[0]?.state).toBe(after);
    helpdesk.setState(REFERENCE, before);
    helpdesk.answerByMail({ reference: REFERENCE, text: 'By mail' });

    expect(helpdesk.tickets[0]?.state).toBe(after);
    expect(helpdesk.tickets[0]?.posts.at(-1)).toMatchObject({ authorEmail: 'ada@example.com', contents: 'By mail' });
  });
});

test('an answer of the staff changes no state, and none can be given to a ticket that is not there', async () => {
  const { helpdesk } = await helpdeskWithTicket();
  helpdesk.setState(REFERENCE, 'Closed');
  helpdesk.answerAsSupport({ reference: REFERENCE, text: 'Solved.', isPrivate: false });

  expect(helpdesk.tickets[0]?.state).toBe('Closed');
  expect(() => helpdesk.answerAsSupport({ reference: 'KVO-1', text: 'x', isPrivate: false })).toThrow(
    'no ticket KVO-1',
  );
});

test('a named fault concerns its own operation unless another one is said', async () => {
  const { helpdesk } = await helpdeskWithTicket();
  helpdesk.fault('view-failed');
  helpdesk.fault('post-then-reset');
  helpdesk.fault('post-then-reset', { operation: 'api_viewTicket' });
  helpdesk.fault('hang');

  expect(helpdesk.faults).toEqual([
    { fault: 'view-failed', operation: 'api_viewTicket' },
    { fault: 'post-then-reset', operation: 'api_ticketPost' },
    { fault: 'post-then-reset', operation: 'api_viewTicket' },
    { fault: 'hang', operation: 'api_openTicket' },
  ]);
});

test('an expired session is answered in each way that is possible', async () => {
  for (const unknownSession of ['fault', 'nil', 'text', 'mismatch'] as const) {
    const { helpdesk, admin } = await helpdeskWithTicket({ unknownSession });
    helpdesk.expireSessions();
    const { text } = await call(helpdesk, 'api_ticketPost', [admin, REFERENCE, 'Text']);
    const expected = { fault: 'Invalid session', nil: 'xsi:nil', text: 'has expired', mismatch: 'ticket priority' };

    expect(text).toContain(expected[unknownSession]);
    expect(helpdesk.tickets[0]?.posts).toHaveLength(1);
  }
});
