import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, startFixture } from '../fixture.ts';
import { type PageServer, startPageServer } from '../page-server.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** One request past what a browser would allow. */
function send(
  url: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

describe("the page's server", () => {
  let server: PageServer;
  let fixture: Fixture;

  beforeAll(async () => {
    server = await startPageServer({ port: 0 });
    fixture = await startFixture({ pageUrl: server.url, onAttempts: () => {} });
    server.show(fixture);
    return async () => {
      await server.close();
      await fixture.close();
    };
  });

  const act = (body: unknown, headers: Record<string, string> = {}) =>
    send(`${server.url}acts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const ada = () => fixture.cast[0]?.user.id ?? '';

  test('listens on 127.0.0.1 and on no other address of this machine', async () => {
    const { port } = new URL(server.url);
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal);
    for (const { address } of others) await expect(send(`http://${address}:${port}/`)).rejects.toThrow('ECONNREFUSED');
    expect((await send(server.url)).status).toBe(200);
  });

  test.each(['sandbox.example', 'sandbox.example:80', '127.0.0.1'])('refuses a request for host "%s"', async (host) => {
    expect((await send(server.url, { headers: { host } })).status).toBe(421);
    expect((await act({ personId: ada(), act: { kind: 'say', channelId: '1', text: 'x' } }, { host })).status).toBe(
      421,
    );
  });

  test.each(['https://evil.example', 'null', 'http://127.0.0.1', 'http://127.0.0.1:1'])(
    'refuses what comes from origin "%s"',
    async (origin) => {
      expect((await act({ personId: ada(), act: { kind: 'say', channelId: '1', text: 'x' } }, { origin })).status).toBe(
        403,
      );
      expect((await send(`${server.url}events?person=${ada()}`, { headers: { origin } })).status).toBe(403);
    },
  );

  test('takes what comes from its own origin, and what has none', async () => {
    const help = fixture.cast[0]?.user.messages[0]?.channelId;
    const body = { personId: ada(), act: { kind: 'say', channelId: help, text: 'Hello' } };
    expect(await act(body, { origin: server.url.replace(/\/$/, '') })).toMatchObject({
      status: 200,
      body: '{"kind":"done"}',
    });
    expect((await act(body)).status).toBe(200);
  });

  test.each([
    [{}, 400],
    [{ personId: 'nobody', act: { kind: 'dismiss', messageId: '1' } }, 404],
    [{ personId: 'nobody', act: { kind: 'explode' } }, 400],
  ])('answers %j with %d', async (body, status) => {
    expect((await act(body)).status).toBe(status);
  });

  test('refuses what is no JSON, too long, or not said to be JSON', async () => {
    const post = (body: string, type: string) =>
      send(`${server.url}acts`, { method: 'POST', headers: { 'content-type': type }, body });
    expect((await post('{', 'application/json')).status).toBe(400);
    expect((await post(`"${'x'.repeat(200_000)}"`, 'application/json')).status).toBe(413);
    expect((await post('{}', 'text/plain')).status).toBe(415);
    expect((await send(`${server.url}switches`, { method: 'DELETE' })).status).toBe(405);
  });

  test('takes what support does, and nothing for a ticket that is none, in a state that is none, or without words', async () => {
    const support = async (body: unknown) => {
      const headers = { 'content-type': 'application/json' };
      return (await send(`${server.url}tickets`, { method: 'POST', headers, body: JSON.stringify(body) })).status;
    };
    const reference = 'KVO-530-34143';
    expect(await support({ kind: 'set-state', reference, state: 'Closed' })).toBe(404);
    expect(await support({ kind: 'set-state', reference, state: 'Gone' })).toBe(400);
    expect(await support({ kind: 'answer', reference, text: ' ', isPrivate: false })).toBe(400);
    expect(await support({ kind: 'answer', reference, text: 'x', isPrivate: true })).toBe(404);
  });

  test('does not do as one person what only another one can', async () => {
    const [first, , mia] = fixture.cast;
    const dm = mia?.user.inDirectMessage().channel.id;
    const written = await act({ personId: first?.user.id, act: { kind: 'say', channelId: dm, text: 'x' } });
    expect(JSON.parse(written.body)).toMatchObject({ kind: 'held-back', reason: 'ada sees no such channel.' });
    const notTheirs = await act({ personId: first?.user.id, act: { kind: 'submit', modalId: '1', values: {} } });
    expect(JSON.parse(notTheirs.body)).toMatchObject({ kind: 'held-back', reason: 'This form is not open any more.' });
  });

  test.each([
    '/../package.json',
    '/..%2f..%2fpackage.json',
    '/style/../../fixture.ts',
    '/fixture.ts',
    '/lit-html/../package.json',
    '/nothing.js',
  ])('serves no file outside of the page: %s', async (path) => {
    expect((await send(server.url.replace(/\/$/, '') + path)).status).toBe(404);
  });

  test('lets the browser load nothing from elsewhere, and guess no type', async () => {
    const { headers } = await send(server.url);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self' 'sha256-/);
    expect(headers['content-security-policy']).not.toMatch(/unsafe|https?:|\*/);
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  test('hands files out to be saved, never as a page of its own', async () => {
    const file = fixture.cast[1]?.user.messages.flatMap(({ files }) => files)[0];
    const { status, headers, body } = await send(`${server.url}files/${file?.id}/console.txt`);
    expect([status, headers['content-disposition'], headers['content-type']]).toEqual([
      200,
      'attachment',
      'application/octet-stream',
    ]);
    expect(body).toContain('Kernel panic');
    expect((await send(`${server.url}files/1/none`)).status).toBe(404);
  });
});
