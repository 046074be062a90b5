import { DiscordAPIError, type Interaction, PermissionFlagsBits, RESTJSONErrorCodes, Routes } from 'discord.js';
import { z } from 'zod';
import { type Clock, TIMED_OUT, waitAtMost } from '../clock.ts';
import type { Config } from '../config.ts';

/** Milliseconds that a ticket whose turn has come waits for Discord's word. */
const TIMEOUT_MS = 3000;

const member = z.object({ roles: z.array(z.string()) });
const guild = z.object({
  owner_id: z.string(),
  roles: z.array(z.object({ id: z.string(), permissions: z.string().regex(/^\d+$/).transform(BigInt) })),
});

type Asking = Pick<Interaction, 'client' | 'guildId' | 'user'>;

const MAY_MODERATE = PermissionFlagsBits.ModerateMembers | PermissionFlagsBits.Administrator;

/**
 * Whether whoever used this interaction is a moderator of its server by now, in the sense of `isModerator`: for a ticket that
 * had to wait, as the interaction tells what held when it was used. Never rejects.
 * @returns undefined when Discord does not say.
 */
export async function isStillModerator(
  interaction: Asking,
  { config, clock }: { config: Config; clock: Clock },
): Promise<boolean | undefined> {
  const answer = await waitAtMost(clock, TIMEOUT_MS, ask(interaction, config));
  return answer === TIMED_OUT ? undefined : answer;
}

async function ask({ client, guildId, user }: Asking, { moderation }: Config): Promise<boolean | undefined> {
  if (!guildId) return false;
  const { rest } = client;
  try {
    const { roles: roleIds } = member.parse(await rest.get(Routes.guildMember(guildId, user.id)));
    if (moderation.roleIds.length > 0) return roleIds.some((id) => moderation.roleIds.includes(id));
    const { owner_id, roles } = guild.parse(await rest.get(Routes.guild(guildId)));
    // The role of everybody has the ID of the server.
    const own = roles.filter(({ id }) => id === guildId || roleIds.includes(id));
    return owner_id === user.id || own.some(({ permissions }) => (permissions & MAY_MODERATE) !== 0n);
  } catch (error) {
    return error instanceof DiscordAPIError && error.code === RESTJSONErrorCodes.UnknownMember ? false : undefined;
  }
}
