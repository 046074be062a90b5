import { LabelBuilder, ModalBuilder, StringSelectMenuBuilder, TextDisplayBuilder, TextInputBuilder } from 'discord.js';
import { MessageFlags, TextInputStyle } from 'discord-api-types/v10';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type SandboxDiscord, startDiscord } from '../../sandbox/discord/discord.ts';
import { asMessage, asModal } from '../../sandbox/discord/people/shown.ts';
import { ephemeral, row, startBot, type TestBot } from './discord-bot.ts';

let discord: SandboxDiscord;
let bot: TestBot;

beforeEach(async () => {
  discord = await startDiscord();
  bot = await startBot(discord);
});

afterEach(async () => {
  await bot.stop();
  await discord.close();
});

async function people() {
  const guild = discord.createGuild({ name: 'Interserver' });
  const channel = guild.createChannel({ name: 'support' });
  const ada = discord.createUser({ name: 'ada', locale: 'de' });
  const bob = discord.createUser({ name: 'bob' });
  guild.addMember(ada);
  guild.addMember(bob);
  await bot.publish([
    { name: 'ticket', description: 'Opens a ticket' },
    { name: 'Escalate to ticket', type: 3, default_member_permissions: '1099511627776', contexts: [0] },
  ]);
  return { guild, channel, ada, bob };
}

function ticketModal() {
  return new ModalBuilder()
    .setCustomId('form')
    .setTitle('New ticket')
    .addTextDisplayComponents(new TextDisplayBuilder().setContent('Be brief.'))
    .addLabelComponents(
      new LabelBuilder()
        .setLabel('Subject')
        .setTextInputComponent(
          new TextInputBuilder().setCustomId('subject').setStyle(TextInputStyle.Short).setMinLength(5).setMaxLength(20),
        ),
      new LabelBuilder()
        .setLabel('Product')
        .setDescription('What it is about')
        .setStringSelectMenuComponent(
          new StringSelectMenuBuilder()
            .setCustomId('product')
            .addOptions({ label: 'VPS', value: 'vps', default: true }, { label: 'Web hosting', value: 'web' }),
        ),
      new LabelBuilder()
        .setLabel('Body')
        .setTextInputComponent(
          new TextInputBuilder()
            .setCustomId('body')
            .setStyle(TextInputStyle.Paragraph)
            .setRequired(false)
            .setValue('Prefilled'),
        ),
    );
}

test('a slash command opens a modal, whose values arrive at the bot and come back in a private reply', async () => {
  const { channel, ada, bob } = await people();
  bot.handle('ticket', async (interaction) => {
    if (interaction.isChatInputCommand()) await interaction.showModal(ticketModal());
  });
  bot.handle('form', async (interaction) => {
    if (!interaction.isModalSubmit()) return;
    await interaction.deferReply(ephemeral);
    const { fields } = interaction;
    const said = [fields.getTextInputValue('subject'), fields.getStringSelectValues('product')[0]];
    await interaction.editReply({
      content: [...said, fields.getTextInputValue('body'), interaction.locale].join(' / '),
    });
  });

  const modal = asModal(await ada.in(channel).slash('ticket'));
  expect(modal.title).toBe('New ticket');
  expect(modal.textDisplays).toEqual(['Be brief.']);
  expect(modal.field('product')).toMatchObject({ kind: 'select', value: ['vps'], required: true });
  expect(modal.field('body')).toMatchObject({ kind: 'paragraph', value: 'Prefilled', required: false });
  await expect(modal.submit({})).rejects.toThrow('Subject: This field is required.');
  await expect(modal.submit({ subject: 'no' })).rejects.toThrow('at least 5');
  await expect(modal.submit({ subject: 'A long one', product: ['none'] })).rejects.toThrow('not offered');

  const reply = asMessage(await modal.submit({ subject: 'Server down', product: ['web'] }));
  expect(reply.content).toBe('Server down / web / Prefilled / de');
  expect(reply.ephemeral).toBe(true);
  expect(reply.edits).toHaveLength(1);
  expect(ada.messages.map(({ id }) => id)).toEqual([reply.id]);
  expect(bob.messages).toEqual([]);
  expect(discord.interactions.map(({ acknowledgement }) => acknowledgement)).toEqual([9, 5]);
  expect(bot.errors).toEqual([]);
});

test('a button edits its own message, and its follow-ups appear below', async () => {
  const { channel, ada } = await people();
  bot.handle('ticket', async (interaction) => {
    if (interaction.isRepliable()) await interaction.reply({ content: 'One', components: [row(['next', 'Next'])] });
  });
  bot.handle('next', async (interaction) => {
    if (!interaction.isButton()) return;
    await interaction.update({ content: `Two after ${interaction.message.content}`, components: [] });
    await interaction.followUp({ content: 'Only for you', ...ephemeral });
  });
  const reply = asMessage(await ada.in(channel).slash('ticket'));
  expect(reply.buttons).toMatchObject([{ label: 'Next', customId: 'next', disabled: false }]);
  await expect(reply.click('Other')).rejects.toThrow('there are: Next');
  const updated = asMessage(await reply.click('Next'));
  expect(updated).toBe(reply);
  expect(reply.content).toBe('Two after One');
  expect(reply.buttons).toEqual([]);
  expect((await reply.followUp()).content).toBe('Only for you');
});

test('a message command brings the message, and is hidden from whom its default leaves out', async () => {
  const { guild, channel, ada, bob } = await people();
  bot.handle('Escalate to ticket', async (interaction) => {
    if (!interaction.isMessageContextMenuCommand()) return;
    await interaction.deferReply(ephemeral);
    const { content, author } = interaction.targetMessage;
    await interaction.editReply(
      `${author.username}: ${content}; ${interaction.memberPermissions?.has('ModerateMembers')}`,
    );
  });
  const said = await ada.in(channel).say('My server is down');
  await expect(bob.in(channel).messageCommand('Escalate to ticket', said)).rejects.toThrow('hidden from bob');
  const override = { overridePermissions: true };
  const byBob = asMessage(await bob.in(channel).messageCommand('Escalate to ticket', said, override));
  expect(byBob.content).toBe('ada: My server is down; false');

  const moderator = guild.createRole({ name: 'moderator', permissions: ['ModerateMembers'] });
  guild.member(bob).addRole(moderator);
  expect(asMessage(await bob.in(channel).messageCommand('Escalate to ticket', said)).content).toContain('; true');
  guild.member(bob).removeRole(moderator);
  await expect(bob.in(channel).messageCommand('Escalate to ticket', said)).rejects.toThrow('hidden from bob');
  await expect(ada.inDirectMessage().messageCommand('Escalate to ticket', said)).rejects.toThrow('not published here');
});

test('text files and Components V2 are shown, and only their reader sees an ephemeral message', async () => {
  const { channel, ada, bob } = await people();
  bot.handle('ticket', async (interaction) => {
    if (!interaction.isRepliable()) return;
    await interaction.deferReply(ephemeral);
    await interaction.editReply({
      flags: MessageFlags.IsComponentsV2,
      components: [new TextDisplayBuilder().setContent('**Opened**'), row(['one', 'One'])],
    });
    await interaction.followUp({
      content: 'Your data',
      files: [{ attachment: Buffer.from('{"a":1}'), name: 'data.json' }],
      ...ephemeral,
    });
  });
  const reply = asMessage(await ada.in(channel).slash('ticket'));
  expect(reply.textDisplays).toEqual(['**Opened**']);
  expect(reply.text).toBe('**Opened**');
  const file = await reply.followUp();
  expect(file.files).toMatchObject([{ name: 'data.json', text: '{"a":1}' }]);
  expect(bob.find(reply)).toBeUndefined();
  expect(bob.in(channel).messages).toEqual([]);
});

test('a command in a direct message comes without a member, and the bot can write there by itself', async () => {
  const { guild, ada } = await people();
  bot.handle('ticket', async (interaction) => {
    if (!interaction.isRepliable()) return;
    await interaction.reply(`guild ${interaction.guildId}, member ${interaction.member}, ${interaction.user.username}`);
    await interaction.user.send({ content: 'A letter', files: [{ attachment: Buffer.from('text'), name: 'a.txt' }] });
  });
  const place = ada.inDirectMessage();
  const letter = place.nextMessage((message) => message.content === 'A letter');
  expect(asMessage(await place.slash('ticket')).content).toBe('guild null, member null, ada');
  expect((await letter).files).toMatchObject([{ name: 'a.txt', text: 'text' }]);

  ada.closeDirectMessages();
  const user = await bot.client.users.fetch(ada.id, { force: true });
  await expect(user.send('Anybody there?')).rejects.toMatchObject({ code: 50007, status: 403 });
  ada.openDirectMessages();
  guild.removeMember(ada);
  await expect(user.send('Anybody there?')).rejects.toMatchObject({ code: 50007 });
});
