import { notify } from '../lifecycle/deliver.ts';
import type { PersonRecord } from '../lifecycle/person-record.ts';
import { changeTicket, type OpenedTicket, type OpenedTicketsRecord } from '../opened/opened-tickets-record.ts';
import { afterNotice, MOST_REFUSED, notificationIdOf, withoutWatch } from './watch-changes.ts';

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
  return {
    record: withoutWatch(record),
    person: notify(person, 'watching-ended', { kind: 'watching-ended' }, now),
  };
}

/** @param refused Direct messages in a row that Discord has refused. */
export function withRefused(record: OpenedTicketsRecord, refused: number): OpenedTicketsRecord {
  return record.watch && record.watch.refused !== refused ? { ...record, watch: { ...record.watch, refused } } : record;
}
