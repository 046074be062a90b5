import type { Notification } from '../../tickets/lifecycle/person-record.ts';
import { escapeUserText } from './escape-user-text.ts';
import { lines } from './reply.ts';

/** What an author reads about a ticket that a moderator opened in their name, or may have. */
export function inYourNameWords(
  about: Extract<Notification, { kind: 'opened-in-your-name' | 'maybe-opened-in-your-name' }>,
): string {
  const { moderatorId, messageUrl } = about;
  const optOut = 'If moderators should not do that, say so in `/account`.';
  if (about.kind === 'maybe-opened-in-your-name') {
    return lines(
      `A moderator, <@${moderatorId}>, sent a ticket in your name, from ${messageUrl}. **It is not known whether it was opened**: a confirmation in your account's mailbox means that it is.`,
      optOut,
    );
  }
  const ticket = about.reference ? `ticket ${escapeUserText(about.reference, 60)}` : 'a ticket';
  return lines(
    `A moderator, <@${moderatorId}>, opened ${ticket} in your name, from ${messageUrl}. Answers arrive at your account's address.`,
    optOut,
  );
}
