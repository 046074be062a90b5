import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { Counter, Registry } from 'prom-client';
import { expect, onTestFinished, test } from 'vitest';
import { startHealthServer } from '../../src/health/health-server.ts';
import { createLog } from '../../src/log.ts';

async function startServer(reasons: () => Promise<readonly string[]> = async () => []) {
  const registry = new Registry();
  new Counter({ name: 'example_total', help: 'An example', registers: [registry] }).inc(3);
  const logged: string[] = [];
  const server = await startHealthServer({
    host: '127.0.0.1',
    port: 0,
    registry,
    reasons,
    log: createLog('info', (line) => logged.push(line)),
  });
  onTestFinished(() => server.close());
  const get = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${server.port}${path}`, init);
  return { server, get, logged };
}

test('/healthz says that the process lives, whatever else is wrong', async () => {
  const { get } = await startServer(async () => ['not connected to Discord']);
  const response = await get('/healthz');
  expect([response.status, await response.text()]).toEqual([200, 'alive\n']);
});

test('/readyz is 200 while the bot takes work, else 503 with the reasons', async () => {
  let reasons: string[] = [];
  const { get } = await startServer(async () => reasons);
  const ready = await get('/readyz');
  expect([ready.status, await ready.json()]).toEqual([200, { ready: true, reasons: [] }]);
  reasons = ['the store does not work'];
  const notReady = await get('/readyz');
  expect([notReady.status, await notReady.json()]).toEqual([503, { ready: false, reasons: reasons }]);
});

test('/metrics speaks the format of Prometheus', async () => {
  const { get } = await startServer();
  const response = await get('/metrics');
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  expect(await response.text()).toContain('example_total 3');
});

test('a look that fails is a 500 without details, and is logged', async () => {
  const { get, logged } = await startServer(() => Promise.reject(new Error('secret detail')));
  const response = await get('/readyz');
  expect([response.status, await response.text()]).toEqual([500, 'failed\n']);
  expect(logged.join()).toContain('a health request failed');
});

test.each(['//', '///healthz', '//healthz', '/healthz/', '/%', '/%00', '/..', '/\\', '/:99999', 'http://[', '*'])(
  'a path as odd as %s is not found, and nothing is logged',
  async (path) => {
    const { server, logged } = await startServer();
    const socket = connect(server.port, '127.0.0.1');
    // As it stands: fetch would mend the path.
    socket.end(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).toContain('There are /healthz, /readyz and /metrics.');
    expect(answer).not.toMatch(/ at |Error/);
    expect(logged).toEqual([]);
  },
);

test('what follows a question mark makes no difference', async () => {
  const { get } = await startServer();
  expect((await get('/healthz?from=//')).status).toBe(200);
});

test('it listens on its own address and on no other one', async () => {
  const { server } = await startServer();
  const elsewhere = connect(server.port, '127.0.0.2');
  await expect(once(elsewhere, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('an address that this machine does not have is told as such', async () => {
  const start = startHealthServer({
    host: '192.0.2.1',
    port: 0,
    registry: new Registry(),
    reasons: async () => [],
    log: createLog('silent'),
  });
  await expect(start).rejects.toThrow(
    /HEALTH_HOST 192\.0\.2\.1 cannot be opened \(EADDRNOTAVAIL\)\. This machine has no/,
  );
});

test('any other path names the ones that there are, and only GET is answered', async () => {
  const { get } = await startServer();
  expect((await get('/tickets')).status).toBe(404);
  expect((await get('/healthz', { method: 'POST' })).status).toBe(405);
});

test('a port that is taken is told as such', async () => {
  const { server } = await startServer();
  const again = startHealthServer({
    host: '127.0.0.1',
    port: server.port,
    registry: new Registry(),
    reasons: async () => [],
    log: createLog('silent'),
  });
  await expect(again).rejects.toThrow(
    `HEALTH_PORT ${server.port} on HEALTH_HOST 127.0.0.1 cannot be opened (EADDRINUSE). Choose a port that is free`,
  );
});
