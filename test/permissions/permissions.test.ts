import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { commands } from '../../commands/index.ts';
import { parseConfig } from '../../src/config.ts';
import { ACTIONS } from './actions.ts';
import { isRefusal, PERSONS, startScene, WAYS } from './scene.ts';

/** The table "Who may do what" of docs/operations.md: first column, then yes or no for each person. */
function documentedTable(): Map<string, Record<string, string>> {
  const text = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const rows = text
    .split('\n')
    .filter((line) => /^\| (command|button|modal|Action) ?/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const [header = [], ...body] = rows;
  expect(header.slice(1)).toEqual([...PERSONS]);
  return new Map(
    body.map(([action = '', ...cells]) => [
      action,
      Object.fromEntries(PERSONS.map((person, index) => [person, cells[index] ?? ''])),
    ]),
  );
}

const table = documentedTable();

describe.each(WAYS)('who may do what, moderators by %s', (way) => {
  test.for([...table])('%s', async ([name, documented]) => {
    const action = ACTIONS[name];
    if (!action) throw new Error(`Nothing tries this action: ${name}`);
    const scene = await startScene(way, action.env);
    const found: Record<string, string> = {};
    for (const actor of scene.actors) {
      const { shown, done } = await action.attempt(actor, scene);
      // What is not done is refused in words, and what is done is not said to be refused.
      expect(isRefusal(shown), `what ${actor.kind} read`).toBe(!done);
      found[actor.kind] = done ? 'yes' : 'no';
    }
    expect(found).toEqual(documented);
  });
});

test('the table names every command with its subcommands, every button and every modal, and nothing else', () => {
  const config = parseConfig({
    DISCORD_TOKEN: 'x',
    HELPDESK_USERNAME: 'x',
    HELPDESK_PASSWORD: 'x',
    LINK_VERIFICATION: 'none',
  });
  const handlers = commands.flatMap((command) => {
    const data = command.data(config);
    const subcommands = 'options' in data ? (data.options ?? []).filter(({ type }) => type === 1) : [];
    const names = subcommands.length > 0 ? subcommands.map(({ name }) => `${data.name} ${name}`) : [data.name];
    return [
      ...names.map((name) => `command ${command.kind === 'slash' ? '/' : ''}${name}`),
      ...Object.keys(command.buttons ?? {}).map((name) => `button ${name}`),
      ...Object.keys(command.modals ?? {}).map((name) => `modal ${name}`),
    ];
  });
  const documented = [...table.keys()].map((action) => action.replace(/^(\w+) `([^`]+)`.*$/, '$1 $2'));
  expect(new Set(documented)).toEqual(new Set(handlers));
  expect(Object.keys(ACTIONS).sort()).toEqual([...table.keys()].sort());
});
