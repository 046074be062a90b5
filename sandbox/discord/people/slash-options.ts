import { ApplicationCommandOptionType as Option } from 'discord-api-types/v10';
import type { SentOption } from '../rules/command-rules.ts';
import type { Channel } from '../world/discord-world.ts';
import type { PublishedCommand } from '../world/published-commands.ts';
import { type Chooser, resolveIds } from './resolved.ts';

export type SlashValues = Readonly<Record<string, string | number | boolean>>;

/** Who fills it in, and where. */
interface Where {
  readonly user: Chooser;
  readonly channel: Channel;
}

interface WireOption {
  name: string;
  type: number;
  value?: string | number | boolean;
  options?: WireOption[];
}

const RESOLVED: Partial<Record<Option, readonly ('users' | 'roles' | 'channels')[]>> = {
  [Option.User]: ['users'],
  [Option.Role]: ['roles'],
  [Option.Mentionable]: ['users', 'roles'],
  [Option.Channel]: ['channels'],
};

/**
 * Fills in a slash command as Discord's client would.
 * @param path The words after the command's name: a subcommand, or a group and a subcommand.
 * @throws {Error} for options that the client would not let one send.
 */
export function slashData(
  command: PublishedCommand,
  path: readonly string[],
  values: SlashValues,
  { user, channel }: Where,
) {
  const resolved: Record<string, Record<string, unknown>> = {};
  const fill = (declared: readonly SentOption[], rest: readonly string[]): WireOption[] => {
    const [word, ...deeper] = rest;
    if (word !== undefined) {
      const sub = declared.find((option) => option.name === word && option.type <= Option.SubcommandGroup);
      if (!sub) throw new Error(`/${command.name} has no subcommand ${word}`);
      return [{ name: sub.name, type: sub.type, options: fill(sub.options ?? [], deeper) }];
    }
    if (declared.some(({ type }) => type <= Option.SubcommandGroup)) {
      throw new Error(`/${command.name} needs one of: ${declared.map(({ name }) => name).join(', ')}`);
    }
    const unknown = Object.keys(values).find((name) => !declared.some((option) => option.name === name));
    if (unknown !== undefined) throw new Error(`/${command.name} has no option ${unknown}`);
    return declared.flatMap((option) => {
      const value = values[option.name];
      if (value === undefined) {
        if (option.required) throw new Error(`/${command.name} requires ${option.name}`);
        return [];
      }
      const problem = problemWith(option, value) ?? problemWithChannel(option, value, { user, channel });
      if (problem) throw new Error(`/${command.name} ${option.name}: ${problem}`);
      const wanted = RESOLVED[option.type as Option];
      if (wanted) {
        for (const [kind, found] of Object.entries(resolveIds(user, channel, wanted, [String(value)]))) {
          resolved[kind] = { ...resolved[kind], ...found };
        }
      }
      return [{ name: option.name, type: option.type, value }];
    });
  };
  const options = fill(command.options ?? [], path);
  return {
    id: command.id,
    name: command.name,
    type: command.type,
    ...(command.guildId !== undefined && { guild_id: command.guildId }),
    ...(options.length > 0 && { options }),
    ...(Object.keys(resolved).length > 0 && { resolved }),
  };
}

function problemWith(option: SentOption, value: string | number | boolean): string | undefined {
  const kind = option.type === Option.Boolean ? 'boolean' : isNumber(option) ? 'number' : 'string';
  const actual: string = typeof value;
  if (actual !== kind) return `takes a ${kind}`;
  if (option.type === Option.Integer && !Number.isInteger(value)) return 'takes a whole number';
  if (option.choices?.length && !option.choices.some((choice) => choice.value === value)) return 'is not a choice';
  if (typeof value === 'number') {
    if (value < (option.min_value ?? value) || value > (option.max_value ?? value)) return 'is out of range';
  }
  if (typeof value === 'string' && option.type === Option.String) {
    if (value.length < (option.min_length ?? 0) || value.length > (option.max_length ?? 6000))
      return 'has a wrong length';
  }
  return undefined;
}

/** Discord's client lists channels of the wanted types alone, and those that the person sees. */
function problemWithChannel(
  { type, channel_types: types }: SentOption,
  value: string | number | boolean,
  { user, channel }: Where,
): string | undefined {
  const chosen = type === Option.Channel ? channel.guild?.channels.get(String(value)) : undefined;
  if (!chosen) return undefined;
  if (types?.length && !types.includes(chosen.type)) return 'takes another type of channel';
  return channel.guild?.can(user.account, 'ViewChannel', chosen) ? undefined : 'is a channel that one does not see';
}

function isNumber({ type }: SentOption): boolean {
  return type === Option.Integer || type === Option.Number;
}
