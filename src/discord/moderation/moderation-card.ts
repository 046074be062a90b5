import type { ActionRowBuilder, ButtonBuilder } from 'discord.js';
import { card, type Reply } from '../replies/reply.ts';

/** What moderators read of their own business. @param title Begins with one emoji. */
export function moderationCard(
  title: string,
  body: readonly (string | undefined | false)[] = [],
  components: readonly ActionRowBuilder<ButtonBuilder>[] = [],
): Reply {
  return card('moderation', title, body, components);
}
