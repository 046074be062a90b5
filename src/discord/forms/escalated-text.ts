import { MessageType, messageLink, SnowflakeUtil } from 'discord.js';
import { EMPTY_FIELDS, FIELD_LIMITS, isBlank, type TicketFields } from '../../tickets/ticket-fields.ts';
import type { EscalatedMessage } from '../../tickets/ticket-request.ts';
import { fileLine } from '../messages/linked-file.ts';
import { type MessageContent, messageContent } from '../messages/message-content.ts';
import { type MessageJson, parseMessage, readMessage } from '../messages/message-json.ts';
import { systemMessage } from '../messages/system-message.ts';
import { readableName } from '../readable-name.ts';
import { lines } from '../replies/reply.ts';
import { truncate, truncateWithEllipsis } from '../replies/truncate.ts';

/** Characters of the first line that become the subject. */
const SUBJECT_LENGTH = 100;
/** Left free in the form, so that a moderator can add something to a long message. */
const ROOM_TO_WRITE = 500;
/** When not everything has room. Ten attachments with their links can be longer than the whole form. */
const ROOM_FOR_ATTACHMENTS = 1500;
/** Characters of what stands at the end of the ticket, files included. Far more than Discord lets anybody write. */
const WHOLE_LENGTH = 40_000;
const CUT = '> … (cut here; the whole message stands at the end of the ticket)';
const NO_TEXT = '(This message has no text.)';
const CUT_FOR_GOOD = '… (cut here; the rest is in Discord)';
const MORE_AT_THE_END = 'more, at the end of the ticket';
const PREVIEW = "Link preview, not the author's words:";
const FORWARDED = 'Forwarded message:';
const FORWARDED_END = '(End of the forwarded message. Discord does not say who wrote it.)';

/** What an escalation is born with: the form's first text, and the message that it is about. */
export interface EscalatedText {
  readonly fields: TicketFields;
  readonly escalated: EscalatedMessage;
}

/** Where the command was used, and on which message: what of it is known even if nothing in it can be read. */
export interface EscalatedFrom {
  readonly messageId: string;
  readonly channelId: string | null;
  readonly guildId: string | null;
}

/**
 * Quotes a message for the support staff: everything that a reader sees in it. Who wrote it, when, and the link are kept
 * beside the form, to be put at the end of the ticket, and so is what has no room in it. Whatever Discord sends, this does
 * not throw.
 * @param sent The message as Discord sends it.
 */
export function escalatedText(sent: unknown, from: EscalatedFrom): EscalatedText {
  const { message, id, channelId } = shownMessage(sent, from);
  const url = from.guildId ? messageLink(channelId, id, from.guildId) : messageLink(channelId, id);
  const content = messageContent(message);
  const author = authorOf(message);
  const said = saidIn(content).join('\n\n');
  const writtenAt = timeOf(message, id);
  const circumstances = circumstancesOf(message);
  const files = content.files.map(fileLine);
  const { body, isCut } = fitted(said, files);
  return {
    fields: { ...EMPTY_FIELDS, subject: subjectOf(content, author.username), body },
    escalated: {
      id,
      url,
      author: { id: author.id, name: author.name },
      ...(channelId !== from.channelId && { channelId }),
      ...(writtenAt !== undefined && { writtenAt }),
      ...(circumstances.length > 0 && { circumstances: circumstances.join(', ') }),
      ...(isCut && { fullText: wholeText(said, files) }),
    },
  };
}

/** The message that a reader sees: at the start of a thread Discord shows the one that the thread is about. */
function shownMessage(sent: unknown, { messageId, channelId }: EscalatedFrom) {
  const message = readMessage(sent);
  const place = { id: messageId, channelId: channelId ?? message.channel_id ?? '0' };
  if (message.type !== MessageType.ThreadStarterMessage) return { message, ...place };
  const about = parseMessage(message.referenced_message);
  if (!about?.id) return { message, ...place };
  return { message: about, id: about.id, channelId: about.channel_id ?? place.channelId };
}

function authorOf({ author, webhook_id }: MessageJson): { id: string; name: string; username: string } {
  const username = readableName(author?.username ?? '') ?? 'unknown';
  // A webhook can call itself like any member.
  const isProgram = author?.bot || webhook_id !== undefined;
  return { id: author?.id ?? '0', name: isProgram ? `${username}, a bot or webhook` : username, username };
}

/** When it was written, in milliseconds since 1970; undefined when that cannot be known. */
function timeOf({ timestamp }: MessageJson, id: string): number | undefined {
  const written = new Date(timestamp).getTime();
  if (!Number.isNaN(written)) return written;
  return /^\d{15,20}$/.test(id) ? SnowflakeUtil.timestampFrom(id) : undefined;
}

/** What stands above a message in Discord: that it answers somebody or a command, or that Discord wrote it. */
function circumstancesOf(message: MessageJson): string[] {
  const system = systemMessage(message.type);
  const answered = message.type === MessageType.Reply ? parseMessage(message.referenced_message) : undefined;
  const command = message.interaction_metadata;
  return [
    ...(system === undefined ? [] : [`system message: ${system}`]),
    ...(answered?.author ? [`in reply to ${personIn(answered)}`] : []),
    ...(command?.user
      ? [`for ${personIn({ ...message, author: command.user, webhook_id: undefined })}, who used a command`]
      : []),
  ];
}

function personIn(message: MessageJson): string {
  const { id, name } = authorOf(message);
  return `${name} (${id})`;
}

/** Paragraphs. What the author has not written stands under a line that says so. */
function saidIn({ own, previews, forwarded }: MessageContent): string[] {
  return [
    ...own,
    ...previews.map((preview) => `${PREVIEW}\n${quoted(preview)}`),
    ...forwarded.flatMap((one) => [FORWARDED, ...saidIn(one), FORWARDED_END]),
  ];
}

/** The first line with something to read, without the fence of a block of code. The author's own words come first. */
function subjectOf(content: MessageContent, username: string): string {
  const firstLine = [content, ...content.forwarded]
    .flatMap(({ own }) => own)
    .concat([content, ...content.forwarded].flatMap(({ previews }) => previews))
    .flatMap((text) => text.split('\n'))
    .map((line) => line.trim())
    .find((line) => !/^```\w*$/.test(line) && !isBlank(line));
  return truncateWithEllipsis(firstLine ?? `${username}: ${content.files[0]?.name ?? 'no text'}`, SUBJECT_LENGTH);
}

/** The text of the form: all of it when there is room, else the beginning of each part. A link is never cut. */
function fitted(said: string, files: readonly string[]): { body: string; isCut: boolean } {
  const room = FIELD_LIMITS.body - ROOM_TO_WRITE;
  const quote = isBlank(said) ? '' : quoted(said);
  const all = bodyOf(quote, files);
  if (all.length <= room) return { body: all, isCut: false };
  const list = shortened(files, ROOM_FOR_ATTACHMENTS, MORE_AT_THE_END);
  const roomForQuote = room - bodyOf('', list).length - 1;
  return { body: bodyOf(shortenedText(quote, roomForQuote, CUT), list), isCut: true };
}

function wholeText(said: string, files: readonly string[]): string {
  const list = listOf(shortened(files, WHOLE_LENGTH / 2, 'more, in Discord')).join('\n');
  const text = shortenedText(said, WHOLE_LENGTH - list.length - 2, CUT_FOR_GOOD);
  return [text, list].filter((part) => part).join('\n\n');
}

function bodyOf(quote: string, files: readonly string[]): string {
  return `${lines(quote, ...listOf(files)) || NO_TEXT}\n\n`;
}

function listOf(files: readonly string[]): string[] {
  return files.length > 0 ? ["Attachments (Discord's links expire within a day):", ...files] : [];
}

function shortened(files: readonly string[], room: number, more: string): string[] {
  const shown: string[] = [];
  let length = 0;
  for (const file of files) {
    length += file.length + 1;
    if (length > room) return [...shown, `- … and ${files.length - shown.length} ${more}`];
    shown.push(file);
  }
  return shown;
}

/** As much of a text as has room, and a note on a line of its own where something is missing. */
function shortenedText(text: string, room: number, note: string): string {
  if (text.length <= room) return text;
  const cut = truncate(text, room - note.length - 1);
  // Half of a link leads somewhere else.
  const link = /https?:\/\/\S*$/.exec(cut);
  const isInLink = link !== null && /^\S/.test(text.slice(cut.length));
  return `${isInLink ? cut.slice(0, link.index) : cut}\n${note}`;
}

function quoted(text: string): string {
  return text.replace(/^/gm, '> ');
}
