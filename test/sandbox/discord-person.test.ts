import {
  ActionRowBuilder,
  type Interaction,
  LabelBuilder,
  ModalBuilder,
  RadioGroupBuilder,
  StringSelectMenuBuilder,
  TextInputBuilder,
  TextInputStyle,
  UserSelectMenuBuilder,
} from 'discord.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type SandboxDiscord, startDiscord } from '../../sandbox/discord/discord.ts';
import { asMessage, asModal } from '../../sandbox/discord/people/shown.ts';
import type { SandboxUser } from '../../sandbox/discord/people/user.ts';
import type { Channel } from '../../sandbox/discord/world/discord-world.ts';
import type { Guild } from '../../sandbox/discord/world/guild.ts';
import { ephemeral, row, startBot, type TestBot } from './discord-bot.ts';

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
  await bot.publish([
    { name: 'do', description: 'Does it' },
    {
      name: 'account',
      description: 'Your account',
      options: [
        { type: 1, name: 'show', description: 'Shows it' },
        {
          type: 1,
          name: 'unlink',
          description: 'Unlinks it',
          options: [
            { type: 6, name: 'whose', description: 'Whose', required: true },
            { type: 4, name: 'count', description: 'How many', min_value: 1 },
          ],
        },
      ],
    },
  ]);
});

afterEach(async () => {
  await bot.stop();
  await discord.close();
});

/** Lets the bot answer every interaction of these names. */
function on(name: string, work: (interaction: Interaction) => Promise<unknown>) {
  bot.handle(name, work);
}

function form(customId: string) {
  const subject = new TextInputBuilder().setCustomId('subject').setStyle(TextInputStyle.Short);
  return new ModalBuilder()
    .setCustomId(customId)
    .setTitle(customId)
    .addLabelComponents(
      new LabelBuilder().setLabel('Subject').setTextInputComponent(subject),
      new LabelBuilder()
        .setLabel('Urgent')
        .setRadioGroupComponent(
          new RadioGroupBuilder()
            .setCustomId('urgent')
            .setRequired(false)
            .addOptions({ label: 'Yes', value: 'yes' }, { label: 'No', value: 'no' }),
        ),
      new LabelBuilder()
        .setLabel('Who')
        .setUserSelectMenuComponent(new UserSelectMenuBuilder().setCustomId('who').setRequired(false)),
    );
}

test('one person holds two modals on two devices, and submits the older one last', async () => {
  let opened = 0;
  on('do', async (interaction) => {
    opened += 1;
    if (interaction.isChatInputCommand()) await interaction.showModal(form(`form-${opened}`));
  });
  for (const name of ['form-1', 'form-2']) {
    on(name, async (interaction) => {
      if (!interaction.isModalSubmit()) return;
      const { fields } = interaction;
      const who = fields.getSelectedUsers('who')?.first()?.username;
      const said = [name, fields.getTextInputValue('subject'), fields.getRadioGroup('urgent'), who];
      await interaction.reply({ content: said.join(' '), ...ephemeral });
    });
  }
  const phone = asModal(await ada.in(channel).slash('do'));
  const desk = asModal(await ada.in(channel).slash('do'));
  expect(desk.field('urgent')).toMatchObject({ kind: 'radio', required: false, value: '' });
  expect(asMessage(await desk.submit({ subject: 'B', urgent: 'yes', who: [ada.id] })).content).toBe('form-2 B yes ada');
  expect(asMessage(await phone.submit({ subject: 'A' })).content).toBe('form-1 A  ');
});

test('between two modals stands a button, and the second submit can change its message', async () => {
  on('do', async (interaction) => {
    if (interaction.isRepliable()) await interaction.reply({ content: 'Code?', components: [row(['enter', 'Enter'])] });
  });
  on('enter', async (interaction) => {
    if (interaction.isButton()) await interaction.showModal(form('code'));
  });
  on('code', async (interaction) => {
    if (!interaction.isModalSubmit() || !interaction.isFromMessage()) return;
    const path = `/interactions/${interaction.id}/${interaction.token}/callback` as const;
    const body = { type: 9, data: form('again').toJSON() };
    await interaction.client.rest.post(path, { auth: false, body }).catch((error) => bot.errors.push(error));
    await interaction.deferUpdate();
    await interaction.editReply({ content: 'Linked', components: [] });
  });
  const reply = asMessage(await ada.in(channel).slash('do'));
  const linked = asMessage(await asModal(await reply.click('Enter')).submit({ subject: '123456' }));
  expect(linked).toBe(reply);
  expect(linked.content).toBe('Linked');
  expect(bot.errors).toMatchObject([{ code: 50035 }]);
});

test('a value that the client would hold back reaches the bot only raw', async () => {
  on('do', async (interaction) => {
    if (interaction.isChatInputCommand()) await interaction.showModal(form('form'));
  });
  on('form', async (interaction) => {
    if (interaction.isModalSubmit())
      await interaction.reply(`${interaction.fields.getTextInputValue('subject').length}`);
  });
  const modal = asModal(await ada.in(channel).slash('do'));
  await expect(modal.submit({ subject: 'x'.repeat(4001) })).rejects.toThrow('at most 4000');
  await expect(modal.submit({ subject: 'x', nothing: 'x' })).rejects.toThrow('No field nothing');
  expect(asMessage(await modal.submit({ subject: 'x'.repeat(4001) }, { raw: true })).content).toBe('4001');
});

test('a select menu of a message takes what it offers', async () => {
  on('do', async (interaction) => {
    const menu = new StringSelectMenuBuilder().setCustomId('pick').addOptions({ label: 'A', value: 'a' });
    const components = [new ActionRowBuilder<StringSelectMenuBuilder>().addComponents(menu)];
    if (interaction.isRepliable()) await interaction.reply({ content: 'Pick', components });
  });
  on('pick', async (interaction) => {
    if (interaction.isStringSelectMenu()) await interaction.update(`Picked ${interaction.values.join()}`);
  });
  const reply = asMessage(await ada.in(channel).slash('do'));
  await expect(reply.select('pick', ['b'])).rejects.toThrow('does not offer b');
  await expect(reply.select('pick', ['a', 'a'])).rejects.toThrow('1 to 1 values');
  expect(asMessage(await reply.select('pick', ['a'])).content).toBe('Picked a');
});

test('subcommands and their options are filled in as the client would', async () => {
  on('account', async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    const { options } = interaction;
    const whose = options.getUser('whose')?.username;
    await interaction.reply(`${options.getSubcommand()} ${whose} ${options.getInteger('count')}`);
  });
  const place = ada.in(channel);
  expect(asMessage(await place.slash('/account show')).content).toBe('show undefined null');
  expect(asMessage(await place.slash('account unlink', { whose: ada.id, count: 2 })).content).toBe('unlink ada 2');
  await expect(place.slash('account')).rejects.toThrow('needs one of: show, unlink');
  await expect(place.slash('account unlink')).rejects.toThrow('requires whose');
  await expect(place.slash('account unlink', { whose: ada.id, count: 0 })).rejects.toThrow('out of range');
  await expect(place.slash('account close')).rejects.toThrow('no subcommand close');
  expect(place.commands.map(({ name }) => name)).toEqual(['do', 'account']);
});

test('what a person attaches can be fetched, and a bot can change and delete only its own messages', async () => {
  const attachments = [{ name: 'log.txt', text: 'It broke' }];
  const said = await ada.in(channel).say('Look', { attachments });
  const { rest } = bot.client;
  const path = `/channels/${channel.id}/messages/${said.id}` as const;
  const onWire = (await rest.get(path)) as { attachments: { url: string }[] };
  expect(await (await fetch(onWire.attachments[0]?.url ?? '')).text()).toBe('It broke');
  await expect(rest.patch(path, { body: { content: 'x' } })).rejects.toMatchObject({ code: 50005 });
  await expect(rest.delete(path)).rejects.toMatchObject({ code: 50013 });

  const own = (await rest.post(`/channels/${channel.id}/messages`, { body: { content: 'Mine' } })) as { id: string };
  const shown = await ada.waitFor(({ id }) => id === own.id);
  await rest.patch(`/channels/${channel.id}/messages/${own.id}`, { body: { content: 'Changed' } });
  expect(shown.content).toBe('Changed');
  await rest.delete(`/channels/${channel.id}/messages/${own.id}`);
  expect(shown.deleted).toBe(true);
});

test('a message that is sent twice with one enforced nonce is posted once', async () => {
  const body = { content: 'Once', nonce: 'n-1', enforce_nonce: true };
  const post = () => bot.client.rest.post(`/channels/${channel.id}/messages`, { body }) as Promise<{ id: string }>;
  expect((await post()).id).toBe((await post()).id);
  expect(ada.messages).toHaveLength(1);
});

test('who has left the server can neither see nor do anything there', async () => {
  const said = await ada.in(channel).say('Bye');
  guild.removeMember(ada);
  expect(ada.find(said)).toBeUndefined();
  await expect(ada.in(channel).slash('do')).rejects.toThrow('not a member');
  await expect(ada.in(channel).say('Hello?')).rejects.toThrow('may not write');
});

test('a wait that can come to nothing says what it waited for, and what happened last', async () => {
  on('do', async (interaction) => {
    if (interaction.isRepliable()) await interaction.deferReply();
  });
  const acknowledged = new Promise((resolve) => discord.events.once('acknowledged', resolve));
  const waiting = expect(ada.in(channel).slash('do')).rejects.toThrow(
    /^The bot ended\. Waited for the answer to do, which was acknowledged with type 5\. The last that happened: /,
  );
  await acknowledged;
  ada.activity.watch({ endedByItself: 'The bot ended.' });
  ada.activity.note('its process ended');
  await waiting;
});
