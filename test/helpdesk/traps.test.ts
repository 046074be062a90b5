import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { writeAnswer, writeFault } from '../../sandbox/helpdesk/wire.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import {
  clientOf,
  helpdeskForTest,
  PASSWORD,
  REQUEST,
  SESSION,
  serverThatSays,
  startBareServer,
  wholeRequest,
} from './helpdesk-harness.ts';

const OPENED = writeAnswer('nusoap', 'api_openTicket', {
  kind: 'struct',
  type: 'openTicket_return',
  fields: [
    ['status', 'xsd:string', 'success'],
    ['status_text', 'xsd:string', 'created ticket successfully.'],
    ['ticket_reference_id', 'xsd:int', 'KVO-530-34143'],
  ],
});

describe('a reference that is declared a number arrives as it is:', () => {
  test.each(['KVO-530-34143', '530-KVO-1', '34143', '0034143', '9007199254740993'])('%s', async (reference) => {
    const helpdesk = await helpdeskForTest();
    const effect = { kind: 'ticket', status: 'success', text: 'created ticket successfully.', reference } as const;
    helpdesk.fault({ works: true, effect });

    await expect(clientOf(helpdesk.url).openTicket(REQUEST)).resolves.toEqual({ kind: 'opened', reference });
  });
});

test('the WSDL is the one in the project: nothing is fetched, and the address is HELPDESK_URL to its last letter', async () => {
  const { url, requests } = await serverThatSays(OPENED);

  await expect(clientOf(url).openTicket(REQUEST)).resolves.toMatchObject({ kind: 'opened' });
  expect(requests.map((request) => request.split('\r\n')[0])).toEqual([
    'POST /some/where.php?a=b HTTP/1.1',
    'POST /some/where.php?a=b HTTP/1.1',
  ]);
  expect(requests.map((request) => /^soapaction: (.*)\r$/im.exec(request)?.[1])).toEqual([
    '"urn:myapi#api_login"',
    '"urn:myapi#api_openTicket"',
  ]);
});

test('a WSDL that is missing or broken off is told without a call, and read anew when it is whole', async () => {
  const helpdesk = await helpdeskForTest();
  const folder = await temporaryFolder();
  const wsdlFile = join(folder, 'myadmin.wsdl');
  const whole = await readFile('src/helpdesk/myadmin.wsdl', 'utf8');
  const client = clientOf(helpdesk.url, { wsdlFile });
  const unmade = { kind: 'unreachable', cause: { kind: 'not-soap', message: expect.stringContaining('myadmin.wsdl') } };

  await expect(client.openTicket(REQUEST)).resolves.toMatchObject(unmade);
  await writeFile(wsdlFile, whole.slice(0, whole.length / 2));
  await expect(client.openTicket(REQUEST)).resolves.toMatchObject(unmade);
  expect(helpdesk.calls).toEqual([]);
  await writeFile(wsdlFile, whole);
  await expect(client.openTicket(REQUEST)).resolves.toMatchObject({ kind: 'opened' });
});

test.each([
  ['nusoap', 'iso-8859-1'],
  ['conforming', 'utf-8'],
] as const)('the charset stands alone at the end of its header, as a %s server wants it', async (peer, charset) => {
  const helpdesk = await helpdeskForTest({ peer });
  const client = clientOf(helpdesk.url);
  await client.openTicket(REQUEST);

  expect(helpdesk.calls.at(-1)?.contentType).toBe(`text/xml; charset=${charset}`);
});

const HEAD = OPENED.slice(0, OPENED.indexOf('<SOAP-ENV:Body>'));

describe('an envelope over which soap stumbles leaves doubt, and is not sent again:', () => {
  test.each([
    ['tags that do not match', OPENED.replace('</status>', '</statu>')],
    ['a tag that never ends', OPENED.replace('<status ', '<status <')],
    ['an entity that nobody knows', OPENED.replace('success', '&unknown;')],
    ['no body', `${HEAD}</SOAP-ENV:Envelope>`],
    ['an empty body', `${HEAD}<SOAP-ENV:Body></SOAP-ENV:Body></SOAP-ENV:Envelope>`],
    ['another body', `${HEAD}<SOAP-ENV:Body><x>1</x></SOAP-ENV:Body></SOAP-ENV:Envelope>`],
    ['the answer to another operation', SESSION],
    ['a fault without anything in it', `${HEAD}<SOAP-ENV:Body><SOAP-ENV:Fault/></SOAP-ENV:Body></SOAP-ENV:Envelope>`],
    [
      'a fault of SOAP 1.2',
      `${HEAD}<SOAP-ENV:Body><SOAP-ENV:Fault><Code><Value>x</Value></Code></SOAP-ENV:Fault></SOAP-ENV:Body></SOAP-ENV:Envelope>`,
    ],
    ['a server fault', writeFault('nusoap', 'SOAP-ENV:Server', 'x')],
    [
      'an envelope that is nil',
      `${HEAD.replace('<SOAP-ENV:Envelope', '<SOAP-ENV:Envelope xsi:nil="true"')}</SOAP-ENV:Envelope>`,
    ],
    ['nothing but an envelope', '<Envelope/>'],
    ['attributes without an end', '<SOAP-ENV:Envelope xmlns="'],
    ['a prototype', OPENED.replaceAll('status_text', '__proto__').replaceAll('status', 'constructor')],
  ])('%s', async (_what, answer) => {
    const { url, requests } = await serverThatSays(answer);
    const result = await clientOf(url).openTicket(REQUEST);

    expect(result).toMatchObject({ kind: 'unconfirmed' });
    expect(requests).toHaveLength(2);
  });
});

test('entities and outside documents in an answer are not read', async () => {
  const elsewhere: string[] = [];
  const address = await startBareServer(async (socket) => void elsewhere.push(await wholeRequest(socket)));
  const bomb = Array.from({ length: 20 }, (_, i) => `<!ENTITY e${i + 1} "&e${i};&e${i};">`).join('');
  const dtd = `<!DOCTYPE x [<!ENTITY e0 "ha">${bomb}<!ENTITY file SYSTEM "file:///etc/passwd"><!ENTITY net SYSTEM "http://${address}/">]>`;
  const withEntities = OPENED.replace('<SOAP-ENV:Envelope', `${dtd}<SOAP-ENV:Envelope`).replace(
    'created ticket successfully.',
    '&e20;&file;&net;',
  );
  const { url } = await serverThatSays(withEntities);

  const result = await clientOf(url).openTicket(REQUEST);
  expect(result.kind).toMatch(/^(unconfirmed|opened)$/);
  expect(elsewhere).toEqual([]);
});

describe('what the helpdesk checks before it opens anything is a refusal, in its words:', () => {
  test.each([
    ['no address', { requesterEmail: '' }, {}, 'User email is required. Please try again!'],
    ['an address of "0"', { requesterEmail: '0' }, {}, 'User email is required. Please try again!'],
    ['no IP address', {}, { userIp: '' }, 'User IP is required. Please try again!'],
    ['an IP address of "0"', {}, { userIp: '0' }, 'User IP is required. Please try again!'],
    ['an address that is none', { requesterEmail: 'ada' }, {}, 'User email is not valid. Please try again!'],
    [
      'an address beyond ASCII',
      { requesterEmail: 'ada@exämple.com' },
      {},
      'User email is not valid. Please try again!',
    ],
  ])('%s', async (_what, request, options, reason) => {
    const helpdesk = await helpdeskForTest();
    const result = await clientOf(helpdesk.url, options).openTicket({ ...REQUEST, ...request });

    expect(result).toMatchObject({ kind: 'refused', reason });
    expect(helpdesk.tickets).toEqual([]);
  });
});

test('neither the client nor what it leaves behind shows a password or a session', async () => {
  const helpdesk = await helpdeskForTest();
  const client = clientOf(helpdesk.url);
  await client.openTicket(REQUEST);
  helpdesk.fault('fault-server');
  await client.openTicket(REQUEST);

  const shown = inspect(client, { depth: null, showHidden: true }) + JSON.stringify(client);
  expect(shown).not.toContain(PASSWORD);
  expect(shown).not.toMatch(/[0-9a-f]{32}/);
});
