/** The three fields of the ticket modal, as they were typed. */
export interface TicketFields {
  readonly subject: string;
  /** Empty when none was given. */
  readonly product: string;
  readonly body: string;
}

/** Characters (UTF-16 units, as Discord counts). Subject and product are ours; 4,000 is Discord's for one text input. */
export const FIELD_LIMITS = { subject: 150, product: 100, body: 4000 } as const;

export interface FieldIssue {
  readonly field: keyof TicketFields;
  readonly problem: 'blank' | 'too-long' | 'line-break';
}

/** What keeps these fields from being a ticket; empty when nothing does. */
export function fieldIssues(fields: TicketFields): FieldIssue[] {
  return issuesOf(fields, ['subject', 'product', 'body']);
}

/** The same for an answer, which is its body alone. The helpdesk takes "0" for nothing. */
export function answerIssues(fields: TicketFields): FieldIssue[] {
  if (fields.body.trim() === '0') return [{ field: 'body', problem: 'blank' }];
  return issuesOf(fields, ['body']);
}

function issuesOf(fields: TicketFields, names: readonly (keyof TicketFields)[]): FieldIssue[] {
  const issues: FieldIssue[] = [];
  for (const field of names) {
    const text = fields[field];
    if (field !== 'product' && isBlank(text)) issues.push({ field, problem: 'blank' });
    else if (text.length > FIELD_LIMITS[field]) issues.push({ field, problem: 'too-long' });
    else if (field !== 'body' && /[\r\n]/.test(text)) issues.push({ field, problem: 'line-break' });
  }
  return issues;
}

/** Nothing that a reader would see: white space, and the invisible characters that pass for text (\u2800 is blank braille). */
export function isBlank(text: string): boolean {
  return /^[\s\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]*$/u.test(text);
}

/** Where in Discord something was written. There is no server in a direct message with the bot. */
export interface Place {
  readonly guildId?: string | undefined;
  /** As the server was called then; missing when that was not known. */
  readonly guildName?: string | undefined;
  readonly channelId?: string | undefined;
  readonly channelName?: string | undefined;
}

/** A Discord user. `name` is the username, which is unique in Discord and may change. */
export interface Person {
  readonly id: string;
  readonly name: string;
}

/** What a ticket says of the message that it was escalated from. */
export interface EscalatedMessage {
  readonly id: string;
  readonly url: string;
  readonly author: Person;
  /** Where the message stands, if that is not where it was escalated: a thread shows the message that it is about. */
  readonly channelId?: string | undefined;
  /** Milliseconds since 1970. */
  readonly writtenAt?: number | undefined;
  /** What stands above it in Discord, in words: that it answers somebody or a command, or that Discord wrote it. */
  readonly circumstances?: string | undefined;
  /** The whole message, when the form had no room for all of it. */
  readonly fullText?: string | undefined;
}

/**
 * The body as the helpdesk gets it: the text, as it was written, and below a separator the lines by which the staff find the person
 * and the message. They are not in the form, so nobody can change them.
 */
export function bodyWithOrigin(body: string, submitter: Person, place: Place, escalated?: EscalatedMessage): string {
  const whole = escalated?.fullText ? `\n\nThe whole message:\n${escalated.fullText}` : '';
  // The form of an escalation ends with free lines to write in.
  const text = escalated ? body.trimEnd() : body;
  return `${text}${whole}\n\n-- \n${originOf(submitter, place, escalated)}`;
}

function originOf(submitter: Person, place: Place, escalated: EscalatedMessage | undefined): string {
  if (!escalated) return `Discord: ${personWords(submitter)}, ${placeWords(place)}`;
  const { author, writtenAt, circumstances, url } = escalated;
  const written = writtenAt === undefined ? undefined : readableTime(writtenAt);
  const about = [personWords(author), written, circumstances].filter((part) => part).join(', ');
  return `Discord: message of ${about}: ${url}\nEscalated by the moderator ${personWords(submitter)}, ${placeWords(place)}`;
}

/** Names change and may be chosen to mislead: the ID stands beside them. */
function personWords({ name, id }: Person): string {
  return `${name} (${id})`;
}

function placeWords({ guildId, guildName, channelId, channelName }: Place): string {
  if (!guildId) return 'direct message with the bot';
  const channel = channelName ? `#${channelName}` : `channel ${channelId ?? 'unknown'}`;
  return `${channel} in ${guildName ? `${guildName} (${guildId})` : `server ${guildId}`}`;
}

/** As in "27 Nov 2026, 15:04 UTC". @param at Milliseconds since 1970. */
function readableTime(at: number): string | undefined {
  const [, date, time] = /^\w+, 0?(\d+ \w+ -?\d+) (\d+:\d+)/.exec(new Date(at).toUTCString()) ?? [];
  return date && time && `${date}, ${time} UTC`;
}
