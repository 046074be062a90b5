import type { ChatInputCommandInteraction } from 'discord.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type SandboxDiscord, startDiscord } from '../../sandbox/discord/discord.ts';
import { FAULTS, type FaultName } from '../../sandbox/discord/faults.ts';
import type { Place } from '../../sandbox/discord/people/place.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { ephemeral, startBot, type TestBot } from './discord-bot.ts';

let discord: SandboxDiscord;
let bot: TestBot;
let place: Place;
let clock: ManualClock;

beforeEach(async () => {
  clock = new ManualClock();
  discord = await startDiscord({ clock });
  bot = await startBot(discord, { timeout: 120_000 });
  const guild = discord.createGuild({ name: 'Interserver' });
  const ada = discord.createUser({ name: 'ada' });
  guild.addMember(ada);
  place = ada.in(guild.createChannel({ name: 'support' }));
  await bot.publish([{ name: 'do', description: 'Does it' }]);
});

afterEach(async () => {
  await bot.stop();
  await discord.close();
});

/** Runs /do with a deferral and an edit, and goes on after a deferral whose answer was lost. */
async function deferAndEdit() {
  const caught: string[] = [];
  const note = (error: { code?: unknown; status?: unknown }) => caught.push(String(error.code || error.status));
  bot.handle('do', async (interaction) => {
    const command = interaction as ChatInputCommandInteraction;
    await command.deferReply(ephemeral).catch(note);
    command.deferred = true;
    await command.editReply('Done').catch(note);
    clock.pass(3_000);
  });
  const shown = await place.slash('do', {}, { untilAcknowledged: true });
  await bot.idle();
  return { caught, shown: shown.kind === 'message' ? shown.text || 'thinking' : shown.kind };
}

test.each<[FaultName, { caught: string[]; shown: string }]>([
  ['callback-reset-after', { caught: ['UND_ERR_SOCKET'], shown: 'Done' }],
  ['callback-500-after', { caught: ['500'], shown: 'Done' }],
  ['callback-reset-before', { caught: ['UND_ERR_SOCKET', '10015'], shown: 'failed' }],
  ['callback-500-before', { caught: ['500', '10015'], shown: 'failed' }],
  ['edit-500-before', { caught: ['500'], shown: 'thinking' }],
  ['edit-500-after', { caught: ['500'], shown: 'Done' }],
  ['edit-reset-before', { caught: ['UND_ERR_SOCKET'], shown: 'thinking' }],
  ['edit-reset-after', { caught: ['UND_ERR_SOCKET'], shown: 'Done' }],
  ['edit-invalid-token', { caught: ['50027'], shown: 'thinking' }],
  ['edit-unknown-message', { caught: ['10008'], shown: 'thinking' }],
  ['rest-refused', { caught: ['UND_ERR_SOCKET', '10015'], shown: 'failed' }],
  ['rest-500', { caught: ['500', '10015'], shown: 'failed' }],
  ['rate-limited', { caught: [], shown: 'Done' }],
])('%s, once, is met by the bot and by the person', async (name, expected) => {
  discord.fault(name, { times: 1 });
  const { caught, shown } = await deferAndEdit();
  expect({ caught: caught.map((code) => (code === 'ECONNRESET' ? 'UND_ERR_SOCKET' : code)), shown }).toEqual(expected);
  expect(discord.activeFaults).toEqual([]);
});

test('an acknowledgement that comes late is refused, and the interaction fails', async () => {
  discord.fault('callback-slow', { delayMs: 3_001, times: 1 });
  discord.events.once('held', () => clock.pass(3_001));
  expect(await deferAndEdit()).toEqual({ caught: ['10062', '10015'], shown: 'failed' });
  expect(await deferAndEdit()).toEqual({ caught: [], shown: 'Done' });
});

test('follow-ups and channel messages can fail on their own', async () => {
  discord.fault('follow-up-500');
  discord.fault('message-500');
  bot.handle('do', async (interaction) => {
    if (!interaction.isRepliable()) return;
    await interaction.reply('Here');
    await interaction.followUp('More').catch((error) => bot.errors.push(error));
    await interaction.user.send('A letter').catch((error) => bot.errors.push(error));
  });
  await place.slash('do');
  await bot.idle();
  expect(bot.errors).toMatchObject([{ status: 500 }, { status: 500 }]);
  expect(place.user.messages.map(({ content }) => content)).toEqual(['Here']);
});

test('how long the acknowledgement took is written down', async () => {
  discord.fault('callback-slow', { delayMs: 100 });
  discord.events.once('held', () => clock.pass(100));
  await deferAndEdit();
  expect(discord.interactions[0]?.acknowledgedAfterMs).toBe(100);
  discord.clearFaults();
  expect(discord.activeFaults).toEqual([]);
});

test('every fault says in words what it does', () => {
  for (const text of Object.values(FAULTS)) expect(text).toMatch(/^[A-Z].*\.$/);
});

test('a thousand people are served, fifty at a time, each with their own answer', async () => {
  bot.handle('do', async (interaction) => {
    if (interaction.isRepliable()) await interaction.reply({ content: interaction.user.username, ...ephemeral });
  });
  bot.client.rest.options.globalRequestsPerSecond = Number.POSITIVE_INFINITY;
  bot.client.rest.globalRemaining = Number.POSITIVE_INFINITY;
  const { guild } = place.channel;
  const texts: string[] = [];
  for (let wave = 0; wave < 20; wave += 1) {
    const shown = Array.from({ length: 50 }, (_, i) => {
      const person = discord.createUser({ name: `${wave}-${i}` });
      guild?.addMember(person);
      return person.in(place.channel).slash('do');
    });
    for (const reply of await Promise.all(shown)) texts.push(reply.kind === 'message' ? reply.text : reply.kind);
  }
  expect(new Set(texts).size).toBe(1000);
  expect(texts).not.toContain('failed');
});

test('an application with an interactions endpoint gets no interaction over the gateway', async () => {
  const heard: string[] = [];
  bot.handle('do', async (interaction) => {
    heard.push(interaction.id);
  });
  discord.world.application.interactionsEndpointUrl = 'https://old.example.com/';
  expect(await place.slash('do')).toMatchObject({ kind: 'failed' });
  await bot.idle();
  expect(heard).toEqual([]);
});
