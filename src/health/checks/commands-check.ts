import type { DiscordProbe } from '../../discord/discord-probe.ts';
import { type Check, ok, skipped, warn } from '../check.ts';
import { knownBotCheck } from './discord-login-check.ts';

type Commands = Parameters<DiscordProbe['published']>[0];

/** Whether Discord shows the commands that this code has. */
export function commandsCheck(probe: DiscordProbe, commands: Commands, guildId: string | undefined): Check {
  return knownBotCheck(probe, {
    name: 'Commands',
    lookedAt:
      guildId === undefined ? 'the commands that Discord shows everywhere' : `the commands of server ${guildId}`,
    async look() {
      const published = await probe.published(commands, guildId);
      switch (published) {
        case 'same':
          return ok('Discord shows the commands of this version.');
        case 'none':
          return ok('No commands are published yet: the bot publishes them at its start.');
        case 'others':
          return warn(
            'Discord shows other commands than this version has.',
            'Start the bot, or start it again: the bot publishes them at its start.',
          );
        case 'unknown':
          return skipped('Discord did not say which commands it shows.');
      }
    },
  });
}
