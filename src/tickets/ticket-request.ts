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
  const issues: FieldIssue[] = [];
  for (const field of ['subject', 'product', 'body'] as const) {
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

/** Where in Discord something was written. Neither is set in a direct message with the bot. */
export interface Place {
  readonly guildId?: string | undefined;
  readonly channelId?: string | undefined;
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
  /** The whole message, when the form had no room for all of it. */
  readonly fullText?: string | undefined;
}

/** The body as the helpdesk gets it: the text, exactly, and a line by which the staff find the person. */
export function bodyWithOrigin(body: string, submitter: Person, place: Place, escalated?: EscalatedMessage): string {
  const where = place.guildId
    ? `server ${place.guildId}, channel ${place.channelId ?? 'unknown'}`
    : 'a direct message with the bot';
  const who = `${submitter.name} (user ${submitter.id})`;
  const how = escalated
    ? `Escalated from Discord by the moderator ${who}, from ${where}, ${escalated.url}, ` +
      `a message of ${escalated.author.name} (user ${escalated.author.id})`
    : `Opened from Discord by ${who}, from ${where}`;
  const whole = escalated?.fullText ? `\n\nThe whole message:\n${escalated.fullText}` : '';
  return `${body}${whole}\n\n-- \n${how}.`;
}
