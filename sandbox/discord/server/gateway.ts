import type { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { GatewayCloseCodes, GatewayIntentBits, GatewayOpcodes } from 'discord-api-types/v10';
import { type WebSocket, WebSocketServer } from 'ws';
import { GATEWAY_REFUSALS, type GatewayRefusal } from '../rules/refusals.ts';

/** Discord's usual value, in milliseconds. */
const HEARTBEAT_INTERVAL_MS = 41_250;
/** Dispatches that a session keeps for a resume. */
const MAX_REPLAY = 5_000;
const ALL_INTENTS = Object.values(GatewayIntentBits).reduce<number>((all, bit) => all | Number(bit), 0);
const PRIVILEGED_INTENTS =
  GatewayIntentBits.GuildMembers | GatewayIntentBits.GuildPresences | GatewayIntentBits.MessageContent;

interface Dispatch {
  readonly op: number;
  readonly t: string;
  readonly s: number;
  readonly d: unknown;
}

/** What one identify began; it outlives its connection until it is resumed or forgotten. */
interface Session {
  readonly id: string;
  readonly shard: Shard;
  readonly intents: number;
  sequence: number;
  socket: WebSocket | undefined;
  replay: Dispatch[];
}

/** One part of a bot's servers: its number, and how many parts there are. */
export type Shard = readonly [id: number, count: number];

/** How the gateway is divided. A test sets it; Discord decides it by the number of a bot's servers. */
export interface Sharding {
  /** What `GET /gateway/bot` recommends. */
  shards: number;
  /** Shards of one key (`id % maxConcurrency`) that may identify within 5 seconds; undefined lets all of them. */
  maxConcurrency: number | undefined;
  /** What `GET /gateway/bot` says of the sessions that may begin today. It does not count by itself. */
  sessionsLeft: number;
  /** Servers that one shard may hold. */
  guildsPerShard: number;
}

/** Milliseconds in which one shard of each key may identify. */
const IDENTIFY_WINDOW_MS = 5000;

/** Which shard gets what happens in a server; direct messages go to the first one. */
export function shardOf(guildId: string | undefined, count: number): number {
  return guildId === undefined ? 0 : Number((BigInt(guildId) >> 22n) % BigInt(count));
}

export interface GatewayDeps {
  readonly events: EventEmitter;
  newId(): string;
  acceptsToken(token: string): boolean;
  isRefusing(): boolean;
  /** Whether who identifies hears nothing. */
  isSilent(): boolean;
  /** Where the client is told to resume, as ws://…. */
  url(): string;
  readonly sharding: Sharding;
  /** Milliseconds, for the limit of identifies. */
  elapsed(): number;
  /** The IDs of all servers of the bot. */
  guildIds(): string[];
  /** The payload of READY without its session. @param guildIds The servers of its shard. */
  ready(guildIds: readonly string[]): Record<string, unknown>;
  /** What a client with these intents is told after READY: [event name, payload] pairs. */
  afterReady(intents: number, guildIds: readonly string[]): [string, unknown][];
}

/** The gateway: every session that has identified gets every dispatch of its shard, as on Discord when a bot runs twice. */
export class Gateway {
  private readonly deps: GatewayDeps;
  private readonly server = new WebSocketServer({ noServer: true });
  private readonly sessions = new Map<string, Session>();
  /** When a shard of each key identified last. */
  private readonly identifiedAt = new Map<number, number>();

  constructor(deps: GatewayDeps) {
    this.deps = deps;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.deps.isRefusing()) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
      return;
    }
    this.server.handleUpgrade(request, socket, head, (client) => {
      this.greet(client);
    });
  }

  /** How many sessions have a living connection. */
  get connected(): number {
    return [...this.sessions.values()].filter((session) => session.socket).length;
  }

  /** How many sessions there are, those included that may still be resumed. */
  get known(): number {
    return this.sessions.size;
  }

  /** @param guildId Where it happens; undefined for a direct message. */
  dispatch(event: string, payload: unknown, guildId: string | undefined): void {
    for (const session of this.sessions.values()) {
      const [id, count] = session.shard;
      if (shardOf(guildId, count) === id) this.dispatchTo(session, event, payload);
    }
  }

  /** Cuts every connection with that close code. */
  drop(code: number): void {
    for (const session of [...this.sessions.values()]) session.socket?.close(code);
  }

  /** Cuts every connection without a closing handshake. */
  terminate(): void {
    for (const client of this.server.clients) client.terminate();
  }

  /** Forgets every session, so that a resume is answered with op 9. */
  forget(): void {
    this.sessions.clear();
  }

  askToReconnect(): void {
    for (const { socket } of this.sessions.values()) {
      if (socket) send(socket, { op: GatewayOpcodes.Reconnect, d: null });
    }
  }

  close(): void {
    this.forget();
    this.terminate();
    this.server.close();
  }

  private greet(client: WebSocket): void {
    let session: Session | undefined;
    client.on('error', () => {});
    client.on('message', (data) => {
      let packet: { op: number; d: Record<string, unknown> };
      try {
        packet = JSON.parse(String(data));
      } catch {
        refuse(client, 'DecodeError');
        return;
      }
      switch (packet.op) {
        case GatewayOpcodes.Heartbeat:
          send(client, { op: GatewayOpcodes.HeartbeatAck });
          return;
        case GatewayOpcodes.Identify:
          if (session) refuse(client, 'AlreadyAuthenticated');
          else if (this.deps.isSilent()) this.deps.events.emit('gateway', { what: 'kept-waiting' });
          else session = this.identify(client, packet.d);
          return;
        case GatewayOpcodes.Resume:
          if (session) refuse(client, 'AlreadyAuthenticated');
          else session = this.resume(client, packet.d);
          return;
        case GatewayOpcodes.PresenceUpdate:
        case GatewayOpcodes.VoiceStateUpdate:
        case GatewayOpcodes.RequestGuildMembers:
          if (!session) refuse(client, 'NotAuthenticated');
          return;
        default:
          refuse(client, 'UnknownOpcode');
      }
    });
    client.on('close', (code) => {
      if (!session || session.socket !== client) return;
      session.socket = undefined;
      // A client that says goodbye with 1000 or 1001 ends its session; any other end leaves it to be resumed.
      if (code === 1000 || code === 1001) this.sessions.delete(session.id);
      this.deps.events.emit('gateway', { what: 'closed', code });
    });
    send(client, { op: GatewayOpcodes.Hello, d: { heartbeat_interval: HEARTBEAT_INTERVAL_MS } });
  }

  private identify(client: WebSocket, data: Record<string, unknown>): Session | undefined {
    if (!this.deps.acceptsToken(String(data?.token))) {
      refuse(client, 'AuthenticationFailed');
      return undefined;
    }
    const intents = Number(data.intents ?? 0);
    if (!Number.isInteger(intents) || intents & ~ALL_INTENTS) {
      refuse(client, 'InvalidIntents');
      return undefined;
    }
    if (intents & PRIVILEGED_INTENTS) {
      refuse(client, 'DisallowedIntents');
      return undefined;
    }
    const shard = shardIn(data.shard);
    if (!shard) {
      refuse(client, 'InvalidShard');
      return undefined;
    }
    const [shardId, shardCount] = shard;
    const guildIds = this.deps.guildIds().filter((id) => shardOf(id, shardCount) === shardId);
    const { maxConcurrency, guildsPerShard } = this.deps.sharding;
    if (guildIds.length > guildsPerShard) {
      refuse(client, 'ShardingRequired');
      return undefined;
    }
    if (maxConcurrency !== undefined && !this.mayIdentify(shardId % maxConcurrency)) {
      send(client, { op: GatewayOpcodes.InvalidSession, d: false });
      this.deps.events.emit('gateway', { what: 'identified-too-soon' });
      return undefined;
    }
    const session: Session = { id: this.deps.newId(), shard, intents, sequence: 0, socket: client, replay: [] };
    this.sessions.set(session.id, session);
    this.dispatchTo(session, 'READY', {
      ...this.deps.ready(guildIds),
      v: 10,
      session_id: session.id,
      resume_gateway_url: this.deps.url(),
      shard,
      session_type: 'normal',
    });
    for (const [event, payload] of this.deps.afterReady(intents, guildIds)) this.dispatchTo(session, event, payload);
    this.deps.events.emit('gateway', { what: 'ready', intents, shard });
    return session;
  }

  private mayIdentify(key: number): boolean {
    const now = this.deps.elapsed();
    if (now - (this.identifiedAt.get(key) ?? Number.NEGATIVE_INFINITY) < IDENTIFY_WINDOW_MS) return false;
    this.identifiedAt.set(key, now);
    return true;
  }

  private resume(client: WebSocket, data: Record<string, unknown>): Session | undefined {
    if (!this.deps.acceptsToken(String(data?.token))) {
      refuse(client, 'AuthenticationFailed');
      return undefined;
    }
    const session = this.sessions.get(String(data.session_id));
    const seen = Number(data.seq);
    if (!session) {
      send(client, { op: GatewayOpcodes.InvalidSession, d: false });
      this.deps.events.emit('gateway', { what: 'invalid-session' });
      return undefined;
    }
    if (!(seen <= session.sequence)) {
      refuse(client, 'InvalidSeq');
      return undefined;
    }
    session.socket?.terminate();
    session.socket = client;
    for (const missed of session.replay) if (missed.s > seen) send(client, missed);
    this.dispatchTo(session, 'RESUMED', {});
    this.deps.events.emit('gateway', { what: 'resumed' });
    return session;
  }

  private dispatchTo(session: Session, event: string, payload: unknown): void {
    session.sequence += 1;
    const packet: Dispatch = { op: GatewayOpcodes.Dispatch, t: event, s: session.sequence, d: payload };
    session.replay.push(packet);
    if (session.replay.length > MAX_REPLAY) session.replay = session.replay.slice(-MAX_REPLAY / 2);
    if (session.socket) send(session.socket, packet);
  }
}

/** @returns Undefined for what is no shard. Without one, a bot holds everything. */
function shardIn(value: unknown): Shard | undefined {
  if (value === undefined) return [0, 1];
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [id, count] = value.map(Number);
  const isShard = Number.isInteger(id) && Number.isInteger(count) && id !== undefined && count !== undefined;
  return isShard && id >= 0 && id < count ? [id, count] : undefined;
}

/** Closes a connection with the code of that name. */
function refuse(socket: WebSocket, name: keyof typeof GATEWAY_REFUSALS): void {
  const rule: GatewayRefusal = GATEWAY_REFUSALS[name];
  socket.close(GatewayCloseCodes[name], rule.reason);
}

function send(socket: WebSocket, packet: unknown): void {
  socket.send(JSON.stringify(packet));
}
