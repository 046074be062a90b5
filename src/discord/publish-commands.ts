import { isDeepStrictEqual } from 'node:util';
import { type REST, type RESTPostAPIApplicationCommandsJSONBody, Routes } from 'discord.js';
import { z } from 'zod';

export interface PublishOptions {
  readonly rest: REST;
  readonly applicationId: string;
  /** One server, where changes show at once; without it everywhere. */
  readonly guildId: string | undefined;
}

const publishedCommand = z.looseObject({ name: z.string(), type: z.number().optional() });

/**
 * Publishes the commands where Discord has others, with one request for all of them. Discord counts every creation
 * against 200 a day, so nothing is sent when nothing has changed.
 * @throws {Error} of discord.js when Discord refuses or cannot be reached.
 */
export async function publishCommands(
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

/** Whether Discord has exactly these. It answers with more properties than it was sent, and with defaults filled in. */
function sameCommands(ours: readonly object[], published: readonly object[]): boolean {
  return (
    ours.length === published.length &&
    ours.every((command) => {
      const mine = normalized(command);
      return published.some((other) => isDeepStrictEqual(normalized(other, mine), mine));
    })
  );
}

/** Properties without a value dropped, sets in order, and of `value` only what the `like` has. */
function normalized(value: unknown, like?: unknown): unknown {
  if (Array.isArray(value)) {
    const likes = Array.isArray(like) ? like : [];
    const items = value.map((item, index) => normalized(item, likes[index]));
    return items.every((item) => typeof item === 'number') ? items.sort() : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const keys = like && typeof like === 'object' ? Object.keys(like) : Object.keys(value);
  const kept = keys
    .map((key) => [key, normalized((value as Record<string, unknown>)[key], (like as Record<string, unknown>)?.[key])])
    .filter(([, property]) => !isEmpty(property));
  return Object.fromEntries(kept.sort(([a], [b]) => String(a).localeCompare(String(b))));
}

/** What Discord adds or leaves out as it likes. */
function isEmpty(property: unknown): boolean {
  return (
    property === undefined ||
    property === null ||
    property === false ||
    (Array.isArray(property) && property.length === 0)
  );
}
