import { type Message, messageLink } from 'discord.js';
import { type EscalatedMessage, FIELD_LIMITS, type TicketFields } from '../../tickets/ticket-request.ts';

/** Characters of the first line that become the subject. */
const SUBJECT_LENGTH = 100;
/** Left free in the form, so that a moderator can add something to a long message. */
const ROOM_TO_WRITE = 500;
const CUT = '> … (cut here; the whole message stands at the end of the ticket)';

/** What an escalation is born with: the form's first text, and the message that it is about. */
export interface EscalatedText {
  readonly fields: TicketFields;
  readonly escalated: EscalatedMessage;
}

/**
 * Quotes a message for the support staff: text, embeds, attachments, author, time and link.
 * @param guildId The server in which the command was used. The message itself does not name it, so `message.url` leads to
 * direct messages.
 */
export function escalatedText(message: Message, guildId: string | null): EscalatedText {
  const url = guildId ? messageLink(message.channelId, message.id, guildId) : message.url;
  const author = { id: message.author.id, name: message.author.username };
  const said = saidIn(message);
  const about = [
    `-- ${author.name} (user ${author.id}), ${new Date(message.createdTimestamp).toISOString()}`,
    url,
    ...attachmentLines(message),
  ].join('\n');
  const room = FIELD_LIMITS.body - ROOM_TO_WRITE - about.length - 2;
  const { quote, isCut } = quoted(said, room);
  return {
    fields: { subject: subjectOf(message, said), product: '', body: `${quote}${quote && '\n'}${about}\n\n` },
    escalated: { id: message.id, url, author, ...(isCut ? { fullText: said } : {}) },
  };
}

/** The message's own words, and those of its embeds. */
function saidIn(message: Message): string {
  const embeds = message.embeds.map((embed) =>
    [embed.title, embed.description, ...embed.fields.map(({ name, value }) => `${name}: ${value}`), embed.url]
      .filter((line) => line)
      .join('\n'),
  );
  return [message.content, ...embeds].filter((text) => text.trim() !== '').join('\n\n');
}

function subjectOf(message: Message, said: string): string {
  const firstLine = said
    .split('\n')
    .find((line) => line.trim() !== '')
    ?.trim();
  const fallback = message.attachments.first()?.name ?? 'no text';
  const subject = (firstLine ?? `${message.author.username}: ${fallback}`).replace(/[\r\n]+/g, ' ');
  return subject.length > SUBJECT_LENGTH ? `${subject.slice(0, SUBJECT_LENGTH - 1).toWellFormed()}…` : subject;
}

function quoted(said: string, room: number): { quote: string; isCut: boolean } {
  if (said === '') return { quote: '', isCut: false };
  const quote = said.replace(/^/gm, '> ');
  if (quote.length <= room) return { quote, isCut: false };
  return { quote: `${quote.slice(0, room - CUT.length - 1).toWellFormed()}\n${CUT}`, isCut: true };
}

function attachmentLines(message: Message): string[] {
  // Ten attachments with long links could fill the form by themselves.
  const attachments = [...message.attachments.values()];
  if (attachments.length === 0) return [];
  return [
    "Attachments (Discord's links expire within a day):",
    ...attachments.map(({ name, size, url }) => `- ${name}, ${Math.ceil(size / 1024)} KB: ${url}`),
  ];
}
