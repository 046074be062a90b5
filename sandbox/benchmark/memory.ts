import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { readCommandLine } from '../command-line.ts';
import { startWorld, type World } from '../world.ts';
import type { Benchmark } from './benchmark.ts';

/** People who act at the same time. */
const AT_ONCE = 50;

/** Shows what the bot keeps of people who have come and gone, beside discord.js alone. */
export const memoryBenchmark: Benchmark = {
  says: 'the heap after many people have pressed a button, beside discord.js alone',
  async run(args) {
    const { people = 50_000 } = readCommandLine(
      'npm run bench memory',
      { people: { type: 'number', says: 'how many people come, 50000 by default' } },
      args,
    );
    for (const which of ['bare', 'bot'] as const) await measure(which, people);
  },
};

async function measure(which: 'bare' | 'bot', people: number): Promise<void> {
  const world = await startWorld();
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const program = fileURLToPath(new URL('../bot/measured-bot.ts', import.meta.url));
  const bot = spawn(process.execPath, ['--expose-gc', '--import', tsx, program, which], {
    env: { ...process.env, ...world.settings, STORAGE_URL: 'sqlite::memory:', LINK_VERIFICATION: 'none' },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  try {
    await once(bot, 'message');
    await world.discord.ready();
    const heap = async () => {
      const answer = once(bot, 'message');
      bot.send('heap');
      const [{ heapBytes }] = (await answer) as [{ heapBytes: number }];
      return heapBytes / 1024 / 1024;
    };
    const name = which === 'bare' ? 'discord.js alone' : 'the bot';
    await crowd(world, AT_ONCE);
    console.log(`${name}: ${(await heap()).toFixed(1)} MB at first`);
    for (const part of [0.3, 0.7]) {
      await crowd(world, Math.round(people * part));
      console.log(`${name}: ${(await heap()).toFixed(1)} MB after ${world.discord.users.size} people`);
    }
  } finally {
    bot.kill('SIGKILL');
    await world.close();
  }
}

/** Each is somebody new and presses one button in a direct message. */
async function crowd({ discord }: World, people: number): Promise<void> {
  for (let begun = 0; begun < people; begun += AT_ONCE) {
    const acts = Array.from({ length: Math.min(AT_ONCE, people - begun) }, () => {
      const place = discord.createUser({ name: `person ${discord.users.size}` }).inDirectMessage();
      return place.sendRaw({ customId: 'ticket-open' });
    });
    await Promise.all(acts);
  }
}
