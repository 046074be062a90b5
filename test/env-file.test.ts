import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ConfigError, parseConfig } from '../src/config.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

type Environment = Record<string, string>;

interface Reader {
  readonly name: string;
  readonly isHere: boolean;
  /** What of the file arrives in the environment of a program. */
  read(file: string): Promise<Environment>;
}

/** Values as the head of .env.example wants them: they arrive as they are written. */
const ADVISED: Environment = {
  DISCORD_TOKEN: 'MTk4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs',
  HELPDESK_USERNAME: 'bot@example.com',
  HELPDESK_PASSWORD: `it's a "long" pass=phrase; $HOME %20 ${'`'}é😀`,
  SMTP_URL: 'smtp://user:p%23%5C%22w@mail.example.com:587',
  MAIL_FROM: 'Example Support <support@example.com>',
  TICKET_PRODUCTS: 'VPS, Web hosting, Domains',
};

const READERS: readonly Reader[] = [
  {
    name: 'Node',
    isHere: true,
    read: async (file) =>
      JSON.parse(
        execFileSync(process.execPath, [`--env-file=${file}`, '-p', 'JSON.stringify(process.env)'], {
          encoding: 'utf8',
          env: {},
        }),
      ) as Environment,
  },
  {
    name: 'Docker',
    isHere: spawnSync('docker', ['--version']).status === 0,
    read: readWithDocker,
  },
];

/** Docker's client reads the file itself, and tells its daemon what came out. The daemon is played. */
async function readWithDocker(file: string): Promise<Environment> {
  let created: { Env: string[] } | undefined;
  const daemon = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const isCreate = request.url?.includes('/containers/create');
    if (isCreate) created = JSON.parse(Buffer.concat(chunks).toString()) as { Env: string[] };
    const isPing = request.url?.endsWith('/_ping');
    response.writeHead(isCreate ? 201 : isPing ? 200 : 404, {
      'Content-Type': 'application/json',
      'Api-Version': '1.45',
    });
    response.end(isCreate ? '{"Id":"a","Warnings":[]}' : '{}');
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void daemon.close());
  await once(daemon, 'listening');
  const host = `tcp://127.0.0.1:${(daemon.address() as AddressInfo).port}`;
  const env = { PATH: process.env.PATH, HOME: await temporaryFolder(), DOCKER_HOST: host };
  await new Promise<void>((resolve, reject) => {
    execFile('docker', ['create', '--env-file', file, 'image'], { env }, (error) =>
      error ? reject(error) : resolve(),
    );
  });
  return Object.fromEntries(
    (created?.Env ?? []).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}

describe.each(READERS)('read by $name', ({ name, isHere, read }) => {
  if (!isHere) {
    test.skip(`install ${name.toLowerCase()} to run these tests`, () => {});
    return;
  }
  const readText = async (text: string) => {
    const file = join(await temporaryFolder(), '.env');
    writeFileSync(file, text);
    return read(file);
  };

  test.each(['\n', '\r\n'])(
    'values that follow .env.example arrive as they are written, lines ended by %j',
    async (end) => {
      const example = readFileSync('.env.example', 'utf8');
      const filled = Object.entries(ADVISED).reduce(
        (text, [setting, value]) => text.replace(new RegExp(`^#?${setting}=.*$`, 'm'), () => `${setting}=${value}`),
        example,
      );
      const arrived = await readText(filled.replaceAll('\n', end));

      expect(arrived).toMatchObject(ADVISED);
      expect(problemsOf(arrived)).toEqual([]);
    },
  );

  test('quotes around values are taken away on the way, or named', async () => {
    const lines = Object.entries(ADVISED).map(([setting, value]) => `${setting}='${value.replaceAll("'", '')}'`);
    const arrived = await readText(lines.join('\n'));

    expect(problemsOf(arrived)).toEqual(
      name === 'Docker'
        ? Object.keys(ADVISED).map((variable) => ({ variable, remedy: expect.stringMatching(/^arrives with quotes/) }))
        : [],
    );
  });

  test('a password with a # arrives by the way out that .env.example names', async () => {
    const password = String.raw`a"b#c\d`;
    const line = name === 'Docker' ? password : `'${password}'`;

    expect(await readText(`HELPDESK_PASSWORD=${line}\n`)).toMatchObject({ HELPDESK_PASSWORD: password });
  });
});

test('no line of .env.example ends with a backslash, which would take the next line along in systemd', () => {
  expect(readFileSync('.env.example', 'utf8')).not.toMatch(/\\\s*$/m);
});

function problemsOf(env: Environment) {
  try {
    parseConfig(env);
    return [];
  } catch (error) {
    return (error as ConfigError).problems;
  }
}
