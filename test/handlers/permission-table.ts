import type { Audience } from '../../src/discord/command.ts';
import type { HandlerCase } from './handler-cases.ts';
import { PERSONS, type PersonKind } from './scene.ts';

type Row = Readonly<Record<PersonKind, 'yes' | 'no'>>;

/**
 * Who is among whom, as the tests make these persons: a former moderator and one of another server have written their
 * escalations as moderators of this one; a member and the bot's owner never could.
 */
export const EXPECTED: Readonly<Record<Audience, Row>> = {
  everybody: row(PERSONS),
  moderators: row(['Moderator']),
  writer: row(['Moderator', 'Moderator of another server', 'Former moderator']),
};

function row(may: readonly PersonKind[]): Row {
  return Object.fromEntries(PERSONS.map((person) => [person, may.includes(person) ? 'yes' : 'no'])) as Row;
}

/** The lines of the table in docs/operations.md. */
export function permissionTable(cases: readonly HandlerCase[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(['Action', ...PERSONS]),
    line(['Action', ...PERSONS].map(() => '---')),
    ...cases.map(({ title, audience }) => line([title, ...PERSONS.map((person) => EXPECTED[audience][person])])),
  ];
}

/** @returns The document with this table in the place of its own. */
export function withPermissionTable(document: string, table: readonly string[]): string {
  const lines = document.split('\n');
  const from = lines.findIndex((line) => line.startsWith('| Action |'));
  if (from < 0) throw new Error('docs/operations.md has no table that begins with "| Action |".');
  const length = lines.slice(from).findIndex((line) => !line.startsWith('|'));
  return lines.toSpliced(from, length, ...table).join('\n');
}
