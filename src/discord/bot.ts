import {
  Client,
  DiscordjsError,
  DiscordjsErrorCodes,
  Events,
  GatewayCloseCodes,
  type Interaction,
  Options,
  type REST,
  SimpleShardingStrategy,
} from 'discord.js';
import { type Clock, wait, waitAtMost } from '../clock.ts';
import type { Shards } from '../config.ts';
import type { Log } from '../log.ts';
import type { GatewayState } from '../metrics.ts';
import { AcknowledgementTimes } from './acknowledgement-times.ts';
import { DiscordRest, type DiscordRestDeps } from './discord-rest.ts';
import { gatewayState, isConnected } from './gateway-state.ts';
import { keepTargetMessages } from './messages/target-message.ts';
import { keepPlaceNames } from './place.ts';
import type { ReplyEdits } from './reply-edits.ts';
import { waitOf } from './rest-errors.ts';
import { ServerNames } from './server-names.ts';
import { SessionStarts } from './session-starts.ts';

export interface BotOptions {
  readonly token: string;
  readonly apiUrl: string;
  /** The gateway shards of this process. */
  readonly shards: Shards;
  /** Called for each interaction; must not reject. */
  readonly onInteraction: (interaction: Interaction) => Promise<void>;
  /** Called at the first connection, and again, with more and more time between, until it does not throw. */
  readonly onReady: (discord: { rest: REST; applicationId: string }) => Promise<void>;
  /** Milliseconds for one request to Discord. */
  readonly requestTimeoutMs?: number;
  readonly edits: ReplyEdits;
  /** Told how many milliseconds passed from the arrival of an interaction until Discord had its first answer. */
  readonly onAcknowledged: (durationMs: number) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** A bot that connects, and keeps trying while Discord is away. */
export interface Bot {
  readonly isReady: boolean;
  readonly gateway: GatewayState;
  /** The server that the bot is in, when it is in exactly one. As Discord told it at the last new connection. */
  readonly onlyGuildId: string | undefined;
  /** Resolves at the first connection, after `onReady`. */
  readonly ready: Promise<void>;
  /** Resolves when the bot cannot go on: Discord does not take the token. */
  readonly ended: Promise<BotEndedError>;
  stop(): Promise<void>;
}

/** Discord does not take this bot any more. */
export class BotEndedError extends Error {
  override name = 'BotEndedError';
}

/** Milliseconds for one request to Discord: an acknowledgement must arrive within 3 seconds, with one more try after that. */
const REST_TIMEOUT_MS = 2500;
/** Milliseconds between tries of what Discord did not take; twice as many each time. */
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 60_000;
/** Milliseconds that a stop waits for the gateway's goodbye. */
const CLOSE_MS = 2000;

export function startBot(options: BotOptions): Bot {
  const { token, onInteraction, onReady, clock, log } = options;
  let client: Client | undefined;
  let servers: ServerNames | undefined;
  const acknowledgements = new AcknowledgementTimes(clock, options.onAcknowledged);
  const sessionStarts = new SessionStarts(clock);
  const stopping = new AbortController();
  let toldReady = () => {};
  const ready = new Promise<void>((resolve) => {
    toldReady = resolve;
  });
  let end = (_reason: BotEndedError) => {};
  const ended = new Promise<BotEndedError>((resolve) => {
    end = resolve;
  });

  async function start(): Promise<void> {
    const connected = await untilItWorks(
      logIn,
      'Discord cannot be reached; the bot tries again. If that goes on, npm run doctor names the cause',
    );
    if (!connected) return;
    const shards = [...connected.ws.shards.keys()];
    log.info({ user: connected.user.tag, shards, of: connected.options.shardCount }, 'connected to Discord');
    const named = servers?.load();
    const isDone = await untilItWorks(async () => {
      await onReady({ rest: connected.rest, applicationId: connected.application.id });
      return true;
    }, 'the start after the connection was not complete; the bot tries again');
    await named;
    if (isDone) toldReady();
  }

  /** @returns undefined when the bot is stopped first, or cannot go on. */
  async function untilItWorks<T>(attempt: () => Promise<T>, failure: string): Promise<T | undefined> {
    for (let delay = FIRST_RETRY_MS; !stopping.signal.aborted; delay = Math.min(delay * 2, LAST_RETRY_MS)) {
      try {
        return await attempt();
      } catch (error) {
        if (error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid) {
          end(
            new BotEndedError(
              'Discord does not accept DISCORD_TOKEN: copy it again from the Bot page of your application.',
            ),
          );
          return undefined;
        }
        const discordSays = waitOf(error);
        const retryMs = Math.max(delay, discordSays ?? 0);
        const until = new Date(clock.now() + retryMs).toISOString();
        if (discordSays === undefined) log.warn({ error, retryMs }, failure);
        else log.warn({ error, retryMs, until }, 'Discord wants the bot to wait until then; it tries again after that');
        await wait(clock, retryMs, stopping.signal);
      }
    }
    return undefined;
  }

  /** Throws only where no connection to the gateway was begun: one that was goes on trying by itself. */
  async function logIn(): Promise<Client<true>> {
    const next = createClient(options, {
      onAnswered: (interactionId) => acknowledgements.answered(interactionId),
      onSessionLimit: (limit) => sessionStarts.told(limit),
    });
    client = next;
    next.on(Events.Error, (error) => log.error({ error }, 'discord.js reported an error'));
    next.on(Events.Warn, (warning) => log.warn({ warning }, 'discord.js warned'));
    logConnection(next, log);
    next.on(Events.ShardReady, () => sessionStarts.used());
    // Codes after which discord.js does not reconnect, such as 4004 for a token that was reset.
    next.on(Events.ShardDisconnect, ({ code }) => {
      end(new BotEndedError(`Discord closed the connection for good (code ${code}). ${remedyFor(code)}`));
    });
    keepTargetMessages(next);
    servers = new ServerNames({ rest: next.rest, clock, log });
    // Before the handlers, which read what is kept.
    keepPlaceNames(next, servers);
    next.on(Events.InteractionCreate, (interaction) => {
      const done = options.edits.begin(runningInteraction(interaction));
      const isOver = acknowledgements.arrived(interaction.id);
      void onInteraction(interaction).finally(() => {
        done();
        isOver();
      });
    });
    const ready = new Promise<Client<true>>((resolve) => next.once(Events.ClientReady, resolve));
    await next.login(token);
    return ready;
  }

  void start();
  return {
    get isReady() {
      return isConnected(client);
    },
    get gateway() {
      return gatewayState(client, sessionStarts);
    },
    get onlyGuildId() {
      // With a part of the shards nobody here knows all servers.
      if (options.shards !== 'auto' && options.shards.ids.length < options.shards.count) return undefined;
      const guildIds = [...(client?.guilds.cache.keys() ?? [])];
      return guildIds.length === 1 ? guildIds[0] : undefined;
    },
    ready,
    ended,
    async stop() {
      stopping.abort();
      options.edits.stop();
      // discord.js speaks of reconnecting at every end.
      client?.removeAllListeners(Events.ShardReconnecting);
      // discord.js waits for ever when it is stopped between the gateway's hello and its "ready", and connects once more.
      await waitAtMost(clock, CLOSE_MS, client?.destroy() ?? Promise.resolve());
      client?.removeAllListeners(Events.InteractionCreate);
    },
  };
}

function remedyFor(code: number): string {
  switch (code) {
    case GatewayCloseCodes.InvalidShard:
      return 'Discord does not know a shard of SHARDS: look at the numbers, or set SHARDS=auto.';
    case GatewayCloseCodes.ShardingRequired:
      return 'The bot is in more servers than its shards may hold: set SHARDS=auto, or a higher number in all processes.';
    default:
      return 'For 4004, put the new token into DISCORD_TOKEN.';
  }
}

/** Logs how the connection fares. discord.js tries twice a second while Discord is away: said once, then for debugging. */
function logConnection(client: Client, log: Log): void {
  const away = new Set<number>();
  client.on(Events.ShardError, (error, shard) => {
    log[away.has(shard) ? 'debug' : 'warn']({ error, shard }, 'the connection to Discord had an error');
  });
  client.on(Events.ShardReconnecting, (shard) => {
    log[away.has(shard) ? 'debug' : 'info']({ shard }, 'reconnecting to Discord');
    away.add(shard);
  });
  const isBack = (shard: number) => {
    if (away.delete(shard)) log.info({ shard }, 'connected to Discord again');
  };
  client.on(Events.ShardResume, isBack);
  client.on(Events.ShardReady, isBack);
}

/** A client that keeps nothing: interactions bring all that the bot needs, and no intent is asked for. */
function createClient(
  { apiUrl, shards, requestTimeoutMs = REST_TIMEOUT_MS, edits, clock, log }: BotOptions,
  told: Pick<DiscordRestDeps, 'onAnswered' | 'onSessionLimit'>,
): Client {
  const client = new Client({
    intents: [],
    ...(shards === 'auto' ? { shards } : { shards: [...shards.ids], shardCount: shards.count }),
    ws: { buildStrategy: (manager) => new PatientSharding(manager) },
    allowedMentions: { parse: [] },
    // What is handed over is written as Discord takes it, or by a builder: no name of a field has to be looked at.
    jsonTransformer: (data) => data,
    rest: {
      api: apiUrl,
      timeout: requestTimeoutMs,
      // Answers to interactions are exempt from Discord's 50 requests a second, which discord.js counts them against.
      globalRequestsPerSecond: 1000,
      // Every interaction has handlers of its own in the REST client; without a sweep they stay for an hour.
      handlerSweepInterval: 60_000,
    },
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      MessageManager: 0,
      GuildMemberManager: 0,
      ThreadManager: 0,
      UserManager: { maxSize: 0, keepOverLimit: (user) => user.id === user.client.user?.id },
    }),
  });
  client.rest.clearHashSweeper();
  client.rest.clearHandlerSweeper();
  client.rest = new DiscordRest(client.options.rest ?? {}, { edits, clock, log, ...told });
  return client;
}

/** What tells of which message the edits of an interaction are. */
function runningInteraction(interaction: Interaction) {
  const { id, token } = interaction;
  if (!interaction.isMessageComponent()) return { id, token };
  const { message } = interaction;
  return { id, token, message: { id: message.id, repliesTo: message.interactionMetadata?.id } };
}

/**
 * Lets a login wait for a gateway that does not answer. Otherwise discord.js gives the client up while its connections
 * go on trying for ever; when Discord is back, each client that was given up takes every interaction once more.
 */
class PatientSharding extends SimpleShardingStrategy {
  override async connect(): Promise<void> {
    // What is wrong is told as an event of the shard; a code after which it does not reconnect ends the bot.
    await super.connect().catch(() => undefined);
  }
}
