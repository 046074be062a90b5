import { ApplicationCommandType, DiscordAPIError, type REST, Routes } from 'discord.js';
import { z } from 'zod';
import type { Log } from '../log.ts';
import type { RecordStore } from '../storage/record-store.ts';

/** What a command is known by: in one list Discord has each name once for each type. */
export interface NamedCommand {
  readonly name: string;
  readonly type?: number | undefined;
}

/** The servers whose lists may hold commands of this bot. */
export const commandLists = z.object({ guildIds: z.array(z.string()) });
export type CommandLists = z.infer<typeof commandLists>;

export interface OtherListsOptions {
  readonly rest: REST;
  readonly applicationId: string;
  /** DISCORD_GUILD_ID: the list that the commands belong in; undefined for the global one. */
  readonly guildId: string | undefined;
  /** Remembers into which servers' lists the commands were published. */
  readonly memory?: RecordStore<CommandLists> | undefined;
  readonly log?: Log | undefined;
}

/** The one record of the memory. */
const KEY = 'published';
/** Servers whose lists are looked at at every start. A bot in more of them relies on its memory. */
const LOOKED_AT_EACH_START = 25;

const publishedCommand = z.looseObject({ id: z.string(), name: z.string(), type: z.number().optional() });
const guilds = z.array(z.object({ id: z.string() }));

/**
 * Takes our commands out of every list but the one that they belong in. Discord keeps a list for each server beside the
 * global one, and a client shows both: after DISCORD_GUILD_ID was set, changed or taken away, everything was there twice.
 * Commands of another name or type stay, as another program may use the same application. Never rejects: a bot whose
 * commands are shown twice still works, and the next start tries again.
 */
export async function emptyOtherLists(ours: readonly NamedCommand[], options: OtherListsOptions): Promise<void> {
  const { guildId, memory, log } = options;
  try {
    const remembered = await memory?.find(KEY);
    if (guildId !== undefined) {
      // Written down first: from here on its list may hold ours.
      await memory?.save(KEY, { guildIds: [...new Set([...(remembered?.guildIds ?? []), guildId])] });
      await emptyList(ours, undefined, options);
    }
    const former = (await listsToLookAt(remembered, options)).filter((id) => id !== guildId);
    const left: string[] = [];
    for (const id of former) {
      if ((await emptyList(ours, id, options)) === 'failed') left.push(id);
    }
    await memory?.save(KEY, { guildIds: [...left, ...(guildId === undefined ? [] : [guildId])] });
  } catch (error) {
    log?.warn(
      { error },
      'the other lists of commands were not looked at; commands may be shown twice until the next start',
    );
  }
}

async function listsToLookAt(
  remembered: CommandLists | undefined,
  { rest, log }: OtherListsOptions,
): Promise<readonly string[]> {
  const known = remembered?.guildIds ?? [];
  try {
    const ids = guilds.parse(await rest.get(Routes.userGuilds())).map(({ id }) => id);
    // The first start with this store looks into all of the first 200, since an older one has remembered nothing.
    return !remembered || ids.length <= LOOKED_AT_EACH_START ? [...new Set([...known, ...ids])] : known;
  } catch (error) {
    log?.warn(
      { error },
      'Discord did not say in which servers the bot is; only the lists that it remembers are looked at',
    );
    return known;
  }
}

/** @returns `failed` when it may still hold ours, and another try can help. */
async function emptyList(
  ours: readonly NamedCommand[],
  guildId: string | undefined,
  { rest, applicationId, log }: OtherListsOptions,
): Promise<'clean' | 'failed'> {
  const list =
    guildId === undefined
      ? Routes.applicationCommands(applicationId)
      : Routes.applicationGuildCommands(applicationId, guildId);
  try {
    const published = z.array(publishedCommand).parse(await rest.get(list));
    const mine = published.filter((command) => ours.some((one) => isSame(one, command)));
    if (mine.length === 0) return 'clean';
    if (mine.length === published.length) await rest.put(list, { body: [] });
    // One by one: the list as a whole can only be replaced, and what others put there is theirs to write.
    else for (const { id } of mine) await rest.delete(`${list}/${id}`);
    log?.info(
      { guildId, commands: mine.length },
      'took the commands out of a list that they are no longer published in',
    );
    return 'clean';
  } catch (error) {
    if (error instanceof DiscordAPIError && (error.status === 403 || error.status === 404)) {
      // A server that the bot has left: its list went with the bot.
      log?.debug({ error, guildId }, 'a list of commands is out of reach');
      return 'clean';
    }
    log?.warn(
      { error, guildId },
      'a list of commands could not be emptied; commands may be shown twice until the next start',
    );
    return 'failed';
  }
}

function isSame(one: NamedCommand, other: NamedCommand): boolean {
  const typeOf = ({ type }: NamedCommand) => type ?? ApplicationCommandType.ChatInput;
  return one.name === other.name && typeOf(one) === typeOf(other);
}
