import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type SandboxDiscord, startDiscord } from '../../sandbox/discord/discord.ts';
import { ManualClock } from '../support/manual-clock.ts';

let discord: SandboxDiscord;
let clock: ManualClock;
const sockets: WebSocket[] = [];

beforeEach(async () => {
  clock = new ManualClock();
  discord = await startDiscord({ clock });
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await discord.close();
});

/** Identifies as one shard. @returns What came of it, and every interaction after that. */
async function identify(shard: unknown) {
  const socket = new WebSocket(discord.origin.replace('http', 'ws'));
  sockets.push(socket);
  const interactions: string[] = [];
  const result = new Promise<string>((resolve) => {
    socket.once('close', (code) => resolve(`closed ${code}`));
    socket.on('message', (data) => {
      const { op, t, d } = JSON.parse(String(data));
      if (op === 10) socket.send(JSON.stringify({ op: 2, d: { token: discord.botToken, intents: 0, shard } }));
      if (op === 9) resolve('invalid session');
      if (t === 'READY') resolve(`ready ${d.shard} with ${d.guilds.length} servers`);
      if (t === 'INTERACTION_CREATE') interactions.push(d.guild_id ?? 'direct message');
    });
  });
  return { result: await result, interactions };
}

test.each([
  [[4, 4], 'closed 4010'],
  [[-1, 4], 'closed 4010'],
  ['0/4', 'closed 4010'],
  [[0, 4], 'ready 0,4 with 0 servers'],
  [undefined, 'ready 0,1 with 0 servers'],
])('identifying as the shard %j is answered with: %s', async (shard, expected) => {
  expect((await identify(shard)).result).toBe(expected);
});

test('each shard knows its own servers, and one that would hold too many is closed with 4011', async () => {
  for (let number = 0; number < 9; number += 1) discord.createGuild({ name: `Server ${number}` });
  discord.sharding.guildsPerShard = 8;
  expect((await identify([0, 1])).result).toBe('closed 4011');
  const shards = await Promise.all([0, 1, 2].map((id) => identify([id, 3])));
  const counts = shards.map(({ result }) => Number(/with (\d+) servers/.exec(result)?.[1]));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(9);
});

test('shards of one key identify once in five seconds, as max_concurrency says', async () => {
  discord.sharding.maxConcurrency = 2;
  expect((await identify([0, 4])).result).toContain('ready');
  expect((await identify([1, 4])).result).toContain('ready');
  expect((await identify([2, 4])).result).toBe('invalid session');
  clock.pass(5000);
  expect((await identify([2, 4])).result).toContain('ready');
});
