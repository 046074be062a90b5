import type { AccountLink } from '../../accounts/account-links.ts';
import { proofWords } from '../replies/proof-words.ts';
import { timestamp } from '../replies/reply.ts';
import { blockWords } from './block-words.ts';
import { moderationCard } from './moderation-card.ts';
import type { Subcommand } from './subcommand.ts';

export const who: Subcommand = {
  name: 'who',
  describe: (subcommand) =>
    subcommand
      .setDescription('Is this member linked or blocked? (never shows the address)')
      .addUserOption((option) => option.setName('user').setDescription('Member').setRequired(true)),

  async run(interaction, { accounts: { links }, tickets: { controls }, interactionLog }, guildId) {
    const user = interaction.options.getUser('user', true);
    // What this server's moderators decided is theirs to know; the link of somebody who is not here is not.
    const isMember = interaction.options.getMember('user') !== null;
    interactionLog.moderation(interaction, { outcome: 'looked-up', targetUserId: user.id });
    const [link, block] = await Promise.all([
      isMember ? links.find(user.id) : undefined,
      controls.blockOf(guildId, user.id),
    ]);
    const blocked = block ? `⛔ Blocked here ${blockWords(block)}` : 'Not blocked here.';
    if (!isMember) return moderationCard(`👤 <@${user.id}> isn't on this server`, [blocked]);
    return link
      ? moderationCard(`🔗 <@${user.id}> is linked`, [...linkWords(link), blocked])
      : moderationCard(`👤 <@${user.id}> isn't linked`, [blocked]);
  },
};

function linkWords({ linkedAt, proof, allowsEscalation }: AccountLink): string[] {
  return [
    `Linked since ${timestamp(linkedAt, 'f')} (${proofWords(proof)}).`,
    allowsEscalation
      ? 'Moderators may open tickets in their name.'
      : "They don't want moderators to open tickets in their name.",
  ];
}
