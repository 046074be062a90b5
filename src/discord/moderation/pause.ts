import { moderationEntry, serverWords } from '../delivery/audit-entries.ts';
import { placeOf } from '../place.ts';
import { moderationCard } from './moderation-card.ts';
import type { Subcommand } from './subcommand.ts';

export const pause: Subcommand = {
  name: 'pause',
  describe: (subcommand) =>
    subcommand
      .setDescription('Pause tickets on this server until you resume them')
      .addStringOption((option) =>
        option
          .setName('notice')
          .setDescription('What members read instead of the form (formatting works)')
          .setRequired(true)
          .setMaxLength(500),
      ),

  async run(interaction, { tickets: { controls }, audit, interactionLog }, guildId) {
    const notice = interaction.options.getString('notice', true);
    await controls.pause(guildId, interaction.user.id, notice);
    interactionLog.moderation(interaction, { outcome: 'paused' });
    await audit.write(
      moderationEntry(interaction.user.id, `paused tickets in ${serverWords(placeOf(interaction))}`, notice),
    );
    return moderationCard('⏸️ Tickets are paused here', [
      'Members read your notice instead of the form. What they have written stays saved.',
      '`/helpdesk resume` opens tickets again.',
    ]);
  },
};

export const resume: Subcommand = {
  name: 'resume',
  describe: (subcommand) => subcommand.setDescription('End the pause: members can open tickets again'),

  async run(interaction, { tickets: { controls }, audit, interactionLog }, guildId) {
    const wasPaused = await controls.resume(guildId);
    interactionLog.moderation(interaction, { outcome: wasPaused ? 'resumed' : 'was-not-paused' });
    if (!wasPaused) return moderationCard("🟢 Tickets weren't paused here", ['They are open.']);
    await audit.write(moderationEntry(interaction.user.id, `resumed tickets in ${serverWords(placeOf(interaction))}`));
    return moderationCard('🟢 Tickets are open here again');
  },
};
