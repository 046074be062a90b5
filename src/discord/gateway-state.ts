import { type Client, Status } from 'discord.js';
import type { GatewayState } from '../metrics.ts';
import type { SessionStarts } from './session-starts.ts';

/** Whether all shards are connected. discord.js calls a client ready from its first connection on, also while it is away. */
export function isConnected(client: Client | undefined): boolean {
  return client?.isReady() === true && client.ws.shards.every(({ status }) => status === Status.Ready);
}

/** The connection to Discord as it stands, for the metrics. */
export function gatewayState(client: Client | undefined, sessionStarts: SessionStarts): GatewayState {
  const shards = [...(client?.ws.shards.values() ?? [])].map(({ id, status, ping }) => ({
    id,
    isConnected: status === Status.Ready,
    // -1 before the first heartbeat was answered.
    pingMs: ping >= 0 ? ping : undefined,
  }));
  return { isConnected: isConnected(client), shards, sessionStartsLeft: sessionStarts.left };
}
