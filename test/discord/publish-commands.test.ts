import {
  ApplicationCommandType,
  REST,
  type RESTPostAPIApplicationCommandsJSONBody,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type SandboxDiscord, startDiscord } from '../../sandbox/discord/discord.ts';
import { publishCommands } from '../../src/discord/publish-commands.ts';
import { startConversation } from '../support/conversation.ts';

/** How often the bot has sent its commands to Discord. */
function timesSent({ requests }: SandboxDiscord): number {
  return requests.filter(({ method }) => method === 'PUT').length;
}

describe('a bot that starts', () => {
  test('publishes its commands where they are missing, and does not send them again', async () => {
    const talk = await startConversation();
    const { discord } = talk.world;
    expect(discord.commands.list().map(({ name }) => name)).toEqual([
      'ticket',
      'link',
      'account',
      'Escalate to ticket',
      'helpdesk',
    ]);
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

  test('publishes them in DISCORD_GUILD_ID alone, and leaves the others as they are', async () => {
    const talk = await startConversation();
    const { discord } = talk.world;
    await talk.stop();
    const global = discord.commands.list();
    for (const _start of ['first', 'second']) {
      await talk.start({ DISCORD_GUILD_ID: talk.guild.id });
      await talk.stop();
    }
    expect(discord.commands.list(talk.guild.id)).toHaveLength(global.length);
    expect(discord.commands.list()).toBe(global);
    expect(timesSent(discord)).toBe(2);
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
