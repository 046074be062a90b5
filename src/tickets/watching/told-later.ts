import { notify, removeNotification } from '../lifecycle/deliver.ts';
import type { PersonRecord } from '../lifecycle/person-record.ts';
import { changeTicket, type OpenedTicket, type OpenedTicketsRecord } from '../opened/opened-tickets-record.ts';
import { afterNotice, MOST_REFUSED, notificationIdOf, withoutWatch } from './watch-changes.ts';

const WATCHING_ENDED = 'watching-ended';

/** Somebody's tickets, and what they are told. */
export interface Both {
  readonly record: OpenedTicketsRecord;
  readonly person: PersonRecord;
}

/** The person reads it at their next command instead. */
export function leftForNextCommand(
  record: OpenedTicketsRecord,
  person: PersonRecord,
  ticket: OpenedTicket,
  now: number,
): Both {
  const { id, reference = '', notice } = ticket;
  const about = { kind: 'ticket-changed', ticketId: id, reference, changedAt: notice?.changedAt ?? now } as const;
  return {
    record: changeTicket(record, id, () => afterNotice(ticket, now)),
    person: notify(person, notificationIdOf(id), about, now),
  };
}

/** Somebody who takes no direct messages is told at commands alone, and after a few of them that this ends. */
export function afterRefusal({ record, person }: Both, now: number): Both {
  const refused = (record.watch?.refused ?? 0) + 1;
  if (refused < MOST_REFUSED) return { record: withRefused(record, refused), person };
  // What waits at their other tickets is no less news because of that.
  const all = record.tickets
    .filter(({ notice, newSince }) => notice !== undefined && newSince !== undefined)
    .reduce<Both>((both, ticket) => leftForNextCommand(both.record, both.person, ticket, now), { record, person });
  return {
    record: withoutWatch(all.record),
    person: notify(all.person, WATCHING_ENDED, { kind: 'watching-ended' }, now),
  };
}

/** They want to be told again: that it has ended is no longer true. */
export function withoutWatchingEnded(person: PersonRecord): PersonRecord {
  return removeNotification(person, WATCHING_ENDED);
}

/** Without what is still to be told of tickets: whoever unlinks sees nothing of them. */
export function withoutTicketNews(person: PersonRecord): PersonRecord {
  return person.notifications
    .filter(({ about: { kind } }) => kind === 'ticket-changed' || kind === 'watching-ended')
    .reduce((rest, { id }) => removeNotification(rest, id), person);
}

/** @param refused Direct messages in a row that Discord has refused. */
export function withRefused(record: OpenedTicketsRecord, refused: number): OpenedTicketsRecord {
  return record.watch && record.watch.refused !== refused ? { ...record, watch: { ...record.watch, refused } } : record;
}
