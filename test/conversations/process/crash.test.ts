import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InteractionType } from 'discord-api-types/v10';
import { expect, onTestFinished, test } from 'vitest';
import { asMessage } from '../../../sandbox/discord/people/shown.ts';
import { startBotInWorld } from '../../support/bot-in-world.ts';
import { expectNoLeak, TYPED } from '../../support/leaks.ts';
import { ticketForm } from '../../support/ticket-form.ts';

test('a form that discord.js itself cannot read is logged without its text, and the bot goes on', async () => {
  const { world, bot, ada } = await startBotInWorld({ LOG_LEVEL: 'trace' });
  const logged = bot.nextLine('a promise was rejected without anybody looking');
  const component = { type: 4, id: 2, custom_id: 'subject', value: TYPED.subject };
  const data = { components: [{ type: 18, id: 1, component }, null], resolved: { users: TYPED.body } };
  const shown = ada.sendRaw({ type: InteractionType.ModalSubmit, customId: 'ticket:AAAAAAAAAAAAAAAA', data });
  await logged;
  world.discord.expire(world.discord.interactions.at(-1)?.id ?? '');
  expect((await shown).kind).toBe('failed');

  await ticketForm(ada);
  expectNoLeak(bot.lines, world);
});

test('a bug that nobody catches ends the bot with 1, and tells the log no more than any other error', async () => {
  const text = Buffer.from(TYPED.body).toString('base64');
  const thrown = `Object.assign(new Error('a bug'), { requestBody: atob('${text}') })`;
  const folder = await mkdtemp(join(tmpdir(), 'openticket-bug-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const bug = join(folder, 'bug.mjs');
  await writeFile(bug, `process.on('SIGUSR2', () => { throw ${thrown} })`);
  const { world, bot, ada } = await startBotInWorld({
    LOG_LEVEL: 'trace',
    NODE_OPTIONS: `--import=${pathToFileURL(bug).href}`,
  });
  asMessage(await ada.slash('account'));
  const ended = bot.ended();
  process.kill(bot.pid ?? 0, 'SIGUSR2');

  expect(await ended).toBe(1);
  expect(bot.lines).toContainEqual(expect.stringContaining('a bug'));
  expectNoLeak(bot.lines, world);
});
