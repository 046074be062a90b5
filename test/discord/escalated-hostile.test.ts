import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escalatedText } from '../../src/discord/forms/escalated-text.ts';
import { fieldIssues } from '../../src/tickets/ticket-fields.ts';

const FROM = { messageId: '1245678901234567890', channelId: '1245678901234567891', guildId: '1245678901234567892' };

const word = fc.constantFrom(
  'Help',
  '👨‍👩‍👧‍👦',
  '\n',
  '> ',
  'https://example.com/a.png',
  '\ud83d',
  '\u0000',
  '```',
  ' ',
  'e\u0301',
  '\r',
  '\u2028',
);
const text = fc.array(word, { maxLength: 200 }).map((words) => words.join(''));
const junk = fc.oneof(fc.jsonValue(), fc.constant(undefined), text);

/** What stands where Discord has something of this kind: that, or anything. */
const or = (right: fc.Arbitrary<unknown>) => fc.oneof({ weight: 6, arbitrary: right }, { weight: 1, arbitrary: junk });

const { component } = fc.letrec((tie) => ({
  component: fc.record(
    {
      type: or(fc.integer({ min: -1, max: 40 })),
      content: or(text),
      label: or(text),
      url: or(text),
      placeholder: or(text),
      options: or(fc.array(fc.record({ label: or(text), description: or(text) }))),
      media: or(fc.record({ url: or(text) })),
      file: or(fc.record({ url: or(text) })),
      items: or(fc.array(junk)),
      components: or(fc.array(fc.oneof({ maxDepth: 4 }, junk, tie('component')), { maxLength: 4 })),
      accessory: or(fc.oneof({ maxDepth: 4 }, junk, tie('component'))),
      unknown: junk,
    },
    { requiredKeys: [] },
  ),
}));

const embed = fc.record(
  {
    ...{ type: or(text), title: or(text), url: or(text), description: or(text), timestamp: or(text) },
    author: or(fc.record({ name: or(text), url: or(text) })),
    provider: or(fc.record({ name: or(text) })),
    footer: or(fc.record({ text: or(text) })),
    fields: or(fc.array(or(fc.record({ name: or(text), value: or(text) })))),
    image: or(fc.record({ url: or(text) })),
    video: or(fc.record({ url: or(text) })),
  },
  { requiredKeys: [] },
);

const { message } = fc.letrec((tie) => ({
  message: fc.record(
    {
      id: or(fc.constant('1245678901234567890')),
      channel_id: or(fc.constant('1245678901234567891')),
      type: or(fc.constantFrom(0, 7, 19, 20, 21, 46)),
      content: or(text),
      author: or(fc.record({ id: or(fc.constant('5')), username: or(text), bot: or(fc.boolean()) })),
      timestamp: or(fc.constant('2026-01-01T00:00:00Z')),
      embeds: or(fc.array(or(embed), { maxLength: 4 })),
      components: or(fc.array(or(component), { maxLength: 4 })),
      attachments: or(
        fc.array(or(fc.record({ filename: or(text), url: or(text), size: or(fc.nat()) })), { maxLength: 12 }),
      ),
      sticker_items: or(fc.array(junk)),
      poll: or(fc.record({ question: junk, answers: junk })),
      message_snapshots: or(
        fc.array(fc.record({ message: fc.oneof({ maxDepth: 3 }, junk, tie('message')) }), { maxLength: 2 }),
      ),
      referenced_message: fc.oneof({ maxDepth: 3 }, junk, tie('message')),
      interaction_metadata: junk,
    },
    { requiredKeys: [] },
  ),
}));

test('whatever Discord sends as a message becomes a form that Discord takes', () => {
  fc.assert(
    fc.property(fc.oneof(message, fc.anything()), (sent) => {
      const { fields, escalated } = escalatedText(sent, FROM);
      // A subject with a part of a line break, or a text that Discord refuses, would fail when it is shown or sent.
      expect(fieldIssues(fields)).toEqual([]);
      expect(fields.subject.length).toBeLessThanOrEqual(100);
      expect(fields.body.length).toBeLessThanOrEqual(3500);
      expect((escalated.fullText ?? '').length).toBeLessThanOrEqual(41_000);
      for (const part of [fields.subject, fields.body, escalated.fullText ?? '', escalated.author.name]) {
        expect(part.isWellFormed()).toBe(true);
      }
      expect(escalated.author.id).toMatch(/^\d+$/);
      expect(escalated.url).toMatch(/^https:\/\/discord\.com\/channels\/\d+\/\d+\/\d+$/);
    }),
    { numRuns: 300 },
  );
});

test('components nested without end, and without number, are read as far as is useful', () => {
  let nested: unknown = { type: 10, content: 'too deep' };
  for (let depth = 0; depth < 100_000; depth += 1) nested = { type: 17, components: [nested] };
  const many = Array.from({ length: 50_000 }, (_, i) => ({ type: 10, content: `line ${i}` }));
  for (const components of [[nested], many, [{ type: 99, parts: nested }]]) {
    const { fields, escalated } = escalatedText({ components: [{ type: 10, content: 'First' }, ...components] }, FROM);
    expect(fields.subject).toBe('First');
    expect(`${fields.body}${escalated.fullText ?? ''}`).toContain(
      '(There is more in this message, which could not be read.)',
    );
  }
});
