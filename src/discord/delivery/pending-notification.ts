import type { PendingNotification } from '../../tickets/lifecycle/person-record.ts';
import type { Notifications } from '../../tickets/notifications.ts';
import type { OpenedTickets } from '../../tickets/opened/opened-tickets.ts';
import type { HelpdeskNames } from '../replies/helpdesk-words.ts';
import { inYourNameReply } from '../replies/in-your-name-reply.ts';
import { linkDecidedReply } from '../replies/link-reply.ts';
import { card, linkButton, type Reply, row } from '../replies/reply.ts';
import { ticketChangedReply, watchingEndedReply } from '../replies/watch-reply.ts';

/**
 * Notifications without those about tickets of an account that is linked no more: nothing of these can be seen. They are removed.
 * @throws {StorageError}
 */
export async function stillTheirs(
  userId: string,
  all: readonly PendingNotification[],
  { opened, notifications }: { opened: Pick<OpenedTickets, 'find'>; notifications: Pick<Notifications, 'remove'> },
): Promise<PendingNotification[]> {
  if (!all.some(({ about }) => about.kind === 'ticket-changed')) return [...all];
  const own = (await opened.find(userId))?.tickets ?? [];
  const isTheirs = ({ about }: PendingNotification) =>
    about.kind !== 'ticket-changed' || own.some(({ id }) => id === about.ticketId);
  for (const one of all) if (!isTheirs(one)) await notifications.remove(userId, one.id);
  return all.filter(isTheirs);
}

/** What a person is told at their next command beside outcomes. */
export function notificationReply({ about }: PendingNotification, helpdesk: HelpdeskNames): Reply {
  switch (about.kind) {
    case 'opened-in-your-name':
    case 'maybe-opened-in-your-name':
      return inYourNameReply(about, helpdesk);
    case 'link-decided':
      return linkDecidedReply(about.approved);
    case 'unlinked':
      return card(
        'moderation',
        '🔗 Your account was unlinked',
        [`A moderator, <@${about.moderatorId}>, removed the link. You can link it again.`],
        [row(linkButton())],
      );
    case 'ticket-changed':
      return ticketChangedReply(about, helpdesk);
    case 'watching-ended':
      return watchingEndedReply();
  }
}
