import type { EventEmitter } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GatewayCloseCodes, GatewayIntentBits } from 'discord-api-types/v10';
import { Activity } from '../activity.ts';
import { realClock, type SandboxClock } from '../clock.ts';
import { type FaultName, type FaultOptions, Faults } from './faults.ts';
import { createUser, type SandboxUser } from './people/user.ts';
import { Gateway, type Sharding } from './server/gateway.ts';
import { createRestHandler, type RequestRecord } from './server/rest-server.ts';
import { createRoutes } from './server/routes.ts';
import { accountJson, guildJson } from './server/wire.ts';
import { DiscordWorld } from './world/discord-world.ts';
import type { Guild } from './world/guild.ts';
import type { Interaction } from './world/interaction.ts';
import { type InteractionLimits, Interactions } from './world/interactions.ts';
import { PublishedCommands } from './world/published-commands.ts';

/** Requests remembered; the oldest are forgotten first. */
const MAX_REQUESTS = 20_000;

export interface DiscordOptions {
  /** TCP port on 127.0.0.1; any free one by default. */
  port?: number;
  /** Moves the age of interaction tokens and the deadlines. */
  clock?: SandboxClock;
  /** What happens here is told to it, and waits end with it. */
  activity?: Activity;
  /** Milliseconds for the first callback. Discord gives 3000. */
  deadlineMs?: number;
  /** Milliseconds during which a reply can be edited. Discord gives 15 minutes. */
  tokenLifetimeMs?: number;
  botToken?: string;
}

/** A running stand-in for Discord: one port for REST and gateway, a world of guilds and people, and its faults. */
export class SandboxDiscord {
  readonly botToken: string;
  readonly world: DiscordWorld;
  readonly commands: PublishedCommands;
  /** The last calls of the bot, oldest first. */
  readonly requests: RequestRecord[] = [];
  /** By ID, in the order of their creation. */
  readonly users = new Map<string, SandboxUser>();

  /** In milliseconds; a change holds for interactions that begin after it. */
  readonly limits: InteractionLimits;

  private readonly faults = new Faults();
  private readonly gateway: Gateway;
  /** How the gateway is divided. */
  readonly sharding: Sharding = {
    shards: 1,
    maxConcurrency: undefined,
    sessionsLeft: 1000,
    guildsPerShard: 2500,
  };
  private readonly ofInteractions: Interactions;
  private readonly activity: Activity;
  private readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  private server: Server | undefined;
  private port = 0;

  constructor(options: DiscordOptions) {
    const {
      clock = realClock,
      activity = new Activity(),
      deadlineMs = 3000,
      tokenLifetimeMs = 15 * 60 * 1000,
      botToken = 'sandbox-token.is-of.no-bot',
    } = options;
    this.botToken = botToken;
    this.limits = { deadlineMs, tokenLifetimeMs };
    this.activity = activity;
    const world = new DiscordWorld(clock.now);
    this.world = world;
    for (const event of EVENTS) world.events.on(event, (about) => activity.note(describeEvent(event, about)));
    this.commands = new PublishedCommands(world);
    const acceptsToken = (token: string) => token === botToken && !this.faults.names().includes('token-reset');
    const gatewayUrl = () => `ws://127.0.0.1:${this.port}`;
    this.gateway = new Gateway({
      events: world.events,
      newId: () => world.newId(),
      acceptsToken,
      isRefusing: () => this.faults.strike('gateway-refused') !== undefined,
      isSilent: () => this.faults.strike('gateway-silent') !== undefined,
      url: gatewayUrl,
      sharding: this.sharding,
      elapsed: clock.elapsed,
      guildIds: () => this.botGuilds().map(({ id }) => id),
      ready: (guildIds) => ({
        user: { ...accountJson(world.bot), verified: true, mfa_enabled: true, email: null },
        application: { id: world.applicationId, flags: 0 },
        guilds: guildIds.map((id) => ({ id, unavailable: true })),
        private_channels: [],
        relationships: [],
        guild_join_requests: [],
      }),
      afterReady: (intents, guildIds) =>
        intents & GatewayIntentBits.Guilds
          ? this.botGuilds()
              .filter(({ id }) => guildIds.includes(id))
              .map((guild) => ['GUILD_CREATE', guildJson(guild, world.bot)])
          : [],
    });
    const origin = () => this.origin;
    this.ofInteractions = new Interactions({ world, gateway: this.gateway, limits: this.limits, clock, origin });
    this.handle = createRestHandler({
      routes: createRoutes({
        world,
        commands: this.commands,
        interactions: this.ofInteractions,
        origin,
        gatewayUrl,
        sharding: this.sharding,
      }),
      faults: this.faults,
      clock,
      acceptsToken,
      onRequest: (record) => this.note(record),
      onHeld: () => world.events.emit('held'),
    });
  }

  /** http://127.0.0.1:… without a path. */
  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }
  /** What discord.js takes as `rest.api`. */
  get url(): string {
    return `${this.origin}/api`;
  }
  get applicationId(): string {
    return this.world.applicationId;
  }
  /**
   * What happens, for who wants to follow it: 'message', 'edit' and 'delete' with the message; 'interaction',
   * 'acknowledged', 'outcome' and 'follow-up' with the interaction; 'request' with its record; 'commands' with the
   * list and the guild's ID; 'held' when a request has arrived whose answer is held back; 'gateway' with `{ what, code?, intents? }`; 'faults' with the names in force.
   */
  get events(): EventEmitter {
    return this.world.events;
  }
  /** The last interactions, oldest first, with how long each waited for its acknowledgement. */
  get interactions(): Interaction[] {
    return this.ofInteractions.list();
  }
  get guilds(): Map<string, Guild> {
    return this.world.guilds;
  }

  createGuild(options: { name: string; locale?: string; owner?: SandboxUser }): Guild {
    const { owner, ...rest } = options;
    return this.world.createGuild({ ...rest, ...(owner && { owner: owner.account }) });
  }

  createUser(options: { name: string; locale?: string }): SandboxUser {
    const { world, commands, activity } = this;
    const account = world.createAccount(options);
    const deps = { world, commands, activity, interactions: this.ofInteractions, origin: () => this.origin };
    const user = createUser(deps, account);
    this.users.set(user.id, user);
    return user;
  }

  /** Whether a bot is connected to the gateway at this moment. */
  get isBotConnected(): boolean {
    return this.gateway.connected > 0;
  }

  /** Waits until a bot is connected, which it may be already. */
  async ready(): Promise<void> {
    await this.activity.until({
      look: () => this.isBotConnected || undefined,
      describe: () => 'a bot that identifies at the gateway',
    });
  }

  /** Waits for the next time that a bot identifies or resumes. Call it before what brings the bot back. */
  nextReady(): Promise<'ready' | 'resumed'> {
    let back: 'ready' | 'resumed' | undefined;
    const onGateway = ({ what }: { what: string }) => {
      if (what === 'ready' || what === 'resumed') back ??= what;
    };
    this.events.prependListener('gateway', onGateway);
    return this.activity
      .until({ look: () => back, describe: () => 'a bot that comes back to the gateway' })
      .finally(() => this.events.off('gateway', onGateway));
  }

  /** Waits for the next time that a bot publishes its commands. Call it before what makes it do so. */
  nextPublished(): Promise<void> {
    let isPublished: true | undefined;
    const onCommands = () => {
      isPublished = true;
    };
    this.events.prependOnceListener('commands', onCommands);
    return this.activity
      .until({ look: () => isPublished, describe: () => 'a bot that publishes its commands' })
      .then(() => undefined)
      .finally(() => this.events.off('commands', onCommands));
  }

  /** Sends the same interaction to the bot once more. */
  redeliver(interactionId: string): void {
    this.ofInteractions.redeliver(interactionId);
  }

  /** Lets an interaction's deadline pass now. */
  expire(interactionId: string): void {
    this.ofInteractions.find(interactionId)?.fail('The application did not respond in time.');
  }

  /** Makes something go wrong until it is cleared, or as often as `times` says. */
  fault(name: FaultName, options: FaultOptions = {}): void {
    switch (name) {
      case 'gateway-dropped':
        this.gateway.drop(4000);
        break;
      case 'gateway-reconnect':
        this.gateway.askToReconnect();
        break;
      case 'gateway-session-lost':
        this.gateway.drop(4000);
        this.gateway.forget();
        break;
      default:
        this.faults.set(name, options);
        if (name === 'token-reset') {
          this.gateway.drop(GatewayCloseCodes.AuthenticationFailed);
          this.gateway.forget();
        }
    }
    this.events.emit('faults', this.activeFaults);
  }

  clearFaults(name?: FaultName): void {
    this.faults.clear(name);
    this.events.emit('faults', this.activeFaults);
  }

  get activeFaults(): FaultName[] {
    return this.faults.names();
  }

  /** Discord is gone: every connection is cut and the port is closed. What it knows stays. */
  async down(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    this.gateway.terminate();
    server.closeAllConnections();
    await closed;
  }

  /** Discord is back, on the same port. */
  async up(port = this.port): Promise<void> {
    if (this.server) return;
    const server = createServer((request, response) => {
      if (request.url?.startsWith('/attachments/')) this.serveAttachment(request.url, response);
      else void this.handle(request, response);
    });
    // Longer than clients keep idle connections, so that none is closed under a request that just begins.
    server.keepAliveTimeout = 120_000;
    server.on('upgrade', (request, socket, head) => this.gateway.upgrade(request, socket, head));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  async close(): Promise<void> {
    this.ofInteractions.close();
    this.gateway.close();
    await this.down();
  }

  private botGuilds(): Guild[] {
    return [...this.world.guilds.values()].filter(({ members }) => members.has(this.world.bot.id));
  }

  private note(record: RequestRecord): void {
    this.requests.push(record);
    if (this.requests.length > MAX_REQUESTS) this.requests.splice(0, MAX_REQUESTS / 2);
    this.events.emit('request', record);
  }

  private serveAttachment(url: string, response: ServerResponse): void {
    const attachment = this.world.findAttachment(url.split('/')[2] ?? '');
    if (!attachment) {
      response.writeHead(404).end();
      return;
    }
    // The file may be anything that a person sent: it is never shown as a page of this origin.
    response
      .writeHead(200, { 'content-type': attachment.contentType, 'content-disposition': 'attachment' })
      .end(attachment.content);
  }
}

/** Everything that the stand-in tells its listeners. */
const EVENTS = [
  'message',
  'edit',
  'delete',
  'interaction',
  'acknowledged',
  'outcome',
  'follow-up',
  'request',
  'held',
  'commands',
  'gateway',
  'faults',
] as const;

/** An event in a few words, without texts and tokens. */
function describeEvent(event: (typeof EVENTS)[number], about: unknown): string {
  switch (event) {
    case 'request': {
      const { method, route, status, code } = about as RequestRecord;
      return `the bot called ${method} ${route} and got ${status}${code ? ` (${code})` : ''}`;
    }
    case 'gateway':
      return `the gateway: ${(about as { what: string }).what}`;
    case 'interaction':
    case 'acknowledged':
    case 'outcome':
    case 'follow-up':
      return `${event} of ${(about as Interaction).name} (interaction ${(about as Interaction).id})`;
    default:
      return `${event} at Discord`;
  }
}

/** Starts the stand-in on 127.0.0.1. */
export async function startDiscord(options: DiscordOptions = {}): Promise<SandboxDiscord> {
  const discord = new SandboxDiscord(options);
  await discord.up(options.port ?? 0);
  return discord;
}
