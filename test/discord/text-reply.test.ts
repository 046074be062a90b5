import fc from 'fast-check';
import { expect, test } from 'vitest';
import { notSavedReply, textReply } from '../../src/discord/replies/text-reply.ts';
import { EMPTY_FIELDS, type TicketFields } from '../../src/tickets/ticket-fields.ts';
import { see } from './see.ts';

/** The text that the person gets back, wherever it stands. */
function givenBack(fields: TicketFields): { text: string; inFile: boolean } {
  const reply = textReply(fields);
  see(reply);
  const [file] = reply.files ?? [];
  if (file) return { text: String(file.attachment), inFile: true };
  const text = /^### 📝 This is what you wrote\n```text\n([\s\S]*)\n```$/.exec(reply.content)?.[1] ?? '';
  return { text, inFile: false };
}

test('a short text comes back in the message, as it was typed', () => {
  expect(
    givenBack({ ...EMPTY_FIELDS, subject: 'My *server*', product: 'VPS', body: 'One\n  two <@1> @everyone' }),
  ).toEqual({
    text: 'My *server*\nVPS\n\nOne\n  two <@1> @everyone',
    inFile: false,
  });
});

test.each([
  ['too long for a message', 'x'.repeat(3990)],
  ['as long as it can be', '日'.repeat(4000)],
  ['of more bytes than Discord can process', '日'.repeat(3500)],
  ['with an end of code in it', 'a ``` b'],
])('a text that is %s comes back in a file', (_what, body) => {
  expect(givenBack({ ...EMPTY_FIELDS, subject: 'x', body })).toEqual({ text: `x\n\n${body}`, inFile: true });
});

test('whatever was typed comes back whole, in a message that Discord takes', () => {
  const piece = fc.constantFrom('a', '`', '``', '\n', '\\', '*', '@everyone', '🎫', 'x'.repeat(180));
  const text = fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(text, text, (subject, body) => {
      expect(givenBack({ ...EMPTY_FIELDS, subject, body }).text).toBe(`${subject}\n\n${body}`);
    }),
  );
});

test('a text that could not be saved is said to be neither saved nor sent', () => {
  const { content } = notSavedReply({ ...EMPTY_FIELDS, subject: 'Hello', body: 'World' });
  expect(content).toContain("Your text couldn't be saved");
  expect(content).toContain('Hello\n\nWorld');
});
