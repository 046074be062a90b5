import { type Attachment, type Message, messageLink } from 'discord.js';
import { type EscalatedMessage, FIELD_LIMITS, isBlank, type TicketFields } from '../../tickets/ticket-request.ts';
import { cutText } from '../replies/cut-text.ts';
import { lines } from '../replies/reply.ts';

/** Characters of the first line that become the subject. */
const SUBJECT_LENGTH = 100;
/** Left free in the form, so that a moderator can add something to a long message. */
const ROOM_TO_WRITE = 500;
/** When not everything has room. Ten attachments with their links can be longer than the whole form. */
const ROOM_FOR_ATTACHMENTS = 1500;
const CUT = '> … (cut here; the whole message stands at the end of the ticket)';
const FORWARDED = 'Forwarded message:';

/** What an escalation is born with: the form's first text, and the message that it is about. */
export interface EscalatedText {
  readonly fields: TicketFields;
  readonly escalated: EscalatedMessage;
}

/** A message, or a copy of one that was forwarded: of that one alone this much is known. */
type Readable = Pick<Message, 'content' | 'embeds' | 'stickers' | 'attachments'>;

/**
 * Quotes a message for the support staff: text, embeds, poll, stickers, what was forwarded, attachments, author, time and
 * link. What has no room in the form is kept, to be put at the end of the ticket.
 * @param guildId The server in which the command was used. The message itself does not name it, so `message.url` leads to
 * direct messages.
 */
export function escalatedText(message: Message, guildId: string | null): EscalatedText {
  const url = guildId ? messageLink(message.channelId, message.id, guildId) : message.url;
  const { author, createdTimestamp } = message;
  // A webhook can call itself like any member.
  const name = author.bot ? `${author.username}, a bot or webhook` : author.username;
  const forwarded: Readable[] = [...message.messageSnapshots.values()];
  const said = [
    ...saidIn(message),
    ...pollIn(message),
    ...forwarded.flatMap((one) => [FORWARDED, ...saidIn(one)]),
  ].join('\n\n');
  const attachments = [message, ...forwarded].flatMap((one) => [...one.attachments.values()]);
  const files = attachments.map((file) => `- ${file.name}, ${Math.ceil(file.size / 1024)} KB: ${file.url}`);
  const signature = `-- ${name} (user ${author.id}), ${new Date(createdTimestamp).toISOString()}\n${url}`;
  const { body, isCut } = fitted(said, signature, files);
  return {
    fields: { subject: subjectOf(message, said, attachments), product: '', body },
    escalated: {
      id: message.id,
      url,
      author: { id: author.id, name },
      ...(isCut ? { fullText: [said, listOf(files).join('\n')].filter((part) => part).join('\n\n') } : {}),
    },
  };
}

/** Its own words, and those of what hangs on it. */
function saidIn({ content, embeds, stickers }: Readable): string[] {
  const texts = [
    content,
    ...embeds.map((embed) =>
      [embed.title, embed.description, ...embed.fields.map(({ name, value }) => `${name}: ${value}`), embed.url]
        .filter((line) => line)
        .join('\n'),
    ),
    ...stickers.map((sticker) => `Sticker: ${sticker.name}`),
  ];
  // Bots may send line breaks of any kind.
  return texts.map((text) => text.replace(/\r\n?|[\u2028\u2029]/g, '\n')).filter((text) => text.trim() !== '');
}

function pollIn({ poll }: Message): string[] {
  if (!poll) return [];
  return [[`Poll: ${poll.question.text ?? ''}`, ...poll.answers.map(({ text }) => `- ${text ?? ''}`)].join('\n')];
}

/** The first line with something to read, without the fence of a block of code. */
function subjectOf(message: Message, said: string, files: readonly Attachment[]): string {
  const firstLine = said
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== FORWARDED && !/^```\w*$/.test(line) && !isBlank(line));
  const subject = firstLine ?? `${message.author.username}: ${files[0]?.name ?? 'no text'}`;
  return subject.length > SUBJECT_LENGTH ? `${cutText(subject, SUBJECT_LENGTH - 1)}…` : subject;
}

/** The text of the form: all of it when there is room, else the beginning of each part. A link is never cut. */
function fitted(said: string, signature: string, files: readonly string[]): { body: string; isCut: boolean } {
  const room = FIELD_LIMITS.body - ROOM_TO_WRITE;
  const quote = said === '' ? '' : said.replace(/^/gm, '> ');
  const all = bodyOf(quote, signature, files);
  if (all.length <= room) return { body: all, isCut: false };
  const list = shortened(files);
  const roomForQuote = room - bodyOf('', signature, list).length - 1;
  const cut = quote.length <= roomForQuote ? quote : `${cutText(quote, roomForQuote - CUT.length - 1)}\n${CUT}`;
  return { body: bodyOf(cut, signature, list), isCut: true };
}

function bodyOf(quote: string, signature: string, files: readonly string[]): string {
  return `${lines(quote, signature, ...listOf(files))}\n\n`;
}

function listOf(files: readonly string[]): string[] {
  return files.length > 0 ? ["Attachments (Discord's links expire within a day):", ...files] : [];
}

function shortened(files: readonly string[]): string[] {
  const shown: string[] = [];
  let length = 0;
  for (const file of files) {
    length += file.length + 1;
    if (length > ROOM_FOR_ATTACHMENTS)
      return [...shown, `- … and ${files.length - shown.length} more, at the end of the ticket`];
    shown.push(file);
  }
  return shown;
}
