import { moderationEntry, serverWords } from '../delivery/audit-entries.ts';
import { placeOf } from '../place.ts';
import { moderationCard } from './moderation-card.ts';
import type { Subcommand } from './subcommand.ts';

export const unlink: Subcommand = {
  name: 'unlink',
  describe: (subcommand) =>
    subcommand
      .setDescription("Remove a member's link (they can link again)")
      .addUserOption((option) => option.setName('user').setDescription('Member').setRequired(true)),

  async run(interaction, { tickets: { notifications, watches }, audit, interactionLog }) {
    const user = interaction.options.getUser('user', true);
    const log = (outcome: string, reason?: string) =>
      interactionLog.moderation(interaction, { outcome, reason, targetUserId: user.id });
    if (!interaction.options.getMember('user')) {
      log('refused', 'not-a-member');
      return moderationCard(`👤 <@${user.id}> isn't on this server`, [
        'You can only unlink members of this server. Nothing has changed.',
      ]);
    }
    if (!(await watches.unlink(user.id))) {
      log('was-not-linked');
      return moderationCard(`👤 <@${user.id}> isn't linked`, ['Nothing has changed.']);
    }
    log('unlinked');
    await notifications.add(user.id, interaction.id, { kind: 'unlinked', moderatorId: interaction.user.id });
    await audit.write(
      moderationEntry(interaction.user.id, `unlinked <@${user.id}> from ${serverWords(placeOf(interaction))}`),
    );
    return moderationCard(`🔗 <@${user.id}> is no longer linked`, [
      "They'll be told the next time they use a command, and can link again.",
    ]);
  },
};
