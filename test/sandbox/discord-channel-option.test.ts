import { ChannelType } from 'discord-api-types/v10';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type SandboxDiscord, startDiscord } from '../../sandbox/discord/discord.ts';
import type { SandboxUser } from '../../sandbox/discord/people/user.ts';
import type { Channel } from '../../sandbox/discord/world/discord-world.ts';
import type { Guild } from '../../sandbox/discord/world/guild.ts';
import { startBot, type TestBot } from './discord-bot.ts';

let discord: SandboxDiscord;
let bot: TestBot;
let guild: Guild;
let channel: Channel;
let ada: SandboxUser;

beforeEach(async () => {
  discord = await startDiscord();
  bot = await startBot(discord);
  guild = discord.createGuild({ name: 'Interserver' });
  channel = guild.createChannel({ name: 'support' });
  ada = discord.createUser({ name: 'ada' });
  guild.addMember(ada);
  const where = { type: 7, name: 'where', description: 'Where', channel_types: [ChannelType.GuildText] };
  await bot.publish([{ name: 'do', description: 'Does it', options: [where] }]);
});

afterEach(async () => {
  await bot.stop();
  await discord.close();
});

test('a chosen channel comes with what the person may do there, and with what the bot may', async () => {
  const news = guild.createChannel({ name: 'news' });
  guild.overwrite(news, ada, { deny: ['SendMessages'] });
  guild.overwrite(news, discord.world.bot, { deny: ['AttachFiles'] });
  let chosen: unknown;
  bot.handle('do', async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    chosen = interaction.options.getChannel('where');
    await interaction.reply('Done');
  });
  await ada.in(channel).slash('do', { where: news.id });
  expect(chosen).toMatchObject({
    id: news.id,
    permissions: guild.permissionsOf(ada, news).toString(),
    app_permissions: guild.permissionsOf(discord.world.bot, news).toString(),
  });
});

test('a channel of another type, or that the person does not see, cannot be chosen', async () => {
  const forum = guild.createChannel({ name: 'questions', type: ChannelType.GuildForum });
  const hidden = guild.createChannel({ name: 'hidden' });
  guild.overwrite(hidden, guild.everyone, { deny: ['ViewChannel'] });
  const place = ada.in(channel);
  await expect(place.slash('do', { where: forum.id })).rejects.toThrow('takes another type of channel');
  await expect(place.slash('do', { where: hidden.id })).rejects.toThrow('a channel that one does not see');
});

test('mentions in the text of a card notify people, unless the message says that they do not', async () => {
  const text = { type: 10, content: `Good morning, <@${ada.id}>` };
  const body = { flags: 1 << 15, components: [{ type: 17, components: [text] }] };
  const post = (more: object) =>
    bot.client.rest.post(`/channels/${channel.id}/messages`, { body: { ...body, ...more } });
  await post({});
  await post({ allowed_mentions: { parse: [] } });
  expect(ada.in(channel).messages.map(({ pings }) => pings)).toEqual([[`<@${ada.id}>`], []]);
});
