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
