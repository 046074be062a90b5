import { type ChatInputCommandInteraction, InteractionType, MessageFlags } from 'discord.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type SandboxDiscord, startDiscord } from '../../sandbox/discord/discord.ts';
import { asMessage } from '../../sandbox/discord/people/shown.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { ephemeral, row, startBot, type TestBot } from './discord-bot.ts';

let discord: SandboxDiscord;
let bot: TestBot;
let clock: ManualClock;

beforeEach(async () => {
  clock = new ManualClock(() => 1_700_000_000_000);
  discord = await startDiscord({ clock });
  bot = await startBot(discord);
});

afterEach(async () => {
  await bot.stop();
  await discord.close();
});

/** Publishes /do for one person, and hands its interactions to the test. */
async function begin(work: (interaction: ChatInputCommandInteraction) => Promise<unknown>) {
  const guild = discord.createGuild({ name: 'Interserver' });
  const channel = guild.createChannel({ name: 'support' });
  const ada = discord.createUser({ name: 'ada' });
  guild.addMember(ada);
  await bot.publish([{ name: 'do', description: 'Does it' }]);
  bot.handle('do', async (interaction) => {
    if (interaction.isChatInputCommand()) await work(interaction);
  });
  return { guild, channel, ada, place: ada.in(channel) };
}

test('a bot that says nothing leaves a failed interaction, and is refused with 10062 afterwards', async () => {
  let late: ChatInputCommandInteraction | undefined;
  const { place } = await begin(async (interaction) => {
    late = interaction;
    clock.pass(3_000);
  });
  const shown = await place.slash('do');
  expect(shown).toMatchObject({ kind: 'failed', reason: expect.stringContaining('did not respond within 3000 ms') });
  await expect(late?.reply('Too late')).rejects.toMatchObject({ status: 404, code: 10062 });
  expect(discord.interactions[0]).toMatchObject({ acknowledgedAfterMs: undefined });
  expect(discord.requests.at(-1)).toMatchObject({
    method: 'POST',
    route: '/interactions/:id/:token/callback',
    status: 404,
    code: 10062,
  });
});

test('a second callback is refused with 40060', async () => {
  let taken: ChatInputCommandInteraction | undefined;
  const { place } = await begin(async (interaction) => {
    taken = interaction;
    await interaction.reply('Here');
  });
  await place.slash('do');
  if (taken) taken.replied = false;
  await expect(taken?.reply('Again')).rejects.toMatchObject({ status: 400, code: 40060 });
});

test('an edit before the acknowledgement is refused with 10015', async () => {
  const { place } = await begin(async (interaction) => {
    interaction.deferred = true;
    await interaction.editReply('Too early').catch((error) => bot.errors.push(error));
    interaction.deferred = false;
    await interaction.reply('Now');
  });
  expect(asMessage(await place.slash('do')).content).toBe('Now');
  expect(bot.errors).toMatchObject([{ status: 404, code: 10015 }]);
});

test('a reply can be edited for 15 minutes and is refused with 50027 after them', async () => {
  let taken: ChatInputCommandInteraction | undefined;
  const { place } = await begin(async (interaction) => {
    taken = interaction;
    await interaction.reply('First');
  });
  const reply = asMessage(await place.slash('do'));
  await bot.idle();
  clock.pass(15 * 60 * 1000);
  const edited = reply.nextEdit();
  await taken?.editReply('Second');
  expect((await edited).content).toBe('Second');
  expect(reply.edits.map(({ content }) => content)).toEqual(['First']);
  clock.pass(1);
  await expect(taken?.editReply('Third')).rejects.toMatchObject({ status: 401, code: 50027 });
  await expect(taken?.followUp('Third')).rejects.toMatchObject({ status: 401, code: 50027 });
});

test('a dismissed reply cannot be edited any more: 10008', async () => {
  let taken: ChatInputCommandInteraction | undefined;
  const { ada, place } = await begin(async (interaction) => {
    taken = interaction;
    await interaction.reply({ content: 'Private', ...ephemeral });
  });
  const reply = asMessage(await place.slash('do'));
  await bot.idle();
  reply.dismiss();
  expect(ada.messages).toEqual([]);
  await expect(taken?.editReply('Changed')).rejects.toMatchObject({ status: 404, code: 10008 });
  expect((await taken?.followUp({ content: 'More', ...ephemeral }))?.content).toBe('More');
});

test('the first follow-up to a deferral fills the thinking message and keeps it private', async () => {
  const { ada, place } = await begin(async (interaction) => {
    await interaction.deferReply(ephemeral);
    await interaction.followUp('Public, or so it thinks');
  });
  const thinking = asMessage(await place.slash('do', {}, { untilAcknowledged: true }));
  const reply = await thinking.until(({ thinking }) => !thinking);
  expect(reply).toMatchObject({ content: 'Public, or so it thinks', ephemeral: true });
  expect(ada.messages).toHaveLength(1);
});

test('withResponse brings the message, fetchReply and deleteReply find it', async () => {
  const { place } = await begin(async (interaction) => {
    const { resource } = await interaction.reply({ content: 'Here', withResponse: true });
    const fetched = await interaction.fetchReply();
    await interaction.followUp(`${resource?.message?.id === fetched.id}`);
    await interaction.deleteReply();
  });
  const reply = asMessage(await place.slash('do'));
  expect((await reply.followUp()).content).toBe('true');
  await reply.until(({ deleted }) => deleted);
});

test('an old button can be pressed by another person, and a forged one by anybody', async () => {
  const { guild, channel, place } = await begin(async (interaction) => {
    await interaction.reply({ content: 'Public', components: [row(['mine', 'Mine'])] });
  });
  const bob = discord.createUser({ name: 'bob' });
  guild.addMember(bob);
  for (const name of ['mine', 'draft:of-ada']) {
    bot.handle(name, async (interaction) => {
      if (!interaction.isButton()) return;
      await interaction.reply({ content: `${interaction.customId} by ${interaction.user.username}`, ...ephemeral });
    });
  }
  const reply = asMessage(await place.slash('do'));
  const byBob = asMessage((await bob.find(reply)?.click({ customId: 'mine' })) ?? (await place.slash('do')));
  expect(byBob.content).toBe('mine by bob');
  const forged = asMessage(await bob.in(channel).sendRaw({ customId: 'draft:of-ada', message: reply }));
  expect(forged.content).toBe('draft:of-ada by bob');

  bot.handle('form:of-ada', async (interaction) => {
    if (!interaction.isModalSubmit()) return;
    const { fields } = interaction;
    const said = fields.getTextInputValue('subject') + fields.getStringSelectValues('product').join();
    await interaction.reply({ content: said, ...ephemeral });
  });
  const fields = { subject: 'Forged ', product: ['vps', 'web'] };
  const submitted = await bob
    .in(channel)
    .sendRaw({ type: InteractionType.ModalSubmit, customId: 'form:of-ada', fields });
  expect(asMessage(submitted).content).toBe('Forged vps,web');
});

test('the same interaction delivered twice is acknowledged once', async () => {
  const { place } = await begin((interaction) => interaction.reply('Here'));
  const reply = asMessage(await place.slash('do'));
  const refused = new Promise((resolve) => discord.events.on('request', (r) => r.code === 40060 && resolve(r)));
  discord.redeliver(discord.interactions[0]?.id ?? '');
  await refused;
  expect(place.messages).toEqual([reply]);
});

test('a channel that the bot cannot see, cannot write in, or that is not there, is refused', async () => {
  const { guild, channel } = await begin(async () => {});
  const post = (id: string) => bot.client.rest.post(`/channels/${id}/messages`, { body: { content: 'Hello' } });
  expect(await post(channel.id)).toMatchObject({ content: 'Hello' });
  guild.overwrite(channel, discord.world.bot, { deny: ['SendMessages'] });
  await expect(post(channel.id)).rejects.toMatchObject({ status: 403, code: 50013 });
  guild.overwrite(channel, guild.everyone, { deny: ['ViewChannel'] });
  await expect(post(channel.id)).rejects.toMatchObject({ status: 403, code: 50001 });
  await expect(post('10000000000000000')).rejects.toMatchObject({ status: 404, code: 10003 });
});

test('a reply to a message is refused with 160002 where the bot may not read the history', async () => {
  const { guild, channel, place } = await begin(async () => {});
  const asked = await place.say('Help');
  const post = (more: object) =>
    bot.client.rest.post(`/channels/${channel.id}/messages`, { body: { content: 'Hello', ...more } });
  const reply = { message_reference: { message_id: asked.id } };
  expect(await post(reply)).toMatchObject({ content: 'Hello' });
  guild.overwrite(channel, discord.world.bot, { deny: ['ReadMessageHistory'] });
  await expect(post(reply)).rejects.toMatchObject({ status: 403, code: 160002 });
  expect(await post({})).toMatchObject({ content: 'Hello' });
});

test('a wrong bot token is refused with 401 and an unknown address with 404', async () => {
  const wrong = await fetch(`${discord.url}/v10/users/@me`, { headers: { authorization: 'Bot wrong' } });
  expect([wrong.status, await wrong.json()]).toEqual([401, { message: '401: Unauthorized', code: 0 }]);
  await expect(bot.client.rest.get('/nowhere')).rejects.toMatchObject({ status: 404 });
  const unknown = `${discord.url}/v10/webhooks/${discord.applicationId}/none/messages/@original`;
  expect(await (await fetch(unknown)).json()).toMatchObject({ code: 50027 });
});

test('an update without a message, a modal after a modal and a flagged deferral are refused', async () => {
  const { place } = await begin(async (interaction) => {
    const path = `/interactions/${interaction.id}/${interaction.token}/callback` as const;
    for (const body of [{ type: 6 }, { type: 99 }, { type: 5, data: { flags: MessageFlags.IsComponentsV2 } }]) {
      await interaction.client.rest.post(path, { auth: false, body }).catch((error) => bot.errors.push(error));
    }
    await interaction.reply('Here');
  });
  await place.slash('do');
  expect(bot.errors).toMatchObject([{ code: 50035 }, { code: 50035 }, { code: 50035 }]);
});
