import { ComponentType } from 'discord-api-types/v10';
import { accountJson, channelJson, memberJson, roleJson } from '../server/wire.ts';
import type { Account, Channel, DiscordWorld } from '../world/discord-world.ts';

/** Who chooses. */
export interface Chooser {
  readonly world: DiscordWorld;
  readonly account: Account;
}

/** Kinds of things that a chosen ID can stand for. */
type Wanted = 'users' | 'roles' | 'channels';

const BY_SELECT: Partial<Record<ComponentType, readonly Wanted[]>> = {
  [ComponentType.UserSelect]: ['users'],
  [ComponentType.RoleSelect]: ['roles'],
  [ComponentType.MentionableSelect]: ['users', 'roles'],
  [ComponentType.ChannelSelect]: ['channels'],
};

/** The `resolved` part for the IDs that were chosen in a select menu; undefined for one of plain strings. */
export function resolveChoices(chooser: Chooser, channel: Channel, type: ComponentType, ids: readonly string[]) {
  const wanted = BY_SELECT[type];
  return wanted && resolveIds(chooser, channel, wanted, ids);
}

/** Looks up IDs. @throws {Error} for one that is nothing of the wanted kinds: no client offers such a choice. */
export function resolveIds(
  { world, account: chooser }: Chooser,
  channel: Channel,
  wanted: readonly Wanted[],
  ids: readonly string[],
) {
  const found: Record<string, Record<string, unknown>> = {};
  const put = (kind: string, id: string, json: unknown) => {
    found[kind] ??= {};
    found[kind][id] = json;
  };
  for (const id of ids) {
    const account = wanted.includes('users') ? world.accounts.get(id) : undefined;
    const role = wanted.includes('roles') ? channel.guild?.roles.get(id) : undefined;
    const other = wanted.includes('channels') ? channel.guild?.channels.get(id) : undefined;
    if (account) {
      put('users', id, accountJson(account));
      const member = channel.guild?.members.get(id);
      if (member) {
        const { user, deaf, mute, ...partial } = memberJson(member, channel);
        put('members', id, partial);
      }
    } else if (role) put('roles', id, roleJson(role));
    else if (other) {
      // Two sets of permissions: those of whoever chose the channel, and the bot's.
      const ofBot = other.guild?.permissionsOf(world.bot, other).toString();
      put('channels', id, { ...channelJson(other, chooser), app_permissions: ofBot });
    } else throw new Error(`${id} is none of: ${wanted.join(', ')}`);
  }
  return found;
}
