import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SlashCommandBuilder } from 'discord.js';
import { expect, test } from 'vitest';
import { commands } from '../../commands/index.ts';
import type { SlashCommand } from '../../src/discord/command.ts';
import { ACTS, actOf, problemsOf } from './acts.ts';
import { CONFIG, handlerCases } from './handler-cases.ts';
import { permissionTable, withPermissionTable } from './permission-table.ts';

const OPERATIONS = fileURLToPath(new URL('../../docs/operations.md', import.meta.url));

test('there is an act for every handler, and none for another', () => {
  expect(problemsOf(handlerCases(commands)).join('\n')).toBe('');
});

test('docs/operations.md has the table that the commands give; `npx vitest run test/handlers -u` writes it', async () => {
  const document = readFileSync(OPERATIONS, 'utf8');
  await expect(withPermissionTable(document, permissionTable(handlerCases(commands)))).toMatchFileSnapshot(OPERATIONS);
});

test.each(commands.map((command) => [command.data(CONFIG).name, command] as const))(
  '%s says where it can be used, as Discord would otherwise answer with its own words and take it for changed',
  (name, command) => {
    const { contexts, integration_types: types } = command.data(CONFIG);
    expect(contexts, `add setContexts(…) to ${name} in its file in commands/`).toBeDefined();
    expect(types, `add setIntegrationTypes(…) to ${name} in its file in commands/`).toBeDefined();
  },
);

const done = async () => undefined;

/** A command that somebody has just written. */
const poll: SlashCommand = {
  kind: 'slash',
  for: 'everybody',
  acknowledge: 'handler',
  data: () =>
    new SlashCommandBuilder()
      .setName('poll')
      .setDescription('Asks everybody')
      .addSubcommand((sub) => sub.setName('open').setDescription('Begins'))
      .addSubcommandGroup((group) =>
        group
          .setName('result')
          .setDescription('What came of it')
          .addSubcommand((sub) => sub.setName('show').setDescription('Shows it')),
      )
      .toJSON(),
  execute: done,
  buttons: {
    'poll-end': {
      for: { 'own poll': 'everybody', poll: 'moderators' },
      acknowledge: 'handler',
      labels: ['End'],
      handle: done,
    },
  },
  modals: { poll: { for: 'moderators', acknowledge: 'handler', handle: done } },
};

test('a new command, subcommand, button or modal fails until there is an act, which the message asks for', () => {
  const missing = (name: string) =>
    `No test uses "${name}". Say how a person comes to it, as '${name}', in the file of its command beside test/handlers/acts.ts, such as test/handlers/account-acts.ts; name a new file in acts.ts.`;
  const names = ['/poll open', '/poll result show', 'button poll-end, own poll', 'button poll-end, poll', 'modal poll'];
  expect(problemsOf(handlerCases([poll]), {})).toEqual(names.map(missing));
  for (const name of names) expect(() => actOf({ name })).toThrow(missing(name));
});

test('a new command has rows in the table, in which its own words say who may use it', () => {
  expect(permissionTable(handlerCases([poll])).slice(2)).toEqual([
    '| command `/poll open` | yes | yes | yes | yes | yes |',
    '| command `/poll result show` | yes | yes | yes | yes | yes |',
    '| button `poll-end` (End), own poll | yes | yes | yes | yes | yes |',
    '| button `poll-end` (End), poll | no | yes | no | no | no |',
    '| modal `poll` | no | yes | no | no | no |',
  ]);
});

test('a handler that does not say who may use it is named, with the folder of its file', () => {
  const { for: _, ...silent } = poll;
  expect(() => handlerCases([silent as SlashCommand])).toThrow(
    '/poll open does not say who may use it: add `for` to it in its file in commands/.',
  );
});

test('an act whose handler is gone is named, with its file', () => {
  const [ticket] = Object.values(ACTS);
  expect(problemsOf([], { ...(ticket && { 'button ticket-reopen': ticket }) })).toEqual([
    'test/handlers/acts.ts has an act for "button ticket-reopen", which no command has: take it away or rename it.',
  ]);
});
