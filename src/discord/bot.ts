import { setTimeout as wait } from 'node:timers/promises';
import {
  ApplicationCommandType,
  Client,
  DiscordjsError,
  DiscordjsErrorCodes,
  Events,
  GatewayDispatchEvents,
  type GatewayInteractionCreateDispatchData,
  type Interaction,
  InteractionType,
  Options,
  type REST,
} from 'discord.js';
import type { Log } from '../log.ts';

export interface BotOptions {
  readonly token: string;
  readonly apiUrl: string;
  /** Called for each interaction; must not reject. */
  readonly onInteraction: (interaction: Interaction) => Promise<void>;
  /** Called at each new connection, before interactions matter. What it throws is logged. */
  readonly onReady: (discord: { rest: REST; applicationId: string }) => Promise<void>;
  readonly log: Log;
}

/** A bot that connects, and keeps trying while Discord is away. */
export interface Bot {
  readonly isReady: boolean;
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
/** Milliseconds for a login, which waits for ever when the gateway refuses connections. */
const LOGIN_TIMEOUT_MS = 30_000;
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 60_000;

export function startBot({ token, apiUrl, onInteraction, onReady, log }: BotOptions): Bot {
  let client: Client | undefined;
  const stopping = new AbortController();
  let toldReady = () => {};
  const ready = new Promise<void>((resolve) => {
    toldReady = resolve;
  });
  let end = (_reason: BotEndedError) => {};
  const ended = new Promise<BotEndedError>((resolve) => {
    end = resolve;
  });

  async function connect(): Promise<void> {
    for (let delay = FIRST_RETRY_MS; !stopping.signal.aborted; delay = Math.min(delay * 2, LAST_RETRY_MS)) {
      const next = createClient(apiUrl);
      try {
        await login(next);
        return;
      } catch (error) {
        await next.destroy();
        if (error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid) {
          end(
            new BotEndedError(
              'Discord does not accept DISCORD_TOKEN: copy it again from the Bot page of your application.',
            ),
          );
          return;
        }
        log.warn({ error, retryMs: delay }, 'Discord cannot be reached; the bot tries again');
        await wait(delay, undefined, { signal: stopping.signal, ref: true }).catch(() => undefined);
      }
    }
  }

  async function login(next: Client): Promise<void> {
    client = next;
    next.on(Events.Error, (error) => log.error({ error }, 'discord.js reported an error'));
    next.on(Events.Warn, (warning) => log.warn({ warning }, 'discord.js warned'));
    next.on(Events.ShardError, (error, shard) => log.warn({ error, shard }, 'the connection to Discord had an error'));
    next.on(Events.ShardReconnecting, (shard) => log.info({ shard }, 'reconnecting to Discord'));
    next.on(Events.ShardResume, (shard) => log.info({ shard }, 'connected to Discord again'));
    // Codes after which discord.js does not reconnect, such as 4004 for a token that was reset.
    next.on(Events.ShardDisconnect, ({ code }) => {
      end(
        new BotEndedError(
          `Discord closed the connection for good (code ${code}). For 4004, put the new token into DISCORD_TOKEN.`,
        ),
      );
    });
    next.ws.on(GatewayDispatchEvents.InteractionCreate, nameChannelsOfPolls);
    next.on(Events.InteractionCreate, (interaction) => void onInteraction(interaction));
    const clientReady = new Promise<Client<true>>((resolve) => next.once(Events.ClientReady, resolve));
    const tooLong = AbortSignal.timeout(LOGIN_TIMEOUT_MS);
    const gaveUp = new Promise<never>((_, reject) => {
      tooLong.addEventListener('abort', () =>
        reject(new Error(`No connection to Discord within ${LOGIN_TIMEOUT_MS} ms.`)),
      );
    });
    const connected = await Promise.race([next.login(token).then(() => clientReady), gaveUp]);
    log.info({ user: connected.user.tag, shards: connected.ws.shards.size }, 'connected to Discord');
    try {
      await onReady({ rest: connected.rest, applicationId: connected.application.id });
    } catch (error) {
      log.error({ error }, 'the start after the connection was not complete');
    }
    toldReady();
  }

  void connect();
  return {
    get isReady() {
      return client?.isReady() ?? false;
    },
    get onlyGuildId() {
      const guildIds = [...(client?.guilds.cache.keys() ?? [])];
      return guildIds.length === 1 ? guildIds[0] : undefined;
    },
    ready,
    ended,
    async stop() {
      stopping.abort();
      await client?.destroy();
    },
  };
}

/** A client that keeps nothing: interactions bring all that the bot needs, and no intent is asked for. */
function createClient(apiUrl: string): Client {
  return new Client({
    intents: [],
    shards: 'auto',
    allowedMentions: { parse: [] },
    rest: {
      api: apiUrl,
      timeout: REST_TIMEOUT_MS,
      retries: 1,
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
}

/**
 * discord.js looks up the channel of a poll in its cache, which is empty here, and throws the whole interaction away when
 * it is not there. It first looks into the poll itself. Called with the packet before discord.js reads it.
 */
function nameChannelsOfPolls(interaction: GatewayInteractionCreateDispatchData): void {
  if (interaction.type !== InteractionType.ApplicationCommand) return;
  if (interaction.data.type !== ApplicationCommandType.Message) return;
  for (const { poll, channel_id } of Object.values(interaction.data.resolved.messages)) {
    if (poll) Object.assign(poll, { channel_id });
  }
}
