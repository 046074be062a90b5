import http from 'node:http';
import { createClientAsync } from 'soap';
import { createSoapHelpdeskClient } from '../../src/helpdesk/soap-helpdesk-client.ts';
import { createLog } from '../../src/log.ts';
import { withAtMost } from '../benchmark/open-loop.ts';

/**
 * Opens tickets at a helpdesk and nothing else: with the bot's own client, with bare `soap`, or, with `raw`, with node:http and
 * a string. Each message of its parent, `{ calls, atOnce }`, is answered with what these calls took.
 */
const { HELPDESK_URL = '', HELPDESK_USERNAME = '', HELPDESK_PASSWORD = '' } = process.env;
const TICKET = {
  user_email: 'ada@example.org',
  user_ip: '127.0.0.1',
  subject: 'The server is away',
  product: 'VPS',
  body: 'Since this morning I cannot reach it, neither by SSH nor in the browser. '.repeat(7),
  box_auth_value: '',
};

/** Opens one ticket. */
type Caller = () => Promise<unknown>;

function createBotCaller(): Caller {
  const client = createSoapHelpdeskClient({
    url: HELPDESK_URL,
    username: HELPDESK_USERNAME,
    password: HELPDESK_PASSWORD,
    userIp: TICKET.user_ip,
    timeoutMs: 60_000,
    charset: 'auto',
    log: createLog('silent'),
  });
  const { user_email: requesterEmail, subject, product, body } = TICKET;
  return async () => {
    const { kind } = await client.openTicket({ requesterEmail, subject, product, body });
    if (kind !== 'opened') throw new Error(`No ticket was opened: ${kind}`);
  };
}

async function createSoapCaller(): Promise<Caller> {
  const client = await createClientAsync(`${HELPDESK_URL}?wsdl`);
  const [{ return: sid }] = await client.api_loginAsync({ username: HELPDESK_USERNAME, password: HELPDESK_PASSWORD });
  return () => client.api_openTicketAsync({ sid, ...TICKET });
}

async function createRawCaller(): Promise<Caller> {
  const agent = new http.Agent({ keepAlive: true });
  const call = (operation: string, values: Readonly<Record<string, string>>) =>
    new Promise<string>((resolve, reject) => {
      const parts = Object.entries(values).map(([name, value]) => `<${name}>${value}</${name}>`);
      const headers = { 'content-type': 'text/xml; charset=utf-8', soapaction: `"urn:myapi#${operation}"` };
      const request = http.request(HELPDESK_URL, { agent, method: 'POST', headers }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve(text));
      });
      request.on('error', reject);
      request.end(
        `<?xml version="1.0"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><m:${operation} xmlns:m="urn:myapi">${parts.join('')}</m:${operation}></soap:Body></soap:Envelope>`,
      );
    });
  const login = await call('api_login', { username: HELPDESK_USERNAME, password: HELPDESK_PASSWORD });
  const sid = />([^<>]+)<\/return>/.exec(login)?.[1] ?? '';
  return async () => {
    if (!/<ticket_reference_id[^>]*>[^<]/.test(await call('api_openTicket', { sid, ...TICKET })))
      throw new Error('No ticket was opened.');
  };
}

const CALLERS: Readonly<Record<string, () => Caller | Promise<Caller>>> = {
  bot: createBotCaller,
  soap: createSoapCaller,
  raw: createRawCaller,
};
const openTicket = await CALLERS[process.argv[2] ?? '']?.();
if (!openTicket) throw new Error(`Start it with one of: ${Object.keys(CALLERS).join(', ')}`);

process.on('message', async ({ calls, atOnce }: { calls: number; atOnce: number }) => {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  await withAtMost(calls, atOnce, openTicket);
  const { user, system } = process.cpuUsage(before);
  process.send?.({ tookMs: performance.now() - startedAt, cpuMs: (user + system) / 1000 });
});
process.once('disconnect', () => process.exit(0));
process.send?.('ready');
