import type { ChatInputCommandInteraction, SlashCommandSubcommandBuilder } from 'discord.js';
import type { Services } from '../command.ts';
import type { Reply } from '../replies/reply.ts';

/** One subcommand of `/helpdesk`. The router has refused whoever is no moderator of the server. */
export interface Subcommand {
  readonly name: string;
  /** What Discord is told about it, without the name. */
  describe(subcommand: SlashCommandSubcommandBuilder): SlashCommandSubcommandBuilder;
  /** Does one thing and says what was done. The interaction is acknowledged. */
  run(interaction: ChatInputCommandInteraction, services: Services, guildId: string): Promise<Reply>;
}
