import {
  ApplicationCommandType,
  REST,
  type RESTPostAPIApplicationCommandsJSONBody,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { commands } from '../../commands/index.ts';
import { type SandboxDiscord, startDiscord } from '../../sandbox/discord/discord.ts';
import type { Guild } from '../../sandbox/discord/world/guild.ts';
import { publishCommands } from '../../src/discord/publish-commands.ts';
import { CONFIG } from '../handlers/handler-cases.ts';
import { type Conversation, startConversation } from '../support/conversation.ts';

/** Every command, in the order of the list. */
const NAMES = commands.map((command) => command.data(CONFIG).name);

/** How often the bot has sent its commands to Discord. */
function timesSent({ requests }: SandboxDiscord): number {
  return requests.filter(({ method }) => method === 'PUT').length;
}

describe('a bot that starts', () => {
  test('publishes its commands where they are missing, and does not send them again', async () => {
    const talk = await startConversation();
    const { discord } = talk.world;
    expect(discord.commands.list().map(({ name }) => name)).toEqual(NAMES);
    await talk.stop();
    await talk.start();
    expect(timesSent(discord)).toBe(1);
  });

  test('sends them again when a setting has changed one of them', async () => {
    const talk = await startConversation();
    const { discord } = talk.world;
    await talk.stop();
    await talk.start({ MODERATOR_ROLE_IDS: '123456789012345678' });
    expect(timesSent(discord)).toBe(2);
    await talk.stop();
    await talk.start();
    expect(timesSent(discord)).toBe(3);
  });
});

describe('a bot whose DISCORD_GUILD_ID is', () => {
  const OURS = NAMES.toSorted();

  /** What a moderator's client offers in that server, sorted. */
  function offeredIn(talk: Conversation, guild: Guild): string[] {
    const channel = guild.createChannel({ name: 'lobby' });
    const user = talk.world.discord.createUser({ name: 'zoe' });
    guild.addMember(user, { roles: [guild.createRole({ name: 'Mods', permissions: ['ModerateMembers'] })] });
    return user
      .in(channel)
      .commands.map(({ name }) => name)
      .toSorted();
  }

  async function restart(talk: Conversation, guildId?: string): Promise<void> {
    await talk.stop();
    await talk.start(guildId === undefined ? {} : { DISCORD_GUILD_ID: guildId });
  }

  test('set, changed and taken away shows each command once, and sends nothing when nothing has changed', async () => {
    const talk = await startConversation();
    const { discord } = talk.world;
    const other = discord.createGuild({ name: 'Another' });
    expect(offeredIn(talk, talk.guild)).toEqual(OURS);
    for (const [guildId, here, there] of [
      [talk.guild.id, OURS, []],
      [other.id, [], OURS],
      [undefined, OURS, OURS],
    ] as const) {
      await restart(talk, guildId);
      expect(offeredIn(talk, talk.guild)).toEqual(here);
      expect(offeredIn(talk, other)).toEqual(there);
      const before = timesSent(discord);
      await restart(talk, guildId);
      expect(timesSent(discord)).toBe(before);
    }
  });

  test('taken away, with another store: the list of the server is emptied all the same', async () => {
    const talk = await startConversation();
    await restart(talk, talk.guild.id);
    await talk.stop();
    await talk.start({ STORAGE_URL: 'sqlite::memory:' });
    expect(offeredIn(talk, talk.guild)).toEqual(OURS);
  });

  test('set keeps what another program has published under the same application', async () => {
    const talk = await startConversation();
    const { commands } = talk.world.discord;
    const theirs = [
      { name: 'weather', description: 'Tells the weather' },
      // Another type makes it another command.
      { name: 'ticket', type: ApplicationCommandType.Message },
    ];
    commands.replace([...commands.list(), ...theirs]);
    const before = commands.list().slice(-2);
    await restart(talk, talk.guild.id);
    expect(commands.list()).toEqual(before);
    commands.replace([...commands.list(talk.guild.id), ...theirs], talk.guild.id);
    await restart(talk);
    expect(commands.list(talk.guild.id).map(({ name, type }) => [name, type])).toEqual([
      ['weather', 1],
      ['ticket', 3],
    ]);
  });

  test('that of a server which the bot has left meanwhile starts as ever', async () => {
    const talk = await startConversation();
    const former = talk.world.discord.createGuild({ name: 'Former' });
    await restart(talk, former.id);
    former.removeMember(talk.world.discord.world.bot);
    await restart(talk);
    expect(offeredIn(talk, talk.guild)).toEqual(OURS);
    expect(talk.logged.filter((line) => line.includes('could not be emptied'))).toEqual([]);
  });

  test('changed finds the list of a former server in its memory, in however many servers it is', async () => {
    const talk = await startConversation();
    const { discord } = talk.world;
    for (let i = 0; i < 30; i += 1) discord.createGuild({ name: `Server ${i}` });
    await restart(talk, talk.guild.id);
    const asked = discord.requests.length;
    await restart(talk);
    expect(discord.commands.list(talk.guild.id)).toEqual([]);
    const looked = discord.requests
      .slice(asked)
      .filter(({ method, route }) => method === 'GET' && route.includes(':guild'));
    expect(looked).toHaveLength(1);
  });

  test('changed starts although Discord does not let the other lists be changed, and tries again at the next start', async () => {
    const talk = await startConversation();
    const { discord } = talk.world;
    await restart(talk, talk.guild.id);
    await talk.stop();
    discord.fault('guild-commands-500');
    await talk.start();
    expect(discord.commands.list()).toHaveLength(OURS.length);
    expect(talk.logged.filter((line) => line.includes('could not be emptied'))).toHaveLength(1);
    discord.clearFaults();
    await restart(talk);
    expect(offeredIn(talk, talk.guild)).toEqual(OURS);
  });
});

describe('commands that are published are', () => {
  let discord: SandboxDiscord;
  let publish: (commands: RESTPostAPIApplicationCommandsJSONBody[]) => Promise<'published' | 'unchanged'>;

  beforeEach(async () => {
    discord = await startDiscord();
    onTestFinished(() => discord.close());
    const rest = new REST({ api: discord.url, retries: 0 }).setToken(discord.botToken);
    publish = (commands) =>
      publishCommands(commands, { rest, applicationId: discord.applicationId, guildId: undefined });
    expect(await publish([DO, MENU])).toBe('published');
    expect(await publish([DO, MENU])).toBe('unchanged');
  });

  test.each<[string, RESTPostAPIApplicationCommandsJSONBody[]]>([
    ['their order', [MENU, DO]],
    ['a default that is said', [{ ...DO, type: ApplicationCommandType.ChatInput, nsfw: false }, MENU]],
    ['the order of the places where they are offered', [{ ...DO, contexts: [1, 0] }, MENU]],
    ['an option that is said not to be required', [withOption({ ...TEXT, required: false }), MENU]],
  ])('not sent again for %s', async (_what, commands) => {
    const before = timesSent(discord);
    expect(await publish(commands)).toBe('unchanged');
    expect(timesSent(discord)).toBe(before);
  });

  test.each<[string, RESTPostAPIApplicationCommandsJSONBody[]]>([
    ['one more', [DO, MENU, { ...DO, name: 'more' }]],
    ['one less', [DO]],
    ['none any more', []],
    ['another name', [{ ...DO, name: 'done' }, MENU]],
    ['another description', [{ ...DO, description: 'Does something else' }, MENU]],
    ['another permission', [{ ...DO, default_member_permissions: '8' }, MENU]],
    ['no permission any more', [DO, { ...MENU, default_member_permissions: null }]],
    ['other places', [{ ...DO, contexts: [0] }, MENU]],
    ['other ways to install it', [{ ...DO, integration_types: [0, 1] }, MENU]],
    ['no options any more', [{ ...DO, options: [] }, MENU]],
    ['an option that is required', [withOption({ ...TEXT, required: true }), MENU]],
    ['an option with another description', [withOption({ ...TEXT, description: 'Other' }), MENU]],
    ['an option of another length', [withOption({ ...TEXT, max_length: 60 }), MENU]],
    ['an option without a length any more', [withOption({ ...TEXT, max_length: undefined }), MENU]],
    ['an option of another type', [withOption({ type: 4, name: 'text', description: 'Which' }), MENU]],
  ])('sent again for %s', async (_what, commands) => {
    expect(await publish(commands)).toBe('published');
    expect(await publish(commands)).toBe('unchanged');
  });
});

const TEXT = { type: 3, name: 'text', description: 'Which', max_length: 50 } as const;

function withOption(option: object): RESTPostAPIChatInputApplicationCommandsJSONBody {
  return {
    name: 'do',
    description: 'Does it',
    contexts: [0, 1],
    integration_types: [0],
    options: [{ type: 1, name: 'now', description: 'At once', options: [option] }],
  } as RESTPostAPIChatInputApplicationCommandsJSONBody;
}

const DO = withOption(TEXT);
const MENU: RESTPostAPIApplicationCommandsJSONBody = {
  type: 2,
  name: 'Do it',
  default_member_permissions: '1099511627776',
  contexts: [0],
  integration_types: [0],
};
