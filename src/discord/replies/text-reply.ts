import { AttachmentBuilder } from 'discord.js';
import { readableText, type TicketFields } from '../../tickets/ticket-fields.ts';
import { card, lines, type Reply } from './reply.ts';
import type { ReplyKind } from './reply-kind.ts';

/** Discord's limit for all texts of a card, in UTF-16 units. */
const CARD_LENGTH = 4000;
/** With more bytes Discord answers 500: about 10,170 less 12 for each text (https://github.com/discord/discord-api-docs/issues/8554). */
const CARD_BYTES = 10_000;

interface TextWords {
  readonly kind?: ReplyKind;
  readonly title?: string;
  readonly words?: string;
}

/** The complete text back, as a file when it does not fit into a message. */
export function textReply(
  fields: TicketFields,
  { kind = 'text', title = '📝 This is what you wrote', words = '' }: TextWords = {},
): Reply {
  const text = readableText(fields);
  const shown = card(kind, title, [words, `\`\`\`text\n${text}\n\`\`\``]);
  const fits = shown.content.length <= CARD_LENGTH && Buffer.byteLength(shown.content) <= CARD_BYTES;
  if (fits && !text.includes('```')) return shown;
  const file = new AttachmentBuilder(Buffer.from(text), { name: 'ticket.txt' });
  return { ...card(kind, title, [words, "It's in the file."]), files: [file] };
}

/** The store takes long: until it is safe, nothing but this message has the text. */
export function notYetSavedReply(fields: TicketFields): Reply {
  return textReply(fields, {
    kind: 'unsure',
    title: '⏳ Still saving your text',
    words: 'This message changes when it is saved. If it does not, copy the text and try again in a few minutes.',
  });
}

/** What took long to save is safe now. */
export function savedReply(): Reply {
  return card('under-way', '⏳ Your text is saved', ["It's being sent; this message says what becomes of it."]);
}

/** The store failed before the text was safe, so the text goes back at once. */
export function notSavedReply(fields: TicketFields): Reply {
  return textReply(fields, {
    // Whether something was sent before cannot be looked up either.
    kind: 'unsure',
    title: "🛑 Your text couldn't be saved",
    words: lines(
      "The bot can't reach its storage, so **nothing was sent just now**. Copy the text and try again in a few minutes.",
      'Did you send it before? Then it may have arrived already.',
    ),
  });
}
