import type { DiscordProbe } from '../../discord/discord-probe.ts';
import { type Check, fail, ok, warn } from '../check.ts';
import { knownBotCheck } from './discord-login-check.ts';

const PORTAL = 'discord.com/developers/applications > your application';

/** Discord sends no interaction over the gateway to an application that names an address for them. */
export function interactionsEndpointCheck(probe: DiscordProbe): Check {
  return knownBotCheck(probe, {
    name: 'Interactions',
    lookedAt: 'the Interactions Endpoint URL of the application',
    look({ interactionsEndpointUrl }) {
      if (interactionsEndpointUrl === undefined) return ok('Discord sends interactions to the bot.');
      return fail(
        `Discord sends every interaction to ${hostOf(interactionsEndpointUrl)} and none to the bot: nobody would get an answer.`,
        `Empty the Interactions Endpoint URL: ${PORTAL} > General Information.`,
      );
    },
  });
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'another address';
}

export interface PublicBotOptions {
  /** DISCORD_GUILD_ID: the commands are in that server alone. */
  readonly guildId: string | undefined;
  /** MODERATOR_ROLE_IDS: roles that no other server has. */
  readonly roleIds: readonly string[];
}

/** Whether anybody may invite the bot, and what they could do with it. */
export function publicBotCheck(probe: DiscordProbe, { guildId, roleIds }: PublicBotOptions): Check {
  return knownBotCheck(probe, {
    name: 'Public Bot',
    lookedAt: 'the Public Bot switch of the application',
    look({ isPublic }) {
      if (!isPublic) return ok('Only you can invite the bot.');
      if (guildId !== undefined) {
        return ok('Anybody can invite the bot, but its commands are in the server of DISCORD_GUILD_ID alone.');
      }
      const others =
        roleIds.length > 0
          ? 'people of any server could open tickets at your helpdesk'
          : 'moderators of any server could open tickets at your helpdesk, also by escalating messages, and in the names of linked people who are there';
      return warn(
        `Public Bot is on: anybody can invite the bot, and ${others}.`,
        `Switch it off: ${PORTAL} > Installation > Install Link: None, then > Bot > Public Bot.`,
      );
    },
  });
}

/** Discord resets the token of a bot that begins more than 1,000 sessions a day. */
const FEW_SESSIONS = 100;

/** How often the bot may still connect. */
export function sessionsCheck(probe: DiscordProbe, now: () => number): Check {
  return knownBotCheck(probe, {
    name: 'Sessions',
    lookedAt: "Discord's count of how often the bot may connect",
    look({ sessions: { remaining, resetAfterMs } }) {
      const until = new Date(now() + resetAfterMs).toISOString();
      const remedy = 'Find out what restarts it all the time, before Discord resets its token.';
      if (remaining === 0) {
        return fail(
          `The bot has connected too often and may not connect until ${until}.`,
          `${remedy} Start it after that.`,
        );
      }
      if (remaining < FEW_SESSIONS) {
        return warn(`The bot may connect only ${remaining} more times until ${until}.`, remedy);
      }
      return ok(`The bot may connect ${remaining} more times today.`);
    },
  });
}

/** Discord's Date has whole seconds, and an answer takes a moment. */
const MAX_SKEW_MS = 10_000;

/** Whether this machine and Discord agree on the time. */
export function clockCheck(probe: DiscordProbe): Check {
  return knownBotCheck(probe, {
    name: 'Clock',
    lookedAt: "the clock of this machine, by Discord's",
    look({ clockAheadMs }) {
      if (clockAheadMs === undefined) return warn('Discord did not tell the time.', 'Compare the clock by hand.');
      const seconds = Math.round(Math.abs(clockAheadMs) / 1000);
      if (Math.abs(clockAheadMs) < MAX_SKEW_MS) return ok("The clock of this machine agrees with Discord's.");
      return warn(
        `The clock of this machine is ${seconds} seconds ${clockAheadMs > 0 ? 'ahead of' : 'behind'} Discord's: replies are given up too early or tried too long.`,
        'Let the machine set its clock by the network: timedatectl set-ntp true.',
      );
    },
  });
}
