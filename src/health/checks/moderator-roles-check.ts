import type { DiscordProbe } from '../../discord/discord-probe.ts';
import { type Check, fail, ok, skipped, warn } from '../check.ts';
import { knownBotCheck } from './discord-login-check.ts';

/** Servers that are asked for their roles. */
const MAX_SERVERS = 25;

export interface ModeratorRolesOptions {
  /** MODERATOR_ROLE_IDS, at least one. */
  readonly roleIds: readonly string[];
  readonly guildId: string | undefined;
}

/** Whether a server of the bot has the roles of MODERATOR_ROLE_IDS: with one that is gone, nobody is a moderator, in silence. */
export function moderatorRolesCheck(probe: DiscordProbe, { roleIds, guildId }: ModeratorRolesOptions): Check {
  return {
    ...knownBotCheck(probe, {
      name: 'Moderators',
      lookedAt: 'the roles of MODERATOR_ROLE_IDS',
      async look({ guilds }) {
        const listed = guilds.filter(({ id }) => guildId === undefined || id === guildId);
        // Discord lists 200; of one behind these only the ID is known.
        const asked = listed.length === 0 && guildId !== undefined ? [{ id: guildId, name: guildId }] : listed;
        const places = asked.slice(0, MAX_SERVERS);
        const answers = await Promise.all(places.map(({ id }) => probe.roleIds(id)));
        const known = new Set(answers.flatMap((ids) => ids ?? []));
        const missing = roleIds.filter((id) => !known.has(id));
        if (missing.length === 0) return ok(`All ${roleIds.length} roles are there.`);
        const isIncomplete = answers.includes(undefined) || asked.length > MAX_SERVERS;
        if (isIncomplete) return skipped(`Discord did not say of every server whether it has ${missing.join(', ')}.`);
        const message = `${places.map(({ name }) => name).join(', ')} has no role ${missing.join(', ')}.`;
        const remedy = 'Right-click the role > Copy Role ID, and put it into MODERATOR_ROLE_IDS.';
        if (missing.length < roleIds.length) return warn(message, remedy);
        return fail(`${message} Nobody is a moderator.`, remedy);
      },
    }),
    needs: ['Discord', 'Discord servers'],
  };
}
