import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { DiscordRest } from '../../src/discord/discord-rest.ts';
import { ReplyEdits } from '../../src/discord/reply-edits.ts';
import { createLog } from '../../src/log.ts';

/** What Discord's API got, and how it answers that. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly body: Record<string, unknown>;
  /** Closes the connection instead of answering. */
  readonly cut: () => void;
  readonly answer: (status: number, body: unknown) => void;
}

/** The bot's way to Discord, with a server behind it that answers as the test says. */
export async function startDiscordApi(handle: (request: ApiRequest) => void): Promise<DiscordRest> {
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      handle({
        method: request.method ?? '',
        path: request.url ?? '',
        body: text ? JSON.parse(text) : {},
        cut: () => request.socket.destroy(),
        answer: (status, body) =>
          response
            .writeHead(status, { ...headersOf(body), 'content-type': 'application/json' })
            .end(JSON.stringify(body)),
      });
    });
  }).listen(0);
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  return new DiscordRest(
    { api: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, version: '10' },
    {
      ...{ edits: new ReplyEdits(systemClock), clock: systemClock, log: createLog('silent') },
      ...{ onAnswered: () => undefined, onSessionLimit: () => undefined },
    },
  ).setToken('x.y.z');
}

/** Discord says in the headers too for how long it wants to be left alone. */
function headersOf(body: unknown): Record<string, string> {
  const { retry_after: seconds } = body as { retry_after?: number };
  return seconds === undefined ? {} : { 'retry-after': String(seconds) };
}
