import type { DiscordProbe, KnownBot } from '../../discord/discord-probe.ts';
import { type Check, type Finding, fail, ok } from '../check.ts';

/** The check that all others about Discord need. */
export const DISCORD = 'Discord';

export interface DiscordLoginOptions {
  readonly probe: DiscordProbe;
  /** The host of DISCORD_API_URL. */
  readonly host: string;
}

/** Whether Discord answers, and knows the token. */
export function discordLoginCheck({ probe, host }: DiscordLoginOptions): Check {
  return {
    name: DISCORD,
    lookedAt: host,
    async run() {
      const identity = await probe.identify();
      switch (identity.kind) {
        case 'unreachable':
          return fail(
            `Discord cannot be reached at ${host}.`,
            'Look at the connection of this machine, and at DISCORD_API_URL.',
          );
        case 'token-refused':
          return fail(
            'Discord does not accept DISCORD_TOKEN.',
            'Copy it again: discord.com/developers/applications > your application > Bot > Reset Token.',
          );
        case 'limited':
          return fail(
            `Discord takes no requests from this bot until ${new Date(identity.until).toISOString()} (429).`,
            'Wait until then. A bot that is started again and again, or another one at this address, makes it longer.',
          );
        case 'known':
          return ok(`The token is that of ${identity.name}.`);
      }
    },
  };
}

/**
 * A check of what Discord says of a bot whose token it knows.
 * @param look Never called without that.
 */
export function knownBotCheck(
  probe: DiscordProbe,
  { name, lookedAt, look }: { name: string; lookedAt: string; look: (bot: KnownBot) => Finding | Promise<Finding> },
): Check {
  return {
    name,
    lookedAt,
    needs: [DISCORD],
    async run() {
      const identity = await probe.identify();
      if (identity.kind !== 'known') throw new Error(`${name} does not wait for ${DISCORD}`);
      return await look(identity);
    },
  };
}
