import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';

const url = (path: string) => JSON.stringify(new URL(`../../sandbox/${path}`, import.meta.url).href);

/** A command of the sandbox, with a bot that does nothing but stay connected. */
const commandWith = (port: number) => `
  const { BotProcess } = await import(${url('bot/bot-process.ts')});
  const { endWithSignals } = await import(${url('command-line.ts')});
  endWithSignals();
  const bot = "require('node:net').connect(${port}, '127.0.0.1').on('error', () => {}); setInterval(() => {}, 1000)";
  new BotProcess({}, { args: ['-e', bot], hasChannel: false }).start();
`;

test('a command that is told to end leaves no bot behind', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const code = commandWith((server.address() as AddressInfo).port);
  const command = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], { stdio: 'inherit' });
  const [bot] = (await once(server, 'connection')) as [Socket];
  bot.on('error', () => {});
  const gone = once(bot.resume(), 'close');
  const ended = once(command, 'exit');
  command.kill('SIGTERM');
  expect((await ended)[0]).toBe(143);
  await gone;
});
