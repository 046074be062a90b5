import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type OperationResult, ticket } from '../helpdesk/answers.ts';
import { writeAnswer } from '../helpdesk/wire.ts';
import { writeWsdl } from '../helpdesk/wsdl.ts';

/**
 * A helpdesk that believes everything and answers at once. The sandbox's own one looks at every byte and needs more CPU for a
 * call than any client, so that a benchmark would show the helpdesk.
 */
export interface QuickHelpdesk {
  /** For HELPDESK_URL. */
  readonly url: string;
  /** Calls so far, the logins among them. */
  readonly calls: number;
  /** Tickets so far. */
  readonly tickets: number;
  /** Milliseconds before each answer; 0 at first. */
  latencyMs: number;
  close(): Promise<void>;
}

const ANSWERS: Readonly<Record<string, () => OperationResult>> = {
  api_login: () => ({ kind: 'value', value: { kind: 'string', value: 'a0b1c2d3e4f5a6b7' } }),
  api_get_ima: () => ({ kind: 'value', value: { kind: 'string', value: 'admin' } }),
};
const HEADERS = { 'X-SOAP-Server': 'NuSOAP/0.9.5 (1.123)', 'Content-Type': 'text/xml; charset=ISO-8859-1' };

export async function startQuickHelpdesk(): Promise<QuickHelpdesk> {
  let calls = 0;
  let tickets = 0;
  const server = createServer((request, response) => void serve(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api.php`;
  const helpdesk = {
    url,
    latencyMs: 0,
    get calls() {
      return calls;
    },
    get tickets() {
      return tickets;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    // Whoever hangs up is not answered.
    await once(request, 'end').catch(() => undefined);
    if (request.method !== 'POST') {
      response.writeHead(200, HEADERS).end(writeWsdl(url));
      return;
    }
    calls += 1;
    const operation = /<(?:[\w-]+:)?(api_\w+)/.exec(body)?.[1] ?? '';
    const result = operation === 'api_openTicket' ? opened() : ANSWERS[operation]?.();
    if (helpdesk.latencyMs > 0) await delay(helpdesk.latencyMs, undefined, { ref: false });
    if (result?.kind === 'value') response.writeHead(200, HEADERS).end(writeAnswer('nusoap', operation, result.value));
    else response.writeHead(500).end();
  }

  function opened(): OperationResult {
    tickets += 1;
    return ticket('success', 'Ticket opened', `KVO-530-${10_000 + tickets}`);
  }

  return helpdesk;
}
