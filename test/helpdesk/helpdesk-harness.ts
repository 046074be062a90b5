import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import { type HelpdeskOptions, type SandboxHelpdesk, startHelpdesk } from '../../sandbox/helpdesk/sandbox-helpdesk.ts';
import { writeAnswer } from '../../sandbox/helpdesk/wire.ts';
import { type EnvelopePost, postEnvelope } from '../../src/helpdesk/envelope-post.ts';
import {
  createSoapHelpdeskClient,
  type SoapHelpdeskClient,
  type SoapHelpdeskClientOptions,
} from '../../src/helpdesk/soap-helpdesk-client.ts';
import { createWholeAnswerAgent } from '../../src/helpdesk/whole-answer-agent.ts';
import { createLog } from '../../src/log.ts';
import type { OpenTicketRequest } from '../../src/tickets/helpdesk-client.ts';
import { ManualClock } from '../support/manual-clock.ts';

export const USERNAME = 'bot@example.com';
export const PASSWORD = 'sandbox-password';

export const REQUEST: OpenTicketRequest = {
  requesterEmail: 'ada@example.com',
  subject: 'Server does not boot',
  product: '',
  body: 'It stops at GRUB.',
};

/** A client that is closed when the test ends. */
export function clientOf(url: string, options: Partial<SoapHelpdeskClientOptions> = {}): SoapHelpdeskClient {
  const client = createSoapHelpdeskClient({
    url,
    username: USERNAME,
    password: PASSWORD,
    userIp: '192.0.2.7',
    timeoutMs: 5_000,
    // It stands still, so that nothing is over before its time on a busy machine.
    clock: new ManualClock(),
    charset: 'auto',
    log: createLog('silent'),
    ...options,
  });
  onTestFinished(() => client.close());
  return client;
}

/** A stand-in that is closed when the test ends. */
export async function helpdeskForTest(options: HelpdeskOptions = {}): Promise<SandboxHelpdesk> {
  const helpdesk = await startHelpdesk(options);
  onTestFinished(() => helpdesk.close());
  return helpdesk;
}

/** A bare TCP server, for what no HTTP server would do. @returns Its address. */
export async function startBareServer(serve: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    serve(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Resolves when a whole HTTP request has arrived, with its text. */
export function wholeRequest(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      const head = text.indexOf('\r\n\r\n');
      const length = /^content-length: (\d+)/im.exec(text.slice(0, head))?.[1];
      if (head >= 0 && text.length >= head + 4 + Number(length)) resolve(text);
    });
  });
}

/** The answer to a login. */
export const SESSION = writeAnswer('nusoap', 'api_login', { kind: 'string', value: '0123456789abcdef' });

/** A server that logs everybody in and answers everything else with this. @returns What was asked of it, too. */
export async function serverThatSays(
  answer: string | (() => string | Uint8Array),
): Promise<{ url: string; requests: string[] }> {
  const requests: string[] = [];
  const address = await startBareServer(async (socket) => {
    const request = await wholeRequest(socket);
    requests.push(request);
    const said = typeof answer === 'string' ? answer : answer();
    const body = Buffer.from(request.includes('api_login') ? SESSION : said);
    socket.write(`HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: ${body.length}\r\n\r\n`);
    socket.end(body);
  });
  return { url: `http://${address}/some/where.php?a=b`, requests };
}

/** Posts a few bytes. */
export function post(
  url: string,
  limits: Partial<Pick<EnvelopePost, 'timeoutMs' | 'connectTimeoutMs' | 'clock' | 'body' | 'lookup'>> = {},
) {
  return postEnvelope({
    url: new URL(url),
    agent: createWholeAnswerAgent(new URL(url).protocol),
    body: '<request/>'.repeat(10),
    headers: { 'Content-Type': 'text/xml; charset=utf-8' },
    connectTimeoutMs: 5_000,
    timeoutMs: 5_000,
    clock: new ManualClock(),
    signals: [],
    ...limits,
  });
}

/** A server that answers a whole request with these bytes, and then does as told. */
export async function serverThatAnswers(
  answer: string | Buffer,
  then: 'ends' | 'waits' | 'resets' = 'ends',
): Promise<string> {
  const address = await startBareServer(async (socket) => {
    await wholeRequest(socket);
    if (then === 'ends') socket.end(answer);
    else socket.write(answer, () => then === 'resets' && setImmediate(() => socket.resetAndDestroy()));
  });
  return `http://${address}/`;
}

/** What a post comes to that fails. */
export function failure(kind: string, written: boolean) {
  return { kind: 'failed', written, error: expect.objectContaining({ kind }) };
}
