import { createServer } from 'node:net';
import { type Check, fail, ok, warn } from '../check.ts';

/** Milliseconds for the answer of who has the port. */
const ANSWER_TIMEOUT_MS = 2000;

export interface HealthPortOptions {
  /** The address that the bot listens on; undefined for all of the machine. */
  readonly host: string | undefined;
  /** HEALTH_PORT. */
  readonly port: number;
}

/** Opens the port as the bot will, and lets it go again. */
export function healthPortCheck({ host, port }: HealthPortOptions): Check {
  const place = host === undefined ? `port ${port}` : `port ${port} of ${host}`;
  return {
    name: 'Health port',
    lookedAt: place,
    async run() {
      const code = await tryToListen(host, port);
      switch (code) {
        case undefined:
          return ok(`HEALTH_PORT is free: ${place}.`);
        case 'EADDRINUSE':
          if (await isBotAt(host, port))
            return warn(`A bot answers at ${place} already.`, 'If that is this bot, which runs, all is well.');
          return fail(
            `Another program listens at ${place}: the bot would not start.`,
            'Set HEALTH_PORT to a port that is free, or stop that program.',
          );
        case 'EACCES':
          return fail(
            `This user may not listen at ${place}: the bot would not start.`,
            'Set HEALTH_PORT to a port from 1024 on.',
          );
        default:
          return fail(
            `The bot cannot listen at ${place} (${code}).`,
            'Set HEALTH_HOST to an address of this machine, such as 127.0.0.1.',
          );
      }
    },
  };
}

/** @returns What stands against it. */
function tryToListen(host: string | undefined, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.name));
    server.listen({ ...(host !== undefined && { host }), port, exclusive: true }, () =>
      server.close(() => resolve(undefined)),
    );
  });
}

async function isBotAt(host: string | undefined, port: number): Promise<boolean> {
  const reachable = host === undefined || host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  const address = reachable.includes(':') ? `[${reachable}]` : reachable;
  try {
    const answer = await fetch(`http://${address}:${port}/healthz`, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    return (await answer.text()) === 'alive\n';
  } catch {
    return false;
  }
}
