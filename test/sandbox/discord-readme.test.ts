import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GatewayCloseCodes } from 'discord-api-types/v10';
import { expect, onTestFinished, test } from 'vitest';
import { FAULTS } from '../../sandbox/discord/faults.ts';
import { BODY_FAULTS, GATEWAY_REFUSALS, REFUSALS, SOURCES, type Source } from '../../sandbox/discord/rules/refusals.ts';
import { createRoutes, type RouteDeps } from '../../sandbox/discord/server/routes.ts';

const FOLDER = 'sandbox/discord';
const README = join(FOLDER, 'README.md');
const readme = readFileSync(README, 'utf8');

const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
const link = (source: Source) => `[${source}](${SOURCES[source]})`;
const byCode = <T extends { readonly code: number }>([, one]: [string, T], [, other]: [string, T]) =>
  one.code - other.code;

const TABLES: Readonly<Record<string, string>> = {
  endpoints: table(
    ['Method', 'Address', 'With'],
    // The routes hold on to the deps only when they are called.
    createRoutes({} as RouteDeps).map(({ method, template, needsBotToken }) => [
      method,
      `\`${template}\``,
      needsBotToken ? "the bot's token" : "the interaction's token",
    ]),
  ),
  requests: table(
    ['Status', 'Code', 'Words', 'Refused is', 'Source'],
    Object.entries(REFUSALS)
      .toSorted(byCode)
      .map(([, { status, code, message, what, source }]) => [status, code, message, what, link(source)]),
  ),
  bodies: table(
    ['Code', 'Refused is', 'Source'],
    Object.entries(BODY_FAULTS)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([code, { what, source }]) => [`\`${code}\``, what, link(source)]),
  ),
  gateway: table(
    ['Code', 'Refused is', 'Source'],
    Object.entries(GATEWAY_REFUSALS).map(([name, { what, source }]) => [
      GatewayCloseCodes[name as keyof typeof GATEWAY_REFUSALS],
      what,
      link(source),
    ]),
  ),
  faults: table(
    ['Name', 'What happens'],
    Object.entries(FAULTS).map(([name, what]) => [`\`${name}\``, what]),
  ),
};

test('the tables of its README are those of the code (npx vitest -u test/sandbox/discord-readme.test.ts writes them)', async () => {
  const written = readme.replace(
    /(<!-- (\w+) -->\n)(?:(?!<!--).)*(<!-- end -->)/gs,
    (found, begin: string, name: string, end: string) => (TABLES[name] ? `${begin}${TABLES[name]}\n${end}` : found),
  );
  for (const name of Object.keys(TABLES)) expect(readme).toContain(`<!-- ${name} -->`);
  await expect(written).toMatchFileSnapshot(`../../${README}`);
});

test('every rule of the tables is kept somewhere in the code', () => {
  const code = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('refusals.ts'))
    .map((name) => readFileSync(join(FOLDER, name), 'utf8'))
    .join('\n');
  const names = [...Object.keys(REFUSALS), ...Object.keys(BODY_FAULTS), ...Object.keys(GATEWAY_REFUSALS)];
  expect(names.filter((name) => !code.includes(`'${name}'`))).toEqual([]);
});

test('the program of its README does what the README says', async () => {
  const [, program = ''] = /<!-- example -->\n```ts\n(.*?)```/s.exec(readme) ?? [];
  // Beside the files that it imports.
  const file = join(FOLDER, `readme-example-${process.pid}.mts`);
  onTestFinished(() => rmSync(file, { force: true }));
  writeFileSync(file, program);
  const said = await new Promise<string>((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', file], (_error, stdout, stderr) => resolve(stdout + stderr));
  });
  expect(said).toBe('Pong true\n');
});
