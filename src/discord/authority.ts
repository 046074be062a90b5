import { type Interaction, PermissionFlagsBits } from 'discord.js';
import { z } from 'zod';
import type { Config } from '../config.ts';
import type { Authority } from '../tickets/ticket-rules.ts';

/**
 * Whether this interaction comes from a moderator of the server in which it happened: somebody with one of
 * MODERATOR_ROLE_IDS or, without that setting, with the permission Moderate Members. Read from the interaction itself, so
 * that it is what holds at this moment; nothing is remembered, and nothing in a custom ID counts.
 */
export function isModerator(interaction: Interaction, config: Config): boolean {
  return authorityOf(interaction, config).moderatorOf !== undefined;
}

export function authorityOf(interaction: Interaction, { moderation }: Config): Authority {
  const { guildId } = interaction;
  if (!guildId) return {};
  const holds =
    moderation.roleIds.length > 0
      ? roleIdsOf(interaction).some((id) => moderation.roleIds.includes(id))
      : (interaction.memberPermissions?.has(PermissionFlagsBits.ModerateMembers) ?? false);
  return holds ? { moderatorOf: guildId } : {};
}

/**
 * To whom Discord shows the moderators' commands at first. Who has one of MODERATOR_ROLE_IDS may lack the permission, so
 * with that setting Discord shows them to everybody; server owners can narrow it, and the handlers check in any case.
 */
export function moderatorPermission({ moderation }: Config): bigint | null {
  return moderation.roleIds.length > 0 ? null : PermissionFlagsBits.ModerateMembers;
}

/**
 * Without intents discord.js does not know the server's roles and so shows a member without any. The IDs that Discord
 * sent are in `_roles` of its member object, or in `roles` of the raw one.
 */
const memberWithRoles = z.union([
  z.object({ _roles: z.array(z.string()) }).transform((member) => member._roles),
  z.object({ roles: z.array(z.string()) }).transform((member) => member.roles),
]);

function roleIdsOf(interaction: Interaction): readonly string[] {
  return memberWithRoles.safeParse(interaction.member).data ?? [];
}
