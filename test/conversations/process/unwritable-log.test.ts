import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import { freePort } from '../../support/free-port.ts';
import { prepareProcess } from '../../support/process-in-world.ts';
import { ticketForm } from '../../support/ticket-form.ts';

/** The compiled bot, with its output and its errors going where nothing can be written. */
function startInto(file: string, settings: Readonly<Record<string, string>>): ChildProcess {
  const child = spawn('/bin/sh', ['-c', `exec "${process.execPath}" dist/src/main.js >${file} 2>&1`], {
    env: { PATH: process.env.PATH, ...settings },
    stdio: 'ignore',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

test('a bot whose log cannot be written opens tickets, answers its probes, counts the lines and stops', async () => {
  const { world, storeFile, ada } = await prepareProcess();
  const port = await freePort();
  const published = world.discord.nextPublished();
  const bot = startInto('/dev/full', {
    ...world.settings,
    STORAGE_URL: `sqlite:${storeFile}`,
    LINK_VERIFICATION: 'none',
    LOG_LEVEL: 'trace',
    HEALTH_PORT: String(port),
  });
  const ended = once(bot, 'exit');
  await published;
  asMessage(await asModal(await ada.slash('link')).submit({ email: 'ada@example.org' }));
  // The way out of a failure writes to the log, too: the helpdesk is away, and the text comes back.
  await world.helpdesk.down();
  const kept = asMessage(await (await ticketForm(ada)).submit({ subject: 'Down', body: 'Since today.' }));
  expect(kept.text).toContain('No ticket was opened');
  await world.helpdesk.up();
  expect(asMessage(await kept.click('Try again')).text).toContain('is open');

  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  expect(Number(/^openticket_log_lines_dropped_total (\d+)$/m.exec(metrics)?.[1])).toBeGreaterThan(0);

  bot.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});
