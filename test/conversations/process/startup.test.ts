import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { BotProcess } from '../../../sandbox/bot/bot-process.ts';
import { asModal } from '../../../sandbox/discord/people/shown.ts';
import { buildBot } from '../../support/build.ts';
import { prepareProcess, processForTest } from '../../support/process-in-world.ts';

const VERSION: string = JSON.parse(readFileSync('package.json', 'utf8')).version;

const SETTINGS = {
  DISCORD_TOKEN: 'a.bot.token',
  HELPDESK_USERNAME: 'bot@example.com',
  HELPDESK_PASSWORD: 'hunter2-password',
  LINK_VERIFICATION: 'none',
  LOG_LEVEL: 'error',
};

/** Starts a bot that cannot run. @returns All that it says before it ends. */
async function startInVain(bot: BotProcess): Promise<{ code: number | null; said: string[] }> {
  bot.start();
  return { code: await bot.ended(), said: bot.lines };
}

describe('a start that the operator has to mend ends with one message, without a stack, with exit code 78 for a setting and 1 for the rest:', () => {
  test('nothing is set', async () => {
    const { code, said } = await startInVain(await processForTest({}));

    expect(code).toBe(78);
    expect(said).toEqual([
      'These settings need a look (.env.example explains each of them):',
      expect.stringMatching(/^ {2}DISCORD_TOKEN: missing\. /),
      expect.stringMatching(/^ {2}HELPDESK_USERNAME: missing\. /),
      expect.stringMatching(/^ {2}HELPDESK_PASSWORD: missing\. /),
      expect.stringMatching(/^ {2}SMTP_URL: missing\. /),
      expect.stringMatching(/^ {2}MAIL_FROM: missing\. /),
    ]);
  });

  test('settings are wrong', async () => {
    const { code, said } = await startInVain(
      await processForTest({
        ...SETTINGS,
        DISCORD_GUILD_ID: 'my-server',
        HELPDESK_CHARSET: 'latin-canary',
        LOG_LEVEL: 'loud',
      }),
    );

    expect(code).toBe(78);
    expect(said).toEqual([
      expect.stringContaining('.env.example'),
      '  DISCORD_GUILD_ID: must be the ID of one server, 17 to 20 digits',
      '  HELPDESK_CHARSET: must be one of auto, utf-8, iso-8859-1',
      expect.stringMatching(/^ {2}LOG_LEVEL: must be one of /),
    ]);
    expect(said.join()).not.toMatch(/my-server|canary|loud|hunter2/);
  });

  test.each([
    ['a folder that is a file', 'not-a-folder/x.sqlite', /folder .* cannot be written\. Create it/],
    ['a file that is something else', 'not-a-store', /damaged\. Restore it from a backup/],
  ])('the store is %s', async (_what, file, remedy) => {
    const { folder } = await prepareProcess();
    await writeFile(join(folder, 'not-a-folder'), '');
    await writeFile(join(folder, 'not-a-store'), 'This is no database, whatever it is called.'.repeat(100));
    const { code, said } = await startInVain(
      await processForTest({ ...SETTINGS, STORAGE_URL: `sqlite:${join(folder, file)}` }),
    );

    expect(code).toBe(1);
    expect(said).toEqual([expect.stringMatching(remedy)]);
  });

  test('the store belongs to another bot that runs', async () => {
    const { world, bot, folder } = await prepareProcess();
    bot.start();
    await world.discord.ready();
    const { code, said } = await startInVain(
      await processForTest({ ...SETTINGS, STORAGE_URL: `sqlite:${join(folder, 'openticket.sqlite')}` }),
    );

    expect(code).toBe(1);
    expect(said).toEqual([expect.stringMatching(/open in another process\. Stop the other one/)]);
  });

  test.each([
    ['redis://user:hunter2@127.0.0.1:1', /ECONNREFUSED.*Look at STORAGE_URL/],
    ['postgres://user:hunter2@127.0.0.1:1/tickets', /ECONNREFUSED.*Look at STORAGE_URL/],
    ['redis://:100%hunter2@127.0.0.1:1', /^STORAGE_URL: The password has a % .* % as %25/],
    ['postgres://user:hunter2#1@127.0.0.1:1/tickets', /^STORAGE_URL: The address cannot be read.* # as %23/],
  ])('the store cannot be reached: %s', async (url, cause) => {
    const { code, said } = await startInVain(await processForTest({ ...SETTINGS, STORAGE_URL: url }));

    expect(code).toBe(1);
    expect(said).toEqual([expect.stringMatching(cause)]);
    expect(said[0]).not.toContain('hunter2');
  });

  test('the store is encrypted and the key is another one, or missing', async () => {
    const { world, bot, folder } = await prepareProcess();
    bot.start({ STORAGE_KEY: `${'A'.repeat(43)}=` });
    await world.discord.ready();
    await bot.stop();
    for (const STORAGE_KEY of [`${'B'.repeat(42)}A=`, '']) {
      const url = `sqlite:${join(folder, 'openticket.sqlite')}`;
      const { code, said } = await startInVain(await processForTest({ ...SETTINGS, STORAGE_URL: url, STORAGE_KEY }));
      expect(code).toBe(1);
      expect(said).toEqual([expect.stringContaining('STORAGE_KEY')]);
    }
  });

  test('HEALTH_PORT is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const { bot } = await prepareProcess({ HEALTH_PORT: String(port), LOG_LEVEL: 'error' });
    const { code, said } = await startInVain(bot);

    expect(code).toBe(1);
    expect(said).toEqual([expect.stringContaining('HEALTH_PORT')]);
  });

  test('Discord does not know the token', async () => {
    const { bot } = await prepareProcess({ DISCORD_TOKEN: 'another.bot.token', LOG_LEVEL: 'error' });
    const { code, said } = await startInVain(bot);

    expect(code).toBe(78);
    expect(said).toEqual([expect.stringContaining('Discord does not accept DISCORD_TOKEN')]);
    expect(said.join()).not.toMatch(/another.bot.token|stack/);
  });
});

test('a start with LINK_VERIFICATION=none says in the log that this is unsafe', async () => {
  const { bot } = await prepareProcess({ LINK_VERIFICATION: 'none' });
  const warning = bot.nextLine('LINK_VERIFICATION=none is unsafe');
  bot.start();
  expect(JSON.parse(await warning).level).toBe('warn');
});

test('the first line of the log says which version it is', async () => {
  const { bot } = await prepareProcess();
  const first = bot.nextLine('starts');
  bot.start();
  const line = JSON.parse(await first);
  expect(bot.lines.indexOf(JSON.stringify(line))).toBe(0);
  expect(line).toMatchObject({ level: 'info', version: VERSION, node: process.version });
  expect(new Date(line.time).toISOString()).toBe(line.time);
});

test('the log says that the bot has started when it is connected and its commands are there, and not before', async () => {
  const { world, bot } = await prepareProcess();
  await world.discord.down();
  const away = bot.nextLine('Discord cannot be reached');
  bot.start();
  await away;
  const said = () => bot.lines.map((line) => String(JSON.parse(line).msg));
  expect(said()).toContain('connecting to Discord');
  expect(said()).not.toContain('started');
  const started = bot.nextLine('"started"');
  await world.discord.up();
  await started;
  const order = ['connecting to Discord', 'connected to Discord', 'the commands are where people find them', 'started'];
  expect(said().filter((line) => order.includes(line))).toEqual(order);
});

describe('without a single setting,', () => {
  /** Runs `npm start` with these arguments, to its end. */
  async function npmStart(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
    const { PATH, HOME, TMPDIR } = process.env;
    buildBot();
    const child = spawn('npm', ['start', '--silent', '--', ...args], { env: { PATH, HOME, TMPDIR } });
    const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    // Node's own note about a file that there is not.
    return { code, out, err: err.replace('.env not found. Continuing without it.\n', '') };
  }

  test.each(['--version', '-v'])('npm start -- %s prints the version', async (argument) => {
    expect(await npmStart(argument)).toEqual({ code: 0, out: `${VERSION}\n`, err: '' });
  });

  test.each(['--help', '-h'])('npm start -- %s says what there is', async (argument) => {
    const { code, out, err } = await npmStart(argument);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/--version.*npm run doctor.*\.env\.example/s);
  });

  test('an argument that there is not is named, and nothing starts', async () => {
    const { code, out, err } = await npmStart('--port=80');
    expect([code, out]).toEqual([64, '']);
    expect(err).toBe('There is no argument --port=80. npm start -- --help says which there are.\n');
  });
});

test('on a terminal the log is lines that people read', async () => {
  const { world, storeFile, ada } = await prepareProcess();
  buildBot();
  const { PATH, HOME, TMPDIR } = process.env;
  // script(1) runs it on a terminal of its own.
  const child = spawn(
    'script',
    ['--quiet', '--return', '--command', `${process.execPath} dist/src/main.js`, '/dev/null'],
    {
      env: { PATH, HOME, TMPDIR, ...world.settings, LINK_VERIFICATION: 'none', STORAGE_URL: `sqlite:${storeFile}` },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = text(child.stdout);
  await world.discord.nextPublished();
  await asModal(await ada.slash('link')).submit({ email: 'ada@example.org' });
  // Ctrl+C, as somebody presses it there.
  child.stdin.write('\x03');
  const lines = (await said).split(/\r?\n/);
  expect(lines.find((line) => line.includes('starts'))).toMatch(
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d INFO {2}discord-openticket starts version=\S+ node=v\S+$/,
  );
  expect(lines.find((line) => line.includes('link: linked'))).toContain(
    ` INFO  link: linked event=link interactionId=`,
  );
  expect(lines.some((line) => line.startsWith('{'))).toBe(false);
});
