import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A relay in front of a server, that can do what networks do. */
export interface BreakableConnection {
  /** The server's address with the relay in its place. */
  url: string;
  /** Refuses new connections and cuts those that are open. */
  cut(): Promise<void>;
  /** Keeps connections open and lets no more bytes through. */
  freeze(): void;
  /** Lets everything through again, on new connections. */
  mend(): Promise<void>;
}

export async function createBreakableConnection(serverUrl: string, defaultPort: number): Promise<BreakableConnection> {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let isFrozen = false;

  const relay = createServer((socket) => {
    const upstream = connect(Number(target.port || defaultPort), target.hostname);
    for (const [from, to] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => {
        if (!isFrozen) to.write(bytes);
      });
      from.on('error', () => {});
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  const address = relay.address();
  if (address === null || typeof address === 'string') throw new Error('the relay has no port');
  const url = new URL(serverUrl);
  url.hostname = '127.0.0.1';
  url.port = String(address.port);

  function cutAll(): void {
    for (const socket of sockets) socket.destroy();
  }
  return {
    url: url.href,
    async cut() {
      const closed = once(relay, 'close');
      relay.close();
      cutAll();
      await closed;
    },
    freeze() {
      isFrozen = true;
    },
    async mend() {
      isFrozen = false;
      cutAll();
      if (relay.listening) return;
      relay.listen(address.port, '127.0.0.1');
      await once(relay, 'listening');
    },
  };
}
