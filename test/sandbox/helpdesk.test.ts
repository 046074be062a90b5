import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { listHelpdeskFaults } from '../../sandbox/helpdesk/faults.ts';
import { OPERATIONS } from '../../sandbox/helpdesk/operations.ts';
import { type HelpdeskOptions, type SandboxHelpdesk, startHelpdesk } from '../../sandbox/helpdesk/sandbox-helpdesk.ts';
import { readXml, type XmlElement } from '../../sandbox/helpdesk/xml-reader.ts';
import { helpdeskForTest } from '../helpdesk/helpdesk-harness.ts';

const TICKET = ['ada@example.com', '192.0.2.7', 'Subject', '', 'Body', ''];

function envelope(operation: string, values: readonly string[], encoding = 'UTF-8'): string {
  const args = values.map((value, index) => `<a${index}>${value}</a${index}>`).join('');
  return `<?xml version="1.0" encoding="${encoding}"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><m:${operation} xmlns:m="urn:myapi">${args}</m:${operation}></s:Body></s:Envelope>`;
}

async function post(
  helpdesk: SandboxHelpdesk,
  body: string | Uint8Array,
  contentType = 'text/xml; charset=UTF-8',
  { query = '', soapAction = '""' } = {},
) {
  const headers = { 'Content-Type': contentType, SOAPAction: soapAction };
  const response = await fetch(helpdesk.url + query, { method: 'POST', body, headers });
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
      state: 'Open',
      lastActivityAt: 42,
      posts: [
        {
          authorEmail: 'ada@example.com',
          authorName: 'ada',
          writtenAt: 42,
          contents: 'Body',
          isPrivate: false,
        },
      ],
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

describe('the WSDL', () => {
  const get = async (url: string) => {
    const response = await fetch(url);
    return { type: response.headers.get('content-type'), text: await response.text() };
  };

  test.each(['/api.php?wsdl', '/?wsdl', '/api.php?WSDL', '/api.php?wsdl=1', '/api.php?version=1&wsdl'])(
    'is served at %s, with the address to post to',
    async (path) => {
      const helpdesk = await helpdeskForTest();
      const { type, text } = await get(new URL(path, helpdesk.url).href);

      expect(type).toBe('text/xml; charset=ISO-8859-1');
      expect(text).toMatch(/^<\?xml version="1.0" encoding="ISO-8859-1"\?>\n<definitions /);
      expect(text).toContain(`<soap:address location="${helpdesk.url}"/>`);
    },
  );

  test('declares what the bot calls as the bot declares it: names, arguments in their order, types, actions', async () => {
    const helpdesk = await helpdeskForTest();
    const { text } = await get(`${helpdesk.url}?wsdl`);

    const served = declarationsOf(text);
    expect(served.length).toBeGreaterThan(20);
    expect(served).toEqual(declarationsOf(readFileSync('src/helpdesk/myadmin.wsdl', 'utf8')));
  });

  test('is RPC/encoded', async () => {
    const { text } = await get(`${(await helpdeskForTest()).url}?wsdl`);

    expect(text.match(/style="\w+"/g)).toEqual(Array(1 + OPERATIONS.length).fill('style="rpc"'));
    expect(text.match(/use="\w+"/g)).toEqual(Array(2 * OPERATIONS.length).fill('use="encoded"'));
  });

  test.each(['/api.php', '/', '/wsdl', '/api.php?debug=1'])(
    'is not served at %s, where there is a page',
    async (path) => {
      const { type, text } = await get(new URL(path, (await helpdeskForTest()).url).href);

      expect(type).toMatch(/^text\/html/);
      expect(text).toContain('<a href="?wsdl">WSDL</a>');
    },
  );

  test('has an address that takes calls, too: clients without a WSDL post there', async () => {
    const { status, text } = await post(
      await helpdeskForTest(),
      envelope('api_login', ['bot@example.com', 'sandbox-password']),
      undefined,
      { query: '?wsdl' },
    );

    expect(status).toBe(200);
    expect(text).toMatch(/<return xsi:type="xsd:string">\w+<\/return>/);
  });
});

/** What a WSDL declares, in its order: each line is one message part, field, operation or action. */
function declarationsOf(wsdl: string): string[] {
  const localType = (element: XmlElement) => `${element.attributes.name}: ${element.attributes.type}`;
  const visit = (element: XmlElement, path: string): string[] => {
    const here = `${path}/${element.attributes.name ?? element.name}`;
    const own =
      element.name === 'part' || element.name === 'element'
        ? [`${path} ${localType(element)}`]
        : element.attributes.soapAction
          ? [`${path} ${element.attributes.soapAction}`]
          : element.attributes.message
            ? [`${path} ${element.name} ${element.attributes.message}`]
            : [];
    return [...own, ...element.children.flatMap((child) => visit(child, here))];
  };
  return readXml(wsdl).children.flatMap((child) => visit(child, ''));
}

describe('arguments arrive as PHP reads them', () => {
  test.each([
    ['xsi:type="xsd:string"', '007', '007'],
    ['xsi:type="xsd:int"', '007', '7'],
    ['xsi:type="xsd:int"', '12 disks', '12'],
    ['xsi:type="xsd:float"', '1.50', '1.5'],
    ['xsi:type="xsd:float"', '1e3', '1000'],
    ['xsi:type="xsd:boolean"', 'true', '1'],
    ['xsi:type="xsd:boolean"', 'false', ''],
    ['xsi:type="xsd:base64Binary"', Buffer.from('é € 😀').toString('base64'), 'é € 😀'],
    ['xsi:nil="true"', '', ''],
    ['', '007', '007'],
  ])('%s %j becomes %j', async (attribute, sent, stored) => {
    const helpdesk = await helpdeskForTest();
    const values = [await logIn(helpdesk), ...TICKET.slice(0, 4), 'BODY', ''];
    const xml = envelope('api_openTicket', values).replace('<a5>BODY', `<a5 ${attribute}>${sent}`);
    expect((await post(helpdesk, xml)).text).toContain('success');

    expect(helpdesk.tickets).toMatchObject([{ body: stored }]);
  });

  test('two of one name count as one, so that one is missing', async () => {
    const helpdesk = await helpdeskForTest();
    const xml = envelope('api_login', ['bot@example.com', 'sandbox-password']).replaceAll('a1>', 'a0>');

    expect(await post(helpdesk, xml)).toMatchObject({ status: 500, text: '' });
  });
});

describe('an operation that nobody knows', () => {
  test.each([
    ['an unknown name', envelope('api_fly', []), 'text/xml; charset=UTF-8', 'api_fly'],
    ['another case', envelope('API_LOGIN', ['a', 'b']), 'text/xml; charset=UTF-8', 'API_LOGIN'],
    ['no operation', '<s:Envelope xmlns:s="x"><s:Body/></s:Envelope>', 'text/xml', ''],
    ['a body that is not read', envelope('api_login', ['a', 'b']), 'application/json', ''],
  ])('is named in the fault: %s', async (_name, body, contentType, operation) => {
    const { status, text } = await post(await helpdeskForTest(), body, contentType);

    expect(status).toBe(500);
    expect(text).toContain(`Operation '${operation}' is not defined in the WSDL for this service`);
  });

  test('is looked up by its SOAPAction', async () => {
    const helpdesk = await helpdeskForTest();
    const { text } = await post(helpdesk, envelope('logIn', ['bot@example.com', 'sandbox-password']), undefined, {
      soapAction: '"urn:myapi#api_login"',
    });

    expect(text).toMatch(/<ns1:api_loginResponse .*<return xsi:type="xsd:string">\w+<\/return>/);
  });

  test('breaks down over the missing arguments where only its SOAPAction could be read', async () => {
    const answer = await post(await helpdeskForTest(), envelope('api_login', ['a', 'b']), 'application/json', {
      soapAction: '"urn:myapi#api_login"',
    });

    expect(answer).toMatchObject({ status: 500, text: '' });
  });
});

test('the reference can be a number, for clients that go by the declared type', async () => {
  const helpdesk = await helpdeskForTest();
  const sid = await logIn(helpdesk);
  const open = async () => (await post(helpdesk, envelope('api_openTicket', [sid, ...TICKET]))).text;
  expect(helpdesk.referenceForm).toBe('display-id');
  helpdesk.referenceForm = 'number';

  expect(await open()).toContain('<ticket_reference_id xsi:type="xsd:int">34143</ticket_reference_id>');
  helpdesk.referenceForm = 'display-id';
  expect(await open()).toContain('<ticket_reference_id xsi:type="xsd:int">KVO-530-34144</ticket_reference_id>');
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
