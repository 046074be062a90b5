import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { type Clock, systemClock, TIMED_OUT, waitAtMost } from '../clock.ts';
import type { Log } from '../log.ts';

export interface HealthServerOptions {
  /** The address that it listens on (HEALTH_HOST). */
  readonly host: string;
  /** TCP port (HEALTH_PORT); 0 takes any free one. */
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

  constructor({ host, port }: Pick<HealthServerOptions, 'host' | 'port'>, cause: Error) {
    const code = 'code' in cause ? cause.code : undefined;
    const isHost = code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND';
    const remedy = isHost
      ? 'This machine has no such address: set HEALTH_HOST to one that it has, such as 127.0.0.1.'
      : 'Choose a port that is free, from 1024 on.';
    super(`HEALTH_PORT ${port} on HEALTH_HOST ${host} cannot be opened${code ? ` (${code})` : ''}. ${remedy}`, {
      cause,
    });
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
  const { host, port, registry, clock = systemClock, log } = options;
  const server = createServer((request, response) => {
    const send = (status: number, type: string, body: string) =>
      void response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    const answer = async () => {
      // Not by URL: it throws at paths such as //, and any client can send those.
      const [path] = (request.url ?? '').split('?');
      if (request.method !== 'GET' && request.method !== 'HEAD') send(405, 'text/plain', 'Only GET.\n');
      else if (path === '/healthz') send(200, 'text/plain', 'alive\n');
      else if (path === '/readyz') {
        const reasons = await inTime(clock, options.reasons());
        const body = JSON.stringify({ ready: reasons.length === 0, reasons });
        send(reasons.length === 0 ? 200 : 503, 'application/json', `${body}\n`);
      } else if (path === '/metrics') send(200, registry.contentType, await registry.metrics());
      else send(404, 'text/plain', 'There are /healthz, /readyz and /metrics.\n');
    };
    answer().catch((error: unknown) => {
      log.error({ error }, 'a health request failed');
      send(500, 'text/plain', 'failed\n');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(new HealthPortError({ host, port }, cause)));
    server.listen(port, host, resolve);
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
