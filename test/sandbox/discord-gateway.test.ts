import { Events } from 'discord.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type SandboxDiscord, startDiscord } from '../../sandbox/discord/discord.ts';
import { asMessage } from '../../sandbox/discord/people/shown.ts';
import { startBot, type TestBot } from './discord-bot.ts';

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

async function somebody() {
  const guild = discord.createGuild({ name: 'Interserver' });
  const channel = guild.createChannel({ name: 'support' });
  const ada = discord.createUser({ name: 'ada' });
  guild.addMember(ada);
  await bot.publish([{ name: 'do', description: 'Does it' }]);
  bot.handle('do', async (interaction) => {
    if (interaction.isRepliable()) await interaction.reply('Here');
  });
  return ada.in(channel);
}

test('what happens while the connection is cut is replayed when the bot resumes', async () => {
  const place = await somebody();
  const back = discord.nextReady();
  discord.fault('gateway-dropped');
  const shown = place.slash('do');
  expect(await back).toBe('resumed');
  expect(asMessage(await shown).content).toBe('Here');
});

test('a bot that is asked to reconnect resumes', async () => {
  const place = await somebody();
  const back = discord.nextReady();
  discord.fault('gateway-reconnect');
  expect(await back).toBe('resumed');
  expect(asMessage(await place.slash('do')).content).toBe('Here');
});

test('a bot whose session was lost is told so and identifies anew', async () => {
  const place = await somebody();
  const told: string[] = [];
  discord.events.on('gateway', ({ what }) => told.push(what));
  const back = discord.nextReady();
  discord.fault('gateway-session-lost');
  expect((await place.slash('do')).kind).toBe('failed');
  expect(await back).toBe('ready');
  expect(told).toContain('invalid-session');
  expect(asMessage(await place.slash('do')).content).toBe('Here');
});

test('a token that was reset ends the session with 4004 and the web interface with 401', async () => {
  await somebody();
  const ended = new Promise((resolve) => bot.client.once(Events.ShardDisconnect, ({ code }) => resolve(code)));
  discord.fault('token-reset');
  expect(await ended).toBe(4004);
  await expect(bot.client.rest.get('/users/@me')).rejects.toMatchObject({ status: 401 });
});

test('without a bot on the gateway an interaction fails at once', async () => {
  const place = await somebody();
  const gone = new Promise((resolve) => discord.events.on('gateway', ({ what }) => what === 'closed' && resolve(what)));
  await bot.stop();
  await gone;
  expect(await place.slash('do')).toMatchObject({ kind: 'failed', reason: expect.stringContaining('not connected') });
});

test('after an outage the bot comes back on the same port and keeps its session', async () => {
  const place = await somebody();
  const { url } = discord;
  const back = discord.nextReady();
  await discord.down();
  await expect(fetch(`${url}/v10/gateway/bot`)).rejects.toThrow();
  await discord.up();
  expect(discord.url).toBe(url);
  expect(await back).toBe('resumed');
  expect(asMessage(await place.slash('do')).content).toBe('Here');
});

test.each([
  ['a wrong token', { op: 2, d: { token: 'wrong', intents: 0 } }, 4004],
  ['a privileged intent', { op: 2, d: { token: 'sandbox-token.is-of.no-bot', intents: 1 << 15 } }, 4014],
  ['an intent that does not exist', { op: 2, d: { token: 'sandbox-token.is-of.no-bot', intents: 1 << 30 } }, 4013],
  ['an unknown opcode', { op: 99, d: null }, 4001],
  ['a request before identifying', { op: 8, d: {} }, 4003],
])('%s closes the connection with its code', async (_, packet, expected) => {
  const socket = new WebSocket(discord.origin.replace('http', 'ws'));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.once('message', () => socket.send(JSON.stringify(packet)));
  expect(await closed).toBe(expected);
});

test('a gateway that refuses connections leaves the login waiting until it takes them again', async () => {
  discord.fault('gateway-refused', { times: 1 });
  const refused = new WebSocket(discord.origin.replace('http', 'ws'));
  const error = await new Promise<Error>((resolve) => refused.once('error', resolve));
  expect(error.message).toContain('503');
  const second = await startBot(discord);
  await second.stop();
});
