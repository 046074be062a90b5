import { DiscordAPIError, HTTPError, REST, type RESTPostAPIApplicationCommandsJSONBody, Routes } from 'discord.js';
import { z } from 'zod';
import { accessAfter, type ChannelAccess, lookAtChannel } from './channel-access.ts';
import { sameCommands } from './publish-commands.ts';
import { readableName } from './readable-name.ts';
import { waitOf } from './rest-errors.ts';

export interface ProbedGuild {
  readonly id: string;
  readonly name: string;
}

/** What Discord says about the bot. */
export interface KnownBot {
  readonly kind: 'known';
  readonly name: string;
  readonly applicationId: string;
  /** The first 200. */
  readonly guilds: readonly ProbedGuild[];
  /** Whether anybody may invite it. */
  readonly isPublic: boolean;
  /** Where Discord posts interactions, instead of sending them over the gateway. */
  readonly interactionsEndpointUrl: string | undefined;
  /** How often the bot may connect today, and in how many milliseconds that begins anew. */
  readonly sessions: { readonly remaining: number; readonly resetAfterMs: number };
  /** Milliseconds by which the clock of this machine is ahead of Discord's; negative when it is behind. To a second. */
  readonly clockAheadMs: number | undefined;
}

export type DiscordIdentity =
  | KnownBot
  | { readonly kind: 'token-refused' }
  /** Discord answers nothing more until then (429), in milliseconds since 1970. */
  | { readonly kind: 'limited'; readonly until: number }
  | { readonly kind: 'unreachable' };

/** `unknown`: Discord did not say. */
export type PublishedCommandsState = 'same' | 'others' | 'none' | 'unknown';

/** Discord, as far as the checks look at it. Never rejects. */
export interface DiscordProbe {
  /** Asked once; every later call gets the same. */
  identify(): Promise<DiscordIdentity>;
  /** Whether Discord has these commands, in a server's list or in the global one. */
  published(
    commands: readonly RESTPostAPIApplicationCommandsJSONBody[],
    guildId?: string,
  ): Promise<PublishedCommandsState>;
  /** @returns The IDs of a server's roles; undefined when Discord does not say. */
  roleIds(guildId: string): Promise<readonly string[] | undefined>;
  /** @returns A channel's name; undefined when Discord does not say. */
  channelName(channelId: string): Promise<string | undefined>;
  /** Looks at a channel and, where nothing speaks against it, writes one line into it and removes it again. */
  tryChannel(channelId: string): Promise<ChannelAccess>;
}

/** Milliseconds for one request. */
const TIMEOUT_MS = 10_000;
/** Milliseconds that one request may wait because Discord says so. Whoever runs the doctor sits in front of it. */
const MAX_WAIT_MS = 5000;

const user = z.object({ username: z.string() });
const application = z.object({
  id: z.string(),
  bot_public: z.boolean().catch(false),
  interactions_endpoint_url: z.string().nullish(),
});
const guilds = z.array(z.object({ id: z.string(), name: z.string() }));
const guildWithRoles = z.object({ roles: z.array(z.object({ id: z.string() })) });
const named = z.object({ name: z.string() });
const message = z.object({ id: z.string() });
const gateway = z.object({ session_start_limit: z.object({ remaining: z.number(), reset_after: z.number() }) });
const published = z.array(z.looseObject({ name: z.string(), type: z.number().optional() }));

export interface DiscordProbeOptions {
  readonly token: string;
  readonly apiUrl: string;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Looks at Discord by its REST API alone, so that it can be asked beside a running bot. */
export function createDiscordProbe({ token, apiUrl, now = Date.now }: DiscordProbeOptions): DiscordProbe {
  const rest = new REST({
    api: apiUrl,
    timeout: TIMEOUT_MS,
    retries: 1,
    // A wait of no time at all is a refusal that does not say until when.
    rejectOnRateLimit: ({ retryAfter }) => !(retryAfter > 0 && retryAfter <= MAX_WAIT_MS),
  }).setToken(token);
  let clockAheadMs: number | undefined;
  rest.on('response', (_request, response) => {
    const date = Date.parse(response.headers.get('date') ?? '');
    if (!Number.isNaN(date)) clockAheadMs = now() - date;
  });
  let identity: Promise<DiscordIdentity> | undefined;

  async function ask(): Promise<DiscordIdentity> {
    try {
      const { username } = user.parse(await rest.get(Routes.user()));
      const settings = application.parse(await rest.get(Routes.currentApplication()));
      const memberships = guilds.parse(await rest.get(Routes.userGuilds()));
      const { session_start_limit: sessions } = gateway.parse(await rest.get(Routes.gatewayBot()));
      return {
        kind: 'known',
        name: username,
        applicationId: settings.id,
        guilds: memberships.map(({ id, name }) => ({ id, name: readableName(name) ?? id })),
        isPublic: settings.bot_public,
        interactionsEndpointUrl: settings.interactions_endpoint_url || undefined,
        sessions: { remaining: sessions.remaining, resetAfterMs: sessions.reset_after },
        clockAheadMs,
      };
    } catch (error) {
      const waitMs = waitOf(error);
      if (waitMs !== undefined) return { kind: 'limited', until: now() + waitMs };
      const isRefused = (error instanceof DiscordAPIError || error instanceof HTTPError) && error.status === 401;
      return { kind: isRefused ? 'token-refused' : 'unreachable' };
    }
  }

  function known(): Promise<DiscordIdentity> {
    identity ??= ask();
    return identity;
  }

  return {
    identify: known,

    async published(commands, guildId) {
      const bot = await known();
      if (bot.kind !== 'known') return 'unknown';
      const { applicationId } = bot;
      const route =
        guildId === undefined
          ? Routes.applicationCommands(applicationId)
          : Routes.applicationGuildCommands(applicationId, guildId);
      try {
        const theirs = published.parse(await rest.get(route));
        if (theirs.length === 0) return 'none';
        return sameCommands(commands, theirs) ? 'same' : 'others';
      } catch {
        return 'unknown';
      }
    },

    async roleIds(guildId) {
      try {
        return guildWithRoles.parse(await rest.get(Routes.guild(guildId))).roles.map(({ id }) => id);
      } catch {
        return undefined;
      }
    },

    async channelName(channelId) {
      try {
        return readableName(named.parse(await rest.get(Routes.channel(channelId))).name);
      } catch {
        return undefined;
      }
    },

    async tryChannel(channelId) {
      const access = await lookAtChannel(rest, channelId);
      const isUndecided = ['writable', 'refused', 'unreachable'].includes(access.kind);
      if (!isUndecided) return access;
      try {
        const body = { content: 'This is a test: the bot can write here.', allowed_mentions: { parse: [] } };
        const { id } = message.parse(await rest.post(Routes.channelMessages(channelId), { body }));
        // The entry was taken, which is what counts; a line that stays does no harm.
        await rest.delete(Routes.channelMessage(channelId, id)).catch(() => undefined);
        return { kind: 'writable' };
      } catch (error) {
        return accessAfter(error);
      }
    },
  };
}
