import { once } from 'node:events';
import tls from 'node:tls';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { writeAnswer } from '../../sandbox/helpdesk/wire.ts';
import type { PostResult } from '../../src/helpdesk/envelope-post.ts';
import { ManualClock } from '../support/manual-clock.ts';
import {
  clientOf,
  failure,
  helpdeskForTest,
  post,
  REQUEST,
  serverThatAnswers,
  startBareServer,
  wholeRequest,
} from './helpdesk-harness.ts';

/** The mail server's own self-signed certificate. */
const SELF_SIGNED = 'smtp-server/lib/tls-options.js';

const ENVELOPE = writeAnswer('conforming', 'api_login', { kind: 'string', value: 'abc' });
const BARE = ENVELOPE.slice(ENVELOPE.indexOf('<SOAP-ENV:Envelope'));

function http(status: string, body: string, length = Buffer.byteLength(body)): string {
  return `HTTP/1.1 ${status}\r\nContent-Type: text/xml\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n${body}`;
}

test('a refused connection is certain', async () => {
  const helpdesk = await helpdeskForTest();
  await helpdesk.down();

  await expect(post(helpdesk.url)).resolves.toEqual(failure('connect', false));
});

test('a name that does not exist is certain', async () => {
  await expect(clientOf('http://helpdesk.invalid/api.php').openTicket(REQUEST)).resolves.toMatchObject({
    kind: 'unreachable',
    cause: { kind: 'connect', message: expect.not.stringContaining('invalid') },
  });
});

test('a server that speaks no TLS is certain', async () => {
  const helpdesk = await helpdeskForTest();

  await expect(post(helpdesk.url.replace('http:', 'https:'))).resolves.toEqual(failure('connect', false));
  expect(helpdesk.calls).toEqual([]);
});

test('a connection that does not come about in time is certain', async () => {
  const address = await startBareServer(() => {});

  const clock = new ManualClock();

  expect(await clock.passUntil(post(`https://${address}/`, { clock }))).toEqual(failure('timeout', false));
  const opening = clientOf(`https://${address}/`, { clock }).openTicket(REQUEST);
  expect(await clock.passUntil(opening)).toMatchObject({
    kind: 'unreachable',
    cause: { kind: 'timeout' },
  });
});

test('a certificate that nobody vouches for is certain, and one that is trusted works', async () => {
  const { default: options } = await import(SELF_SIGNED);
  const server = tls.createServer(options({}), async (socket) => {
    socket.on('error', () => {});
    await wholeRequest(socket);
    socket.end(http('200 OK', ENVELOPE));
  });
  server.on('tlsClientError', () => {});
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  const url = `https://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
  await expect(post(url)).resolves.toEqual(failure('connect', false));

  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(post(url)).resolves.toMatchObject({ kind: 'envelope', whole: true });
});

test('a connection that is reset before the request is read is no answer', async () => {
  const address = await startBareServer((socket) => {
    socket.pause();
    setImmediate(() => socket.resetAndDestroy());
  });

  // Whether the machine had taken the few bytes already, and so whether there is doubt, is a matter of luck.
  await expect(post(`http://${address}/`)).resolves.toMatchObject({
    kind: 'failed',
    error: { kind: 'connection-lost' },
  });
});

test.each(['resets', 'waits'])('a request that a server never took to its end is certain: it %s', async (then) => {
  const address = await startBareServer((socket) => {
    socket.pause();
    if (then === 'resets') setImmediate(() => socket.resetAndDestroy());
  });
  const clock = new ManualClock();
  const posting = post(`http://${address}/`, { body: 'x'.repeat(64 * 1024 * 1024), clock });
  const result = await (then === 'waits' ? clock.passUntil(posting) : posting);

  expect(result).toEqual(failure(then === 'resets' ? 'connection-lost' : 'timeout', false));
});

test('a request that was taken to its end leaves doubt when the connection is reset', async () => {
  const address = await startBareServer(async (socket) => {
    await wholeRequest(socket);
    socket.resetAndDestroy();
  });

  await expect(post(`http://${address}/`)).resolves.toEqual(failure('connection-lost', true));
  await expect(post(`http://${address}/`, { body: 'x'.repeat(1_000_000) })).resolves.toEqual(
    failure('connection-lost', true),
  );
});

test.each([
  ['nothing at all', '', 'connection-lost'],
  ['half a head', 'HTTP/1.1 200 OK\r\nContent-', 'connection-lost'],
  ['what is no HTTP', '220 mail.example.com ESMTP\r\n', 'connection-lost'],
  ['an empty 200', http('200 OK', ''), 'not-soap'],
  ['an empty 500', http('500 Error', ''), 'server-error'],
  ['HTML', http('200 OK', '<html></html>'), 'not-soap'],
  ['a 503 that says when to come again', http('503 Busy\r\nRetry-After: 60', '<html></html>'), 'server-error'],
  ['a 400', http('400 Bad Request', '<html></html>'), 'firewall'],
  ['a 403', http('403 Forbidden', '<html></html>'), 'firewall'],
  ['a 405', http('405 Not Allowed', '<html></html>'), 'firewall'],
  ['a 406', http('406 Not Acceptable', '<html></html>'), 'firewall'],
  ['a 415', http('415 Unsupported Media Type', ''), 'firewall'],
  ['a 451', http('451 Unavailable For Legal Reasons', ''), 'firewall'],
  ['a 401', http('401 Unauthorized', ''), 'not-soap'],
  ['a 404', http('404 Not Found', '<html></html>'), 'not-soap'],
  ['a 301', http('301 Moved\r\nLocation: https://elsewhere.invalid/', ''), 'not-soap'],
  ['a 302 to the page of a firewall', http('302 Found\r\nLocation: /', '<title>Request Rejected</title>'), 'firewall'],
  ['a challenge', http('503 Unavailable', '<html><title>Just a moment...</title></html>'), 'firewall'],
  ['a challenge by its header', http('200 OK\r\nCf-Mitigated: challenge', '<html></html>'), 'firewall'],
  ['a page of a firewall', http('200 OK', '<html>Generated by Mod_Security</html>'), 'firewall'],
  ['half of the HTML', http('200 OK', '<html>', 9_999), 'connection-lost'],
  ['more than a megabyte', http('200 OK', ' '.repeat(1_100_000) + BARE), 'not-soap'],
  ['a redirect with an envelope', http('307 Temporary Redirect', ENVELOPE), 'not-soap'],
  [
    'another protocol',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
    'connection-lost',
  ],
])('an answer of %s leaves doubt', async (_name, answer, kind) => {
  await expect(post(await serverThatAnswers(answer))).resolves.toEqual(failure(kind, true));
});

test.each([
  ['411 Length Required', 'firewall'],
  ['413 Content Too Large', 'firewall'],
  ['414 URI Too Long', 'firewall'],
  ['429 Too Many Requests\r\nRetry-After: 60', 'rate-limited'],
  ['431 Request Header Fields Too Large', 'firewall'],
])('an answer of %s is certain: nobody has looked at the text', async (status, kind) => {
  await expect(post(await serverThatAnswers(http(status, '<html></html>')))).resolves.toEqual(failure(kind, false));
});

test.each<[string, string, 'ends' | 'waits' | 'resets']>([
  ['with a 200', http('200 OK', ENVELOPE), 'ends'],
  ['with a 500', http('500 Error', ENVELOPE), 'ends'],
  ['as HTTP/1.0 without a length', `HTTP/1.0 200 OK\r\n\r\n${ENVELOPE}`, 'ends'],
  ['in chunks', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunk(ENVELOPE)}0\r\n\r\n`, 'ends'],
  ['in chunks without an end', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunk(ENVELOPE)}`, 'ends'],
  ['with too long a length', http('200 OK', ENVELOPE, 9_999), 'ends'],
  ['with too long a length, then reset', http('200 OK', ENVELOPE, 9_999), 'resets'],
  ['with a length short by the last tag', http('200 OK', ENVELOPE, Buffer.byteLength(ENVELOPE) - 12), 'ends'],
  ['with more after its length', `${http('200 OK', ENVELOPE)}<br />Warning: HTTP/1.1 200 OK`, 'ends'],
  ['100 Continue before it', `HTTP/1.1 100 Continue\r\n\r\n${http('200 OK', ENVELOPE)}`, 'ends'],
])('an envelope is read when it comes %s', async (_name, answer, then) => {
  await expect(post(await serverThatAnswers(answer, then))).resolves.toMatchObject({ kind: 'envelope', xml: BARE });
});

function chunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

describe('an envelope that is longer than announced', () => {
  /** Where it is cut, nothing but the end of its body is missing. */
  const SHORT = Buffer.byteLength(ENVELOPE) - 30;

  test('is read to its end, which comes later, on a connection that stays open', async () => {
    const answer = Buffer.from(http('200 OK', ENVELOPE, SHORT));
    const clock = new ManualClock();
    let sendRest = () => {};
    let waits = 0;
    const after: ManualClock['after'] = (ms, call) => {
      waits += 1;
      // After those for the connection and for everything it waits for the rest.
      if (waits === 3) sendRest();
      return clock.after(ms, call);
    };
    const address = await startBareServer(async (socket) => {
      await wholeRequest(socket);
      const announcedEnd = answer.length - (Buffer.byteLength(ENVELOPE) - SHORT);
      sendRest = () => socket.write(answer.subarray(announcedEnd));
      socket.write(answer.subarray(0, announcedEnd));
    });
    const posted = await post(`http://${address}/`, { clock: { now: clock.now, elapsed: clock.elapsed, after } });

    expect(posted).toMatchObject({ kind: 'envelope', xml: BARE, whole: true });
  });

  test('is taken as it is when no more of it comes', async () => {
    const clock = new ManualClock();
    const limits = { clock, connectTimeoutMs: 10_000_000, timeoutMs: 10_000_000 };
    const cut = http('200 OK', ENVELOPE.slice(0, SHORT));
    const ended = await post(await serverThatAnswers(cut, 'ends'), limits);
    const stays = post(await serverThatAnswers(cut, 'waits'), limits);

    expect(ended).toMatchObject({ kind: 'envelope', whole: false });
    expect(await clock.passUntil(stays)).toEqual(ended);
    expect(clock.elapsed()).toBeLessThan(10_000_000);
  });
});

test('two lengths, or none that is a number, are no HTTP', async () => {
  for (const length of ['5\r\nContent-Length: 7', 'five']) {
    const answer = `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n<html></html>`;
    await expect(post(await serverThatAnswers(answer))).resolves.toMatchObject({ kind: 'failed', written: true });
  }
});

test('an envelope whose connection never ends is read at the deadline', async () => {
  const url = await serverThatAnswers(http('200 OK', ENVELOPE, 9_999), 'waits');

  const clock = new ManualClock();

  expect(await clock.passUntil(post(url, { clock }))).toMatchObject({ kind: 'envelope', whole: true });
});

test('a server that keeps sending a little is given up at the deadline', async () => {
  const address = await startBareServer(async (socket) => {
    await wholeRequest(socket);
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n');
    const drip = setInterval(() => socket.write(' '), 20);
    socket.on('close', () => clearInterval(drip));
  });

  const clock = new ManualClock();

  expect(await clock.passUntil(post(`http://${address}/`, { clock }))).toEqual(failure('timeout', true));
});

test.each(['<p>ordinary HTML</p>', '<'])('200 KB of %s do not hold up anybody else', async (piece) => {
  const helpdesk = await helpdeskForTest();
  const body = piece.repeat(200_000 / piece.length);
  helpdesk.fault({ works: false, effect: { kind: 'http', status: 200, contentType: 'text/html', body } });

  // Of the two, the one in quadratic time would run into the time limit of the test.
  await expect(clientOf(helpdesk.url).openTicket(REQUEST)).resolves.toMatchObject({ cause: { kind: 'not-soap' } });
});

test('each call has a connection of its own, asks for plain bytes, and goes past any proxy', async () => {
  const proxied: string[] = [];
  const proxy = await startBareServer(async (socket) => void proxied.push(await wholeRequest(socket)));
  for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'all_proxy']) vi.stubEnv(name, `http://${proxy}`);
  vi.stubEnv('NODE_USE_ENV_PROXY', '1');
  onTestFinished(() => void vi.unstubAllEnvs());
  const requests: string[] = [];
  const address = await startBareServer(async (socket) => {
    requests.push(await wholeRequest(socket));
    socket.end(http('200 OK', ENVELOPE).replace('Connection: close', 'Connection: keep-alive'));
  });
  const results: PostResult[] = [await post(`http://${address}/`), await post(`http://${address}/`)];

  expect(results.map((result) => result.kind)).toEqual(['envelope', 'envelope']);
  expect(requests.length).toBe(2);
  expect(requests[0]).toMatch(/^connection: close\r$/im);
  expect(requests[0]).toMatch(/^accept-encoding: identity\r$/im);
  expect(proxied).toEqual([]);
});

test('a redirect is not followed', async () => {
  const followed: string[] = [];
  const elsewhere = await startBareServer(async (socket) => void followed.push(await wholeRequest(socket)));
  const url = await serverThatAnswers(
    `HTTP/1.1 307 Temporary Redirect\r\nLocation: http://${elsewhere}/\r\nContent-Length: 0\r\n\r\n`,
  );

  await expect(post(url)).resolves.toEqual(failure('not-soap', true));
  expect(followed).toEqual([]);
});

test.each([
  ['before the connection', 'https', 'unreachable'],
  ['before the login is answered', 'http', 'unreachable'],
])('close %s leaves the ticket %s', async (_name, scheme, kind) => {
  const helpdesk = await helpdeskForTest();
  helpdesk.fault('hang', { operation: 'api_login' });
  const silent = await startBareServer(() => {});
  const client = clientOf(scheme === 'https' ? `https://${silent}/` : helpdesk.url);
  const arrived = scheme === 'https' ? Promise.resolve() : helpdesk.nextCall('api_login');
  const opening = client.openTicket(REQUEST);
  await arrived;
  client.close();

  await expect(opening).resolves.toMatchObject({ kind, cause: { kind: 'closed' } });
});
