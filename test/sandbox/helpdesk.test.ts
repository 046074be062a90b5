import { describe, expect, test } from 'vitest';
import { listHelpdeskFaults } from '../../sandbox/helpdesk/faults.ts';
import { type HelpdeskOptions, type SandboxHelpdesk, startHelpdesk } from '../../sandbox/helpdesk/sandbox-helpdesk.ts';
import { helpdeskForTest } from '../helpdesk/helpdesk-harness.ts';

const TICKET = ['ada@example.com', '192.0.2.7', 'Subject', '', 'Body', ''];

function envelope(operation: string, values: readonly string[], encoding = 'UTF-8'): string {
  const args = values.map((value, index) => `<a${index}>${value}</a${index}>`).join('');
  return `<?xml version="1.0" encoding="${encoding}"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><m:${operation} xmlns:m="urn:myapi">${args}</m:${operation}></s:Body></s:Envelope>`;
}

async function post(helpdesk: SandboxHelpdesk, body: string | Uint8Array, contentType = 'text/xml; charset=UTF-8') {
  const response = await fetch(helpdesk.url, { method: 'POST', body, headers: { 'Content-Type': contentType } });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

async function logIn(helpdesk: SandboxHelpdesk, username = 'bot@example.com'): Promise<string> {
  const { text } = await post(helpdesk, envelope('api_login', [username, 'sandbox-password']));
  return /<return xsi:type="xsd:string">([^<]*)</.exec(text)?.[1] ?? '';
}

/** A helpdesk and what openTicket answers there to these arguments. */
async function openTicket(values: readonly string[], options: HelpdeskOptions = {}, username?: string) {
  const helpdesk = await helpdeskForTest(options);
  const answer = await post(helpdesk, envelope('api_openTicket', [await logIn(helpdesk, username), ...values]));
  return { helpdesk, ...answer };
}

test('a ticket is stored, and answered with types and a display ID in a field for numbers', async () => {
  const { helpdesk, status, headers, text } = await openTicket(TICKET, { now: () => 42 });

  expect(status).toBe(200);
  expect(headers.get('x-soap-server')).toContain('NuSOAP');
  expect(text).toContain('<status xsi:type="xsd:string">success</status>');
  expect(text).toContain('<ticket_reference_id xsi:type="xsd:int">KVO-530-34143</ticket_reference_id>');
  expect(helpdesk.tickets).toEqual([
    {
      reference: 'KVO-530-34143',
      requesterEmail: 'ada@example.com',
      userIp: '192.0.2.7',
      subject: 'Subject',
      product: '',
      body: 'Body',
      createdAt: 42,
      submission: 1,
    },
  ]);
});

test('arguments count by position, so that a swapped pair is stored swapped', async () => {
  const { helpdesk, text } = await openTicket(['ada@example.com', '192.0.2.7', 'Body', '', 'Subject', '']);

  expect(text).toContain('success');
  expect(helpdesk.tickets).toMatchObject([{ subject: 'Body', body: 'Subject' }]);
});

test('a missing argument is answered with an empty HTTP 500', async () => {
  const { helpdesk, status, text } = await openTicket(TICKET.slice(0, 5));

  expect([status, text]).toEqual([500, '']);
  expect(helpdesk.tickets).toEqual([]);
});

test.each([
  ['no email', ['', ...TICKET.slice(1)], 'User email is required'],
  ['"0" for an email', ['0', ...TICKET.slice(1)], 'User email is required'],
  ['no IP', ['ada@example.com', '', ...TICKET.slice(2)], 'User IP is required'],
  ['the IP checked after the email', ['', '', ...TICKET.slice(2)], 'User email is required'],
  ['an email without a domain', ['ada', ...TICKET.slice(1)], 'User email is not valid'],
  ['an email with letters beyond ASCII', ['ada@exämple.com', ...TICKET.slice(1)], 'User email is not valid'],
  ['an email with two dots', ['a..b@example.com', ...TICKET.slice(1)], 'User email is not valid'],
])('a ticket is refused: %s', async (_name, values, text) => {
  const answer = await openTicket(values);

  expect(answer.text).toContain(text);
  expect(answer.helpdesk.tickets).toEqual([]);
});

test.each([
  ['client@example.com', 'success'],
  ['Client@example.com', 'Does not match your account email!'],
  ['ada@example.com', 'Does not match your account email!'],
])('a client opens for the own address alone, to the letter: %s', async (email, text) => {
  const accounts = [{ username: 'client@example.com', password: 'sandbox-password', kind: 'client' }] as const;
  const answer = await openTicket([email, ...TICKET.slice(1)], { accounts }, 'client@example.com');

  expect(answer.text).toContain(text);
});

test('a product is put before the body, and before a short subject', async () => {
  const long = 'A subject of thirty characters';
  const { helpdesk } = await openTicket(['ada@example.com', '192.0.2.7', 'Short', 'VPS 42', 'Body', '']);
  await post(
    helpdesk,
    envelope('api_openTicket', [await logIn(helpdesk), 'ada@example.com', '192.0.2.7', long, 'VPS 42', 'Body', '']),
  );

  expect(helpdesk.tickets.map(({ subject, body }) => [subject, body])).toEqual([
    ['VPS 42 : Short', 'VPS 42\n\nBody'],
    [long, 'VPS 42\n\nBody'],
  ]);
});

test('with a server password the ticket is opened and the answer failed', async () => {
  const { helpdesk, text } = await openTicket([...TICKET.slice(0, 5), 'root-password']);

  expect(text).toContain('updating root/admin pass');
  expect(helpdesk.tickets.length).toBe(1);
});

test('the same text again is a second ticket, and counted', async () => {
  const { helpdesk } = await openTicket(TICKET);
  await post(helpdesk, envelope('api_openTicket', [await logIn(helpdesk), ...TICKET]));

  expect(helpdesk.tickets.map(({ reference, submission }) => [reference, submission])).toEqual([
    ['KVO-530-34143', 1],
    ['KVO-530-34144', 2],
  ]);
});

describe('a request is refused with a fault of the client:', () => {
  const good = envelope('api_login', ['a', 'b']);
  test.each([
    ['not text/xml', good, 'application/soap+xml; charset=UTF-8'],
    ['charsets that differ', good, 'text/xml; charset=ISO-8859-1'],
    ['something after the charset', good, 'text/xml; charset=UTF-8; action=x'],
    ['tags that do not match', good.replace('</a0>', '</a1>'), undefined],
    ['a forbidden character', envelope('api_login', ['a\u0001', 'b']), undefined],
    ['a reference to a forbidden character', envelope('api_login', ['a&#1;', 'b']), undefined],
    ['an unknown entity', envelope('api_login', ['a&nbsp;', 'b']), undefined],
    ['a bare ampersand', envelope('api_login', ['a & b', 'b']), undefined],
    ['an end of CDATA in a text', envelope('api_login', [']]>', 'b']), undefined],
    ['half of the XML', good.slice(0, -20), undefined],
    ['something before the declaration', ` ${good}`, undefined],
    ['nothing', ' ', undefined],
    ['an unknown operation', envelope('api_fly', []), undefined],
  ])('%s', async (_name, body, contentType) => {
    const answer = await post(await helpdeskForTest(), body, contentType);

    expect(answer.status).toBe(500);
    expect(answer.text).toContain('<faultcode xsi:type="xsd:string">SOAP-ENV:Client</faultcode>');
  });
});

describe('text beyond ASCII', () => {
  const body = 'é € 😀';
  test.each([
    ['nusoap', 'UTF-8', '\uFFFD ? ?'],
    ['nusoap', 'ISO-8859-1', body],
    ['conforming', 'UTF-8', body],
    ['conforming', 'ISO-8859-1', Buffer.from(body).toString('latin1')],
  ] as const)('sent as UTF-8 to a %s peer and labelled %s is stored as %j', async (peer, label, stored) => {
    const helpdesk = await helpdeskForTest({ peer });
    const values = [await logIn(helpdesk), ...TICKET.slice(0, 4), body, ''];
    await post(helpdesk, envelope('api_openTicket', values, label), `text/xml; charset=${label}`);

    expect(helpdesk.tickets).toMatchObject([{ body: stored }]);
  });
});

test.each([
  ['wrong', 'sandbox-password'],
  ['bot@example.com', 'wrong'],
])('a wrong login is answered with a blank session: %s, %s', async (username, password) => {
  const { status, text } = await post(await helpdeskForTest(), envelope('api_login', [username, password]));

  expect(status).toBe(200);
  expect(text).toContain('<return xsi:type="xsd:string"></return>');
});

test('a session ends when it is expired', async () => {
  const helpdesk = await helpdeskForTest();
  const sid = await logIn(helpdesk);
  expect((await post(helpdesk, envelope('api_get_ima', [sid]))).text).toContain('>admin<');
  helpdesk.expireSessions();

  expect((await post(helpdesk, envelope('api_get_ima', [sid]))).text).toContain('Invalid session');
});

test('calls are listed without password and session, and told when they end', async () => {
  const helpdesk = await helpdeskForTest();
  const ended: string[] = [];
  const opened: string[] = [];
  helpdesk.on('call', (call) => ended.push(`${call.operation}: ${call.result}`));
  helpdesk.on('ticket', (ticket) => opened.push(ticket.reference));
  const sid = await logIn(helpdesk);
  helpdesk.fault('open-then-html', { times: 1 });
  await post(helpdesk, envelope('api_openTicket', [sid, ...TICKET]));

  expect(ended).toEqual(['api_login: value', 'api_openTicket: http']);
  expect(opened).toEqual(['KVO-530-34143']);
  expect(JSON.stringify(helpdesk.calls)).not.toContain('sandbox-password');
  expect(JSON.stringify(helpdesk.calls)).not.toContain(sid);
});

test('faults wait for their operation, last as often as said, and can be cleared', async () => {
  const helpdesk = await helpdeskForTest();
  helpdesk.fault('empty-500', { operation: 'api_login', times: 1 });
  helpdesk.fault('nil');
  expect(helpdesk.faults).toEqual([
    { fault: 'empty-500', operation: 'api_login' },
    { fault: 'nil', operation: 'api_openTicket' },
  ]);

  expect(await logIn(helpdesk)).toBe('');
  expect(await logIn(helpdesk)).not.toBe('');
  expect(helpdesk.faults.map(({ fault }) => fault)).toEqual(['nil']);
  helpdesk.clearFaults();
  expect(helpdesk.faults).toEqual([]);
});

test('it is down and up again on the same port', async () => {
  const helpdesk = await helpdeskForTest();
  await helpdesk.down();
  await expect(fetch(helpdesk.url)).rejects.toThrow();
  await helpdesk.up();
  await helpdesk.up();

  await expect(fetch(helpdesk.url).then((response) => response.status)).resolves.toBe(200);
});

test('a port can be asked for', async () => {
  const first = await startHelpdesk();
  await first.close();
  const second = await helpdeskForTest({ port: first.port });

  expect(second.port).toBe(first.port);
});

test('each fault has a line that says what it does', () => {
  expect(listHelpdeskFaults().length).toBeGreaterThan(30);
  for (const { description } of listHelpdeskFaults()) expect(description).toMatch(/^[A-Z].{10,80}$/);
});
