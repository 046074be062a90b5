import { isDeepStrictEqual } from 'node:util';
import { ApplicationCommandType, type RESTPostAPIApplicationCommandsJSONBody, Routes } from 'discord.js';
import { z } from 'zod';
import { emptyOtherLists, type OtherListsOptions } from './other-command-lists.ts';

/** With `guildId` the commands are published in that one server, where changes show at once; without it everywhere. */
export type PublishOptions = OtherListsOptions;

const publishedCommand = z.looseObject({ name: z.string(), type: z.number().optional() });

/**
 * Publishes the commands where Discord has others, with one request for all of them, and takes them out of every other
 * list. Discord counts every creation against 200 a day, so nothing is sent when nothing has changed.
 * @param commands Each names its contexts and integration types: where it does not, Discord answers with its own.
 * @throws {Error} of discord.js when Discord refuses or cannot be reached.
 */
export async function publishCommands(
  commands: readonly RESTPostAPIApplicationCommandsJSONBody[],
  options: PublishOptions,
): Promise<'published' | 'unchanged'> {
  const result = await publish(commands, options);
  // Only now, so that no moment is without commands.
  await emptyOtherLists(commands, options);
  return result;
}

async function publish(
  commands: readonly RESTPostAPIApplicationCommandsJSONBody[],
  { rest, applicationId, guildId }: PublishOptions,
): Promise<'published' | 'unchanged'> {
  const route = guildId
    ? Routes.applicationGuildCommands(applicationId, guildId)
    : Routes.applicationCommands(applicationId);
  const published = z.array(publishedCommand).parse(await rest.get(route));
  if (sameCommands(commands, published)) return 'unchanged';
  await rest.put(route, { body: commands });
  return 'published';
}

/**
 * What makes a command, an option or a choice another one. Discord answers with more: IDs, versions, deprecated flags,
 * translations that nobody gave.
 */
const COMPARED = [
  ...['name', 'type', 'description', 'default_member_permissions', 'contexts', 'integration_types', 'nsfw', 'options'],
  ...['required', 'choices', 'value', 'min_value', 'max_value', 'min_length', 'max_length', 'channel_types'],
  'autocomplete',
];

/** Whether Discord has exactly these. */
export function sameCommands(ours: readonly object[], published: readonly object[]): boolean {
  const theirs = published.map(comparable);
  return (
    ours.length === theirs.length &&
    ours.map(comparable).every((mine) => theirs.some((other) => isDeepStrictEqual(other, mine)))
  );
}

/** A value without what Discord adds or leaves out as it likes. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(comparable);
    return items.every((item) => typeof item === 'number') ? items.sort() : items;
  }
  if (!isRecord(value)) return value;
  const kept = COMPARED.map((key) => [key, comparable(value[key])] as const);
  return Object.fromEntries(kept.filter(([key, property]) => !isDefault(key, property)));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Said or not, it means the same; a slash command is what has no type. */
function isDefault(key: string, property: unknown): boolean {
  if (key === 'type' && property === ApplicationCommandType.ChatInput) return true;
  const isEmptyList = Array.isArray(property) && property.length === 0;
  return property === undefined || property === null || property === false || property === '' || isEmptyList;
}
