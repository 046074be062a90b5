import { auditChannelProblem } from '../discord/channel-standing.ts';
import type { DiscordProbe, DiscordStanding } from '../discord/discord-probe.ts';
import { bad, type Check, type CheckResult, good, warning } from './check.ts';

/**
 * The permissions that the bot asks for in a server, as Discord's bits: View Channel and Send Messages for audit entries and
 * notices; for notices, which are replies, also Read Message History and Send Messages in Threads.
 */
const INVITED_PERMISSIONS = (1n << 10n) | (1n << 11n) | (1n << 16n) | (1n << 38n);

export interface DiscordCheckOptions {
  /** DISCORD_GUILD_ID. */
  readonly guildId: string | undefined;
  /** AUDIT_CHANNEL_ID. */
  readonly auditChannelId: string | undefined;
}

/** Whether the token is good, the bot is in a server, and the audit channel takes entries. */
export function discordChecks(probe: DiscordProbe, { guildId, auditChannelId }: DiscordCheckOptions): Check[] {
  const token: Check = {
    name: 'Discord',
    async run() {
      const standing = await probe.standing();
      switch (standing.kind) {
        case 'unreachable':
          return bad('Discord cannot be reached.', 'Look at the connection of this machine, and at DISCORD_API_URL.');
        case 'token-refused':
          return bad(
            'Discord does not accept DISCORD_TOKEN.',
            'Copy it again: discord.com/developers/applications > your application > Bot > Reset Token.',
          );
        case 'limited':
          return bad(
            `Discord takes no requests from this bot until ${new Date(standing.until).toISOString()} (429).`,
            'Wait until then. A bot that is started again and again, or another one at this address, makes it longer.',
          );
        case 'sessions-used-up':
          return bad(
            `The bot has connected too often and may not connect until ${new Date(standing.until).toISOString()}.`,
            'Find out what restarts it all the time, before Discord resets its token; start it after that.',
          );
        case 'known':
          return knownStanding(standing, guildId);
      }
    },
  };
  return auditChannelId === undefined ? [token] : [token, auditChannelCheck(probe, auditChannelId)];
}

function knownStanding(
  { name, applicationId, guildIds }: Extract<DiscordStanding, { kind: 'known' }>,
  guildId: string | undefined,
): CheckResult {
  const invite = `https://discord.com/oauth2/authorize?client_id=${applicationId}&scope=bot+applications.commands&permissions=${INVITED_PERMISSIONS}`;
  if (guildIds.length === 0)
    return bad(`The token is that of ${name}, which is in no server yet.`, `Invite it: ${invite}`);
  if (guildId !== undefined && !guildIds.includes(guildId)) {
    return bad(
      `The token is that of ${name}, which is not in the server that DISCORD_GUILD_ID names.`,
      `Invite it there, or correct the ID: ${invite}`,
    );
  }
  return good(`The token is that of ${name}, in ${guildIds.length === 1 ? '1 server' : `${guildIds.length} servers`}.`);
}

function auditChannelCheck(probe: DiscordProbe, channelId: string): Check {
  return {
    name: 'Audit channel',
    async run() {
      const standing = await probe.tryChannel(channelId);
      const problem = auditChannelProblem(standing);
      if (!problem) return good('The channel takes entries.');
      const result = standing.kind === 'unreachable' ? warning : bad;
      return result(problem.message, problem.remedy);
    },
  };
}
