import { moderationEntry, serverWords } from '../delivery/audit-entries.ts';
import { placeOf } from '../place.ts';
import { timestamp } from '../replies/reply.ts';
import { moderationCard } from './moderation-card.ts';
import type { Subcommand } from './subcommand.ts';

const HOUR_MS = 3_600_000;

export const block: Subcommand = {
  name: 'block',
  describe: (subcommand) =>
    subcommand
      .setDescription('Stop a member from opening tickets here')
      .addUserOption((option) => option.setName('user').setDescription('Member').setRequired(true))
      .addStringOption((option) =>
        option.setName('reason').setDescription('Why (the member reads it)').setRequired(true).setMaxLength(500),
      )
      .addIntegerOption((option) =>
        option.setName('hours').setDescription('Hours (empty = until you unblock)').setMinValue(1).setMaxValue(8760),
      ),

  async run(interaction, { tickets: { controls }, audit, interactionLog, clock }, guildId) {
    const user = interaction.options.getUser('user', true);
    const reason = interaction.options.getString('reason', true);
    const hours = interaction.options.getInteger('hours');
    const until = hours === null ? undefined : clock.now() + hours * HOUR_MS;
    await controls.block(guildId, user.id, { moderatorId: interaction.user.id, reason, ...(until ? { until } : {}) });
    interactionLog.moderation(interaction, { outcome: 'blocked', targetUserId: user.id });
    const end = until ? ` until ${timestamp(until, 'f')}` : '';
    await audit.write(
      moderationEntry(
        interaction.user.id,
        `blocked <@${user.id}> in ${serverWords(placeOf(interaction))}${end}`,
        reason,
      ),
    );
    return moderationCard(`⛔ <@${user.id}> can't open tickets here${end}`, [
      'They read your reason when they try.',
      until ? '`/helpdesk unblock` lifts it earlier.' : '`/helpdesk unblock` lifts it.',
    ]);
  },
};

export const unblock: Subcommand = {
  name: 'unblock',
  describe: (subcommand) =>
    subcommand
      .setDescription('Let a member open tickets here again')
      .addUserOption((option) => option.setName('user').setDescription('Member').setRequired(true)),

  async run(interaction, { tickets: { controls }, audit, interactionLog }, guildId) {
    const user = interaction.options.getUser('user', true);
    const wasBlocked = await controls.unblock(guildId, user.id);
    const outcome = wasBlocked ? 'unblocked' : 'was-not-blocked';
    interactionLog.moderation(interaction, { outcome, targetUserId: user.id });
    if (!wasBlocked) {
      return moderationCard(`🟢 <@${user.id}> wasn't blocked here`, ['They can open tickets.']);
    }
    await audit.write(
      moderationEntry(interaction.user.id, `unblocked <@${user.id}> in ${serverWords(placeOf(interaction))}`),
    );
    return moderationCard(`🟢 <@${user.id}> can open tickets here again`);
  },
};
