import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { type Clock, systemClock, TIMED_OUT, waitAtMost } from '../clock.ts';
import type { Log } from '../log.ts';

export interface HealthServerOptions {
  /** TCP port on all interfaces (HEALTH_PORT); 0 takes any free one. */
  readonly port: number;
  readonly registry: Registry;
  /** What keeps the bot from taking work, by name; empty when nothing does. */
  readonly reasons: () => Promise<readonly string[]>;
  readonly clock?: Clock;
  readonly log: Log;
}

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/** The port cannot be opened. */
export class HealthPortError extends Error {
  override name = 'HealthPortError';

  constructor(port: number, cause: Error) {
    const code = 'code' in cause ? ` (${cause.code})` : '';
    super(`HEALTH_PORT ${port} cannot be opened${code}. Choose a port that is free, from 1024 on.`, { cause });
  }
}

/** Milliseconds in which a probe gets its answer; orchestrators give up after a few seconds. */
const PROBE_TIMEOUT_MS = 2000;

/**
 * Answers those who watch over the process: `/healthz` is 200 while it lives, `/readyz` is 200 while it takes work and
 * otherwise 503 with the reasons, `/metrics` is in Prometheus' format. No endpoint tells texts, addresses or people.
 * @throws {HealthPortError}
 */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const { port, registry, clock = systemClock, log } = options;
  const server = createServer((request, response) => {
    const send = (status: number, type: string, body: string) =>
      void response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    const answer = async () => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      if (request.method !== 'GET' && request.method !== 'HEAD') send(405, 'text/plain', 'Only GET.\n');
      else if (pathname === '/healthz') send(200, 'text/plain', 'alive\n');
      else if (pathname === '/readyz') {
        const reasons = await inTime(clock, options.reasons());
        const body = JSON.stringify({ ready: reasons.length === 0, reasons });
        send(reasons.length === 0 ? 200 : 503, 'application/json', `${body}\n`);
      } else if (pathname === '/metrics') send(200, registry.contentType, await registry.metrics());
      else send(404, 'text/plain', 'There are /healthz, /readyz and /metrics.\n');
    };
    answer().catch((error: unknown) => {
      log.error({ error }, 'a health request failed');
      send(500, 'text/plain', 'failed\n');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(new HealthPortError(port, cause)));
    server.listen(port, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function inTime(clock: Clock, looking: Promise<readonly string[]>): Promise<readonly string[]> {
  const found = await waitAtMost(clock, PROBE_TIMEOUT_MS, looking);
  return found === TIMED_OUT ? ['the look itself takes too long'] : found;
}
