import net from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { writeAnswer } from '../sandbox/helpdesk/wire.ts';
import { allowSlowConnections } from '../src/network.ts';
import { post } from './helpdesk/helpdesk-harness.ts';
import { startConversation } from './support/conversation.ts';
import { startStoppedServer } from './support/stopped-server.ts';

const ENVELOPE = writeAnswer('conforming', 'api_login', { kind: 'string', value: 'abc' });
const ANSWER = `HTTP/1.1 200 OK\r\nContent-Length: ${ENVELOPE.length}\r\nConnection: close\r\n\r\n${ENVELOPE}`;
const NODES_OWN_MS = net.getDefaultAutoSelectFamilyAttemptTimeout();

afterEach(() => net.setDefaultAutoSelectFamilyAttemptTimeout(NODES_OWN_MS));

// Elsewhere a full backlog refuses a connection instead of letting it wait.
test.runIf(process.platform === 'linux')(
  'a helpdesk whose first packet is slow is reached, although it has an IPv6 address that leads nowhere',
  async () => {
    const { port, lookup } = await startStoppedServer(ANSWER);
    const limits = { connectTimeoutMs: 60_000, timeoutMs: 60_000, lookup };
    await expect(post(`http://helpdesk.example:${port}/`, limits)).resolves.toMatchObject({ kind: 'envelope' });
  },
);

// Neither discord.js and its gateway, nor the clients of the stores have a limit of their own for one address. nodemailer has
// one: it shares out its time among the addresses.
test('the bot gives every other connection more time for an address than Node, and leaves what an operator set longer', async () => {
  await startConversation();
  expect(net.getDefaultAutoSelectFamilyAttemptTimeout()).toBeGreaterThan(1000);
  net.setDefaultAutoSelectFamilyAttemptTimeout(9000);
  allowSlowConnections();
  expect(net.getDefaultAutoSelectFamilyAttemptTimeout()).toBe(9000);
});
