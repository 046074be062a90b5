import {
  ApplicationIntegrationType,
  type ChatInputCommandInteraction,
  InteractionContextType,
  SlashCommandBuilder,
} from 'discord.js';
import { deferEphemeral } from '../src/discord/acknowledge.ts';
import { moderatorPermission } from '../src/discord/authority.ts';
import type { Services, SlashCommand } from '../src/discord/command.ts';
import { moderationEntry, serverWords } from '../src/discord/delivery/audit-entries.ts';
import { tellPendingAfter } from '../src/discord/delivery/tell-pending.ts';
import { helpdeskStanding } from '../src/discord/helpdesk-probe.ts';
import { placeOf } from '../src/discord/place.ts';
import { escapeUserText } from '../src/discord/replies/escape-user-text.ts';
import { asMessage, lines, timestamp } from '../src/discord/replies/reply.ts';

const HOUR_MS = 3_600_000;

const helpdesk: SlashCommand = {
  kind: 'slash',
  for: 'moderators',
  refusal: 'Only moderators of this server use `/helpdesk`. Nothing was done.',
  data: (config) =>
    new SlashCommandBuilder()
      .setName('helpdesk')
      .setDescription('For moderators: the state of the helpdesk, pauses, blocks and links')
      .setContexts(InteractionContextType.Guild)
      .setIntegrationTypes(ApplicationIntegrationType.GuildInstall)
      .setDefaultMemberPermissions(moderatorPermission(config))
      .addSubcommand((sub) =>
        sub.setName('status').setDescription('Is the helpdesk reachable, is opening paused, how many wait'),
      )
      .addSubcommand((sub) =>
        sub
          .setName('pause')
          .setDescription('Nobody opens tickets here until you resume')
          .addStringOption((option) =>
            option
              .setName('notice')
              .setDescription('What members read instead of the form')
              .setRequired(true)
              .setMaxLength(500),
          ),
      )
      .addSubcommand((sub) => sub.setName('resume').setDescription('Tickets can be opened here again'))
      .addSubcommand((sub) =>
        sub
          .setName('block')
          .setDescription('Stop a user from opening tickets here')
          .addUserOption((option) => option.setName('user').setDescription('Whom').setRequired(true))
          .addStringOption((option) =>
            option.setName('reason').setDescription('The user reads it').setRequired(true).setMaxLength(500),
          )
          .addIntegerOption((option) =>
            option
              .setName('hours')
              .setDescription('For how long; without it until you unblock')
              .setMinValue(1)
              .setMaxValue(8760),
          ),
      )
      .addSubcommand((sub) =>
        sub
          .setName('unblock')
          .setDescription('Let a user open tickets here again')
          .addUserOption((option) => option.setName('user').setDescription('Whom').setRequired(true)),
      )
      .addSubcommand((sub) =>
        sub
          .setName('who')
          .setDescription('Is this member linked, since when, how proved (never the address)')
          .addUserOption((option) => option.setName('user').setDescription('Whom').setRequired(true)),
      )
      .addSubcommand((sub) =>
        sub
          .setName('unlink')
          .setDescription("Remove a member's link; they can link again")
          .addUserOption((option) => option.setName('user').setDescription('Whom').setRequired(true)),
      )
      .toJSON(),

  async execute(interaction, services) {
    await deferEphemeral(interaction);
    // Moderators are those of a server; elsewhere the router has refused.
    const { guildId } = interaction;
    const subcommand = SUBCOMMANDS[interaction.options.getSubcommand()];
    const words = guildId && (await subcommand?.(interaction, services, guildId));
    await interaction.editReply(
      asMessage({
        kind: 'moderation',
        content: words ?? 'This belongs to another version of the bot. Nothing was done.',
        components: [],
      }),
    );
    await tellPendingAfter(interaction, services);
  },
};

export default helpdesk;

/** Does one thing and says what was done. */
type Subcommand = (interaction: ChatInputCommandInteraction, services: Services, guildId: string) => Promise<string>;

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  async status(_interaction, { helpdesk, clock, tickets }, guildId) {
    const { queue, controls } = tickets;
    const [standing, pause] = await Promise.all([helpdeskStanding(helpdesk, clock), controls.pausedAt({ guildId })]);
    return lines(
      standing,
      queue.down && 'Tickets are kept from it for a moment, because several in a row failed.',
      pause
        ? `Opening is **paused** here by <@${pause.moderatorId}>, ${timestamp(pause.at, 'R')}: ${escapeUserText(pause.notice, 500)}`
        : 'Opening is not paused here.',
      queue.waiting === 1 ? '1 ticket waits for its turn.' : `${queue.waiting} tickets wait for their turn.`,
    );
  },

  async pause(interaction, { tickets: { controls }, audit }, guildId) {
    const notice = interaction.options.getString('notice', true);
    await controls.pause(guildId, interaction.user.id, notice);
    await audit.write(
      moderationEntry(interaction.user.id, `paused tickets in ${serverWords(placeOf(interaction))}`, notice),
    );
    return 'Tickets are paused here. Members read your notice before any form; what they have written stays saved. `/helpdesk resume` ends it.';
  },

  async resume(interaction, { tickets: { controls }, audit }, guildId) {
    if (!(await controls.resume(guildId))) return 'Tickets were not paused here. Nothing has changed.';
    await audit.write(moderationEntry(interaction.user.id, `resumed tickets in ${serverWords(placeOf(interaction))}`));
    return 'Tickets can be opened here again.';
  },

  async block(interaction, { tickets: { controls }, audit, clock }, guildId) {
    const user = interaction.options.getUser('user', true);
    const reason = interaction.options.getString('reason', true);
    const hours = interaction.options.getInteger('hours');
    const until = hours === null ? undefined : clock.now() + hours * HOUR_MS;
    await controls.block(guildId, user.id, { moderatorId: interaction.user.id, reason, ...(until ? { until } : {}) });
    const end = until ? ` until ${timestamp(until, 'f')}` : '';
    await audit.write(
      moderationEntry(
        interaction.user.id,
        `blocked <@${user.id}> in ${serverWords(placeOf(interaction))}${end}`,
        reason,
      ),
    );
    return `<@${user.id}> cannot open tickets here${end}. They read your reason when they try.`;
  },

  async unblock(interaction, { tickets: { controls }, audit }, guildId) {
    const user = interaction.options.getUser('user', true);
    if (!(await controls.unblock(guildId, user.id))) return `<@${user.id}> was not blocked here. Nothing has changed.`;
    await audit.write(
      moderationEntry(interaction.user.id, `unblocked <@${user.id}> in ${serverWords(placeOf(interaction))}`),
    );
    return `<@${user.id}> can open tickets here again.`;
  },

  async who(interaction, { accounts: { links } }) {
    const user = interaction.options.getUser('user', true);
    if (!interaction.options.getMember('user')) return NO_MEMBER;
    const link = await links.find(user.id);
    if (!link) return `<@${user.id}> has no linked account.`;
    const proof = { email: 'a mailed code', moderator: 'the word of a moderator', none: 'nothing' }[link.proof];
    return lines(
      `<@${user.id}> is linked since ${timestamp(link.linkedAt, 'f')}, proved by ${proof}.`,
      link.allowsEscalation ? 'They allow tickets in their name.' : 'They do not want tickets in their name.',
    );
  },

  async unlink(interaction, { accounts: { links }, tickets: { notifications }, audit }) {
    const user = interaction.options.getUser('user', true);
    if (!interaction.options.getMember('user')) return NO_MEMBER;
    if (!(await links.withdraw(user.id))) return `<@${user.id}> has no linked account. Nothing has changed.`;
    await notifications.add(user.id, interaction.id, { kind: 'unlinked', moderatorId: interaction.user.id });
    await audit.write(
      moderationEntry(interaction.user.id, `unlinked <@${user.id}> from ${serverWords(placeOf(interaction))}`),
    );
    return `<@${user.id}> is not linked any more. They are told at their next command and can link again.`;
  },
};

const NO_MEMBER = 'This user is no member of this server, so it is not yours to decide. Nothing was done.';
