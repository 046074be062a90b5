import { isDeepStrictEqual } from 'node:util';
import { ApplicationCommandType, InteractionContextType } from 'discord-api-types/v10';
import type { SentCommand } from '../rules/command-rules.ts';
import type { Account, Channel, DiscordWorld } from './discord-world.ts';

/** A command as Discord keeps it. */
export interface PublishedCommand extends SentCommand {
  readonly id: string;
  readonly type: number;
  readonly version: string;
  readonly guildId?: string;
}

/** The commands that the application has published: globally, and for single guilds. */
export class PublishedCommands {
  private readonly world: DiscordWorld;
  /** By guild ID; the global ones under the empty string. */
  private readonly scopes = new Map<string, PublishedCommand[]>();

  constructor(world: DiscordWorld) {
    this.world = world;
  }

  list(guildId?: string): readonly PublishedCommand[] {
    return this.scopes.get(guildId ?? '') ?? [];
  }

  /** Replaces all of one scope. A command that keeps its name and type keeps its ID, and its version if unchanged. */
  replace(sent: readonly SentCommand[], guildId?: string): readonly PublishedCommand[] {
    const before = this.list(guildId);
    const after = sent.map((command): PublishedCommand => {
      const type = command.type ?? ApplicationCommandType.ChatInput;
      const old = before.find((known) => known.name === command.name && known.type === type);
      const { id = this.world.newId(), version = this.world.newId() } = old ?? {};
      const kept = { ...command, id, type, version, ...(guildId !== undefined && { guildId }) };
      return isDeepStrictEqual(kept, old) ? kept : { ...kept, version: this.world.newId() };
    });
    this.scopes.set(guildId ?? '', after);
    this.world.events.emit('commands', after, guildId);
    return after;
  }

  /** Removes one of one scope. @returns Whether it was there. */
  remove(id: string, guildId?: string): boolean {
    const before = this.list(guildId);
    const after = before.filter((command) => command.id !== id);
    if (after.length === before.length) return false;
    this.scopes.set(guildId ?? '', after);
    this.world.events.emit('commands', after, guildId);
    return true;
  }

  /** What that person's client offers in that channel: both lists, so that what stands in both is offered twice. */
  offered(person: Account, channel: Channel): PublishedCommand[] {
    return this.available(channel).filter((command) => this.isPermitted(command, person, channel));
  }

  /** What can be invoked in that channel by anybody whom the server's owner allows. */
  available(channel: Channel): PublishedCommand[] {
    const own = channel.guild ? this.list(channel.guild.id) : [];
    const context = channel.guild ? InteractionContextType.Guild : InteractionContextType.BotDM;
    return [...own, ...this.list().filter(({ contexts }) => contexts?.includes(context) ?? true)];
  }

  /** Whether the command's own default lets that person see it. */
  isPermitted(command: PublishedCommand, person: Account, channel: Channel): boolean {
    const needed = command.default_member_permissions;
    if (!channel.guild || needed === null || needed === undefined) return true;
    const has = channel.guild.permissionsOf(person, channel);
    const bits = BigInt(needed);
    // "0" means: nobody but administrators.
    return bits === 0n ? channel.guild.can(person, 'Administrator') : (has & bits) === bits;
  }
}

export function commandJson(command: PublishedCommand, applicationId: string) {
  const { guildId, default_member_permissions: permissions, ...sent } = command;
  return {
    description: '',
    name_localizations: null,
    description_localizations: null,
    nsfw: false,
    integration_types: [0],
    ...sent,
    contexts: sent.contexts ?? null,
    application_id: applicationId,
    default_member_permissions: permissions === null || permissions === undefined ? null : String(permissions),
    dm_permission: guildId === undefined ? (sent.contexts?.includes(InteractionContextType.BotDM) ?? true) : undefined,
    ...(guildId !== undefined && { guild_id: guildId }),
  };
}
