import type { DiscordProbe, KnownBot } from '../../discord/discord-probe.ts';
import { type Check, fail, ok } from '../check.ts';
import { knownBotCheck } from './discord-login-check.ts';

/**
 * The permissions that the bot asks for in a server, as Discord's bits: View Channel and Send Messages for audit entries and
 * notices; for notices, which are replies, also Read Message History and Send Messages in Threads.
 */
const INVITED_PERMISSIONS = (1n << 10n) | (1n << 11n) | (1n << 16n) | (1n << 38n);

/** Where somebody who may manage a server lets the bot in. */
export function inviteLink({ applicationId }: Pick<KnownBot, 'applicationId'>): string {
  return `https://discord.com/oauth2/authorize?client_id=${applicationId}&scope=bot+applications.commands&permissions=${INVITED_PERMISSIONS}`;
}

/** Servers that Discord lists in one answer. */
const LISTED_SERVERS = 200;
/** Server names that are said; a bot can be in thousands. */
const MAX_NAMES = 5;

/** Whether the bot is in a server, and in the one of DISCORD_GUILD_ID. */
export function serversCheck(probe: DiscordProbe, guildId: string | undefined): Check {
  return knownBotCheck(probe, {
    name: 'Discord servers',
    lookedAt: guildId === undefined ? 'the servers of the bot' : `the server ${guildId} (DISCORD_GUILD_ID)`,
    async look(bot) {
      const { name, guilds } = bot;
      if (guilds.length === 0) return fail(`${name} is in no server yet.`, `Invite it: ${inviteLink(bot)}`);
      if (guildId !== undefined && !(await isIn(probe, bot, guildId))) {
        return fail(
          `${name} is not in the server ${guildId} that DISCORD_GUILD_ID names.`,
          `Invite it there, or correct the ID: ${inviteLink(bot)}`,
        );
      }
      const names = guilds.slice(0, MAX_NAMES).map((guild) => guild.name);
      const more = guilds.length > MAX_NAMES ? ` and ${guilds.length - MAX_NAMES} more` : '';
      return ok(`${name} is in ${names.join(', ')}${more}.`);
    },
  });
}

/** A bot in more servers than Discord lists is asked about the one by itself. */
async function isIn(probe: DiscordProbe, { guilds }: KnownBot, guildId: string): Promise<boolean> {
  if (guilds.some(({ id }) => id === guildId)) return true;
  return guilds.length >= LISTED_SERVERS && (await probe.roleIds(guildId)) !== undefined;
}
