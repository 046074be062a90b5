import type { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { GatewayCloseCodes, GatewayIntentBits, GatewayOpcodes } from 'discord-api-types/v10';
import { type WebSocket, WebSocketServer } from 'ws';

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
  readonly intents: number;
  sequence: number;
  socket: WebSocket | undefined;
  replay: Dispatch[];
}

export interface GatewayParts {
  readonly events: EventEmitter;
  newId(): string;
  acceptsToken(token: string): boolean;
  isRefusing(): boolean;
  /** Where the client is told to resume, as ws://…. */
  url(): string;
  /** The payload of READY without its session. */
  ready(): Record<string, unknown>;
  /** What a client with these intents is told after READY: [event name, payload] pairs. */
  afterReady(intents: number): [string, unknown][];
}

/** The gateway: every session that has identified gets every dispatch, as on Discord when a bot runs twice. */
export class Gateway {
  private readonly parts: GatewayParts;
  private readonly server = new WebSocketServer({ noServer: true });
  private readonly sessions = new Map<string, Session>();

  constructor(parts: GatewayParts) {
    this.parts = parts;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.parts.isRefusing()) {
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

  dispatch(event: string, payload: unknown): void {
    for (const session of this.sessions.values()) this.dispatchTo(session, event, payload);
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
        client.close(GatewayCloseCodes.DecodeError);
        return;
      }
      switch (packet.op) {
        case GatewayOpcodes.Heartbeat:
          send(client, { op: GatewayOpcodes.HeartbeatAck });
          return;
        case GatewayOpcodes.Identify:
          if (session) client.close(GatewayCloseCodes.AlreadyAuthenticated);
          else session = this.identify(client, packet.d);
          return;
        case GatewayOpcodes.Resume:
          if (session) client.close(GatewayCloseCodes.AlreadyAuthenticated);
          else session = this.resume(client, packet.d);
          return;
        case GatewayOpcodes.PresenceUpdate:
        case GatewayOpcodes.VoiceStateUpdate:
        case GatewayOpcodes.RequestGuildMembers:
          if (!session) client.close(GatewayCloseCodes.NotAuthenticated);
          return;
        default:
          client.close(GatewayCloseCodes.UnknownOpcode);
      }
    });
    client.on('close', (code) => {
      if (!session || session.socket !== client) return;
      session.socket = undefined;
      // A client that says goodbye with 1000 or 1001 ends its session; any other end leaves it to be resumed.
      if (code === 1000 || code === 1001) this.sessions.delete(session.id);
      this.parts.events.emit('gateway', { what: 'closed', code });
    });
    send(client, { op: GatewayOpcodes.Hello, d: { heartbeat_interval: HEARTBEAT_INTERVAL_MS } });
  }

  private identify(client: WebSocket, data: Record<string, unknown>): Session | undefined {
    if (!this.parts.acceptsToken(String(data?.token))) {
      client.close(GatewayCloseCodes.AuthenticationFailed, 'Authentication failed.');
      return undefined;
    }
    const intents = Number(data.intents ?? 0);
    if (!Number.isInteger(intents) || intents & ~ALL_INTENTS) {
      client.close(GatewayCloseCodes.InvalidIntents, 'Invalid intent(s).');
      return undefined;
    }
    if (intents & PRIVILEGED_INTENTS) {
      client.close(GatewayCloseCodes.DisallowedIntents, 'Disallowed intent(s).');
      return undefined;
    }
    const session: Session = { id: this.parts.newId(), intents, sequence: 0, socket: client, replay: [] };
    this.sessions.set(session.id, session);
    this.dispatchTo(session, 'READY', {
      ...this.parts.ready(),
      v: 10,
      session_id: session.id,
      resume_gateway_url: this.parts.url(),
      shard: data.shard ?? [0, 1],
      session_type: 'normal',
    });
    for (const [event, payload] of this.parts.afterReady(intents)) this.dispatchTo(session, event, payload);
    this.parts.events.emit('gateway', { what: 'ready', intents });
    return session;
  }

  private resume(client: WebSocket, data: Record<string, unknown>): Session | undefined {
    if (!this.parts.acceptsToken(String(data?.token))) {
      client.close(GatewayCloseCodes.AuthenticationFailed, 'Authentication failed.');
      return undefined;
    }
    const session = this.sessions.get(String(data.session_id));
    const seen = Number(data.seq);
    if (!session) {
      send(client, { op: GatewayOpcodes.InvalidSession, d: false });
      this.parts.events.emit('gateway', { what: 'invalid-session' });
      return undefined;
    }
    if (!(seen <= session.sequence)) {
      client.close(GatewayCloseCodes.InvalidSeq, 'Invalid seq.');
      return undefined;
    }
    session.socket?.terminate();
    session.socket = client;
    for (const missed of session.replay) if (missed.s > seen) send(client, missed);
    this.dispatchTo(session, 'RESUMED', {});
    this.parts.events.emit('gateway', { what: 'resumed' });
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

function send(socket: WebSocket, packet: unknown): void {
  socket.send(JSON.stringify(packet));
}
