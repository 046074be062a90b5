import { DiscordAPIError, HTTPError, REST, Routes } from 'discord.js';
import { z } from 'zod';
import { type ChannelStanding, lookAtChannel, standingAfter } from './channel-standing.ts';
import { waitOf } from './rest-errors.ts';

/** What Discord says about the bot. */
export type DiscordStanding =
  | {
      readonly kind: 'known';
      readonly name: string;
      readonly applicationId: string;
      readonly guildIds: readonly string[];
    }
  | { readonly kind: 'token-refused' }
  /** Discord answers nothing more until then (429), in milliseconds since 1970. */
  | { readonly kind: 'limited'; readonly until: number }
  /** The bot may not connect until then: it has begun too many sessions, which is what a bot does that is restarted all the time. */
  | { readonly kind: 'sessions-used-up'; readonly until: number }
  | { readonly kind: 'unreachable' };

/** Discord, as far as the checks look at it. Never rejects. */
export interface DiscordProbe {
  standing(): Promise<DiscordStanding>;
  /** Looks at a channel and, where nothing speaks against it, writes one line into it and removes it again. */
  tryChannel(channelId: string): Promise<ChannelStanding>;
}

/** Milliseconds for one request. */
const TIMEOUT_MS = 10_000;
/** Milliseconds that one request may wait because Discord says so. Whoever runs the doctor sits in front of it. */
const MAX_WAIT_MS = 5000;

const user = z.object({ username: z.string() });
const application = z.object({ id: z.string() });
const guilds = z.array(z.object({ id: z.string() }));
const message = z.object({ id: z.string() });
const gateway = z.object({ session_start_limit: z.object({ remaining: z.number(), reset_after: z.number() }) });

/** Looks at Discord by its REST API alone, so that it can be asked beside a running bot. */
export function createDiscordProbe({ token, apiUrl }: { token: string; apiUrl: string }): DiscordProbe {
  const rest = new REST({
    api: apiUrl,
    timeout: TIMEOUT_MS,
    retries: 1,
    // A wait of no time at all is a refusal that does not say until when.
    rejectOnRateLimit: ({ retryAfter }) => !(retryAfter > 0 && retryAfter <= MAX_WAIT_MS),
  }).setToken(token);
  return {
    async standing() {
      try {
        const { username } = user.parse(await rest.get(Routes.user()));
        const { id } = application.parse(await rest.get(Routes.currentApplication()));
        const memberships = guilds.parse(await rest.get(Routes.userGuilds()));
        const { session_start_limit: sessions } = gateway.parse(await rest.get(Routes.gatewayBot()));
        if (sessions.remaining === 0) return { kind: 'sessions-used-up', until: Date.now() + sessions.reset_after };
        return { kind: 'known', name: username, applicationId: id, guildIds: memberships.map((guild) => guild.id) };
      } catch (error) {
        const waitMs = waitOf(error);
        if (waitMs !== undefined) return { kind: 'limited', until: Date.now() + waitMs };
        const isRefused = (error instanceof DiscordAPIError || error instanceof HTTPError) && error.status === 401;
        return { kind: isRefused ? 'token-refused' : 'unreachable' };
      }
    },

    async tryChannel(channelId) {
      const standing = await lookAtChannel(rest, channelId);
      const isUndecided = ['writable', 'refused', 'unreachable'].includes(standing.kind);
      if (!isUndecided) return standing;
      try {
        const body = { content: 'This is a test: the bot can write here.', allowed_mentions: { parse: [] } };
        const { id } = message.parse(await rest.post(Routes.channelMessages(channelId), { body }));
        // The entry was taken, which is what counts; a line that stays does no harm.
        await rest.delete(Routes.channelMessage(channelId, id)).catch(() => undefined);
        return { kind: 'writable' };
      } catch (error) {
        return standingAfter(error);
      }
    },
  };
}
