import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { readMessage } from '../../sandbox/discord/rules/message-rules.ts';
import { readModal } from '../../sandbox/discord/rules/modal-rules.ts';
import { see } from '../discord/see.ts';
import { messagesDocument, SAMPLE_GROUPS } from './document.ts';
import type { Sample } from './sample.ts';
import { LONGEST, ORDINARY, type SampleWords, WIDEST } from './sample-words.ts';
import { readSourceWords, type SourceWords } from './source-words.ts';

let sources: SourceWords[];

beforeAll(() => {
  sources = readSourceWords();
});

test('docs/messages.md has the words of the code; `npm run messages` writes it anew', () => {
  expect(readFileSync('docs/messages.md', 'utf8')).toBe(messagesDocument(sources));
});

/** These make a message of words that they are given. */
const WITHOUT_WORDS = ['card', 'moderationCard'];
const MAKES_A_MESSAGE = /^(Reply|APIModalInteractionResponseCallbackData)$/;
const IS_CALLED_ONE = /(Entry|Mail)$|^(inYourNameWords|declinedWords|sentLaterMessage|panelMessage)$/;

test('every function that makes a message is in docs/messages.md', () => {
  const makers = sources
    .flatMap(({ functions }) => functions)
    .filter(({ name, returns }) => MAKES_A_MESSAGE.test(returns) || IS_CALLED_ONE.test(name))
    .map(({ name }) => name);
  const shown = new Set(SAMPLE_GROUPS.flatMap(({ samples }) => samples(ORDINARY).flatMap(({ by }) => by)));
  expect(makers.length).toBeGreaterThan(30);
  expect(makers.filter((name) => !WITHOUT_WORDS.includes(name) && !shown.has(name))).toEqual([]);
});

test('words of handlers, of checks and of the log are found in the sources', () => {
  const said = (file: string) => sources.find((one) => one.file === file);
  expect(said('src/discord/moderation/pause.ts')?.sentences).toContain('⏸️ Tickets are paused here');
  expect(said('src/discord/moderation/block.ts')?.sentences).toContain("⛔ <@{user.id}> can't open tickets here{end}");
  const logged = sources.flatMap(({ logLines }) => logLines);
  expect(logged.length).toBeGreaterThan(30);
  expect(logged.every(({ text }) => text.length > 0)).toBe(true);
});

describe.each<[string, SampleWords]>([
  ['the longest words that there can be', LONGEST],
  ['the most bytes', WIDEST],
])('with %s', (_, words) => {
  test.each(SAMPLE_GROUPS.map((group) => [group.heading, group] as const))(
    'Discord takes every message: %s',
    (_, group) => {
      for (const { when, shows, by } of group.samples(words)) {
        expect(() => send(shows), `${when}, made by ${by.map(withFile).join(' and ')}`).not.toThrow();
      }
    },
  );
});

/** "Press **Send again**", and the other ways to speak of a button. One "there" is another message's. */
const SPEAKS_OF = /(?:[Pp]ress|with) \*\*([^*]+)\*\*(?! there)|\*\*(Try again)\*\* /g;

test.each(SAMPLE_GROUPS.map((group) => [group.heading, group] as const))(
  'a card speaks of no button that it does not have: %s',
  (_, group) => {
    for (const { when, shows } of group.samples(ORDINARY)) {
      if (!('kind' in shows)) continue;
      const { text, buttons } = see(shows);
      const spokenOf = [...text.matchAll(SPEAKS_OF)].map(([, label, other]) => label ?? other);
      expect(
        spokenOf.filter((label) => !Object.keys(buttons).includes(String(label))),
        when,
      ).toEqual([]);
    }
  },
);

/** A function with the file in which it is. */
function withFile(name: string): string {
  const file = sources.find(({ functions }) => functions.some((one) => one.name === name))?.file;
  return file ? `${name} in ${file}` : name;
}

/** @throws {ApiError} where Discord would refuse it. */
function send(shows: Sample['shows']): void {
  if ('custom_id' in shows) readModal(JSON.parse(JSON.stringify({ type: 9, data: shows })));
  else if ('kind' in shows) see(shows);
  else readMessage('channel-message', { content: shows.text }, [], () => '1');
}
