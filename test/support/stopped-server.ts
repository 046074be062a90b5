import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net, { type LookupFunction } from 'node:net';
import { onTestFinished } from 'vitest';

/** Listens, and says on which port. Answers each connection with what it was given. */
const SERVER = `
  const net = require('node:net');
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(process.argv[1]));
  });
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => process.stdout.write(String(server.address().port)));
`;

export interface StoppedServer {
  readonly port: number;
  /**
   * Finds two addresses for any name: that of the server, which drops the first packet, and one in IPv6 that leads nowhere.
   * As soon as they are told and the packet is on its way, the server goes on, and takes the second packet: the machine
   * sends it one second later.
   */
  readonly lookup: LookupFunction;
}

/**
 * A server that is slow to answer: a process that is stopped, with as many connections waiting as it has room for. Linux
 * drops the packets of further ones.
 */
export async function startStoppedServer(answer: string): Promise<StoppedServer> {
  const child = spawn(process.execPath, ['-e', SERVER, answer], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [data] = await once(child.stdout, 'data');
  const port = Number(String(data));
  child.kill('SIGSTOP');
  // Of a backlog of one, two are taken; the rest have to wait already.
  const sockets = Array.from({ length: 8 }, () => net.connect({ port, host: '127.0.0.1' }).on('error', () => {}));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  await Promise.race(sockets.map((socket) => once(socket, 'connect')));
  return {
    port,
    lookup(_hostname, _options, callback) {
      callback(null, [
        { address: '127.0.0.1', family: 4 },
        // For documentation, so that no route leads there (RFC 3849).
        { address: '2001:db8::1', family: 6 },
      ]);
      setImmediate(() => child.kill('SIGCONT'));
    },
  };
}
