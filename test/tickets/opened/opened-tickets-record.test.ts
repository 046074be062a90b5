import { expect, test } from 'vitest';
import {
  MOST_TICKETS,
  type OpenedTicket,
  type OpenedTicketsRecord,
  withTicket,
} from '../../../src/tickets/opened/opened-tickets-record.ts';

const ticket = (number: number, touchedAt = number): OpenedTicket => ({
  ...{ id: `t${number}`, reference: `KVO-530-${number}`, subject: 'Down', account: 'a', openedAt: number, touchedAt },
});
const full: OpenedTicketsRecord = { tickets: Array.from({ length: MOST_TICKETS }, (_, number) => ticket(number)) };
const idsOf = ({ tickets }: OpenedTicketsRecord) => tickets.map(({ id }) => id);

test('one more than are known takes the place of the one that was touched longest ago', () => {
  const record = withTicket(full, ticket(MOST_TICKETS));

  expect(record.tickets).toHaveLength(MOST_TICKETS);
  expect(idsOf(record)[0]).toBe('t1');
  expect(idsOf(record).at(-1)).toBe(`t${MOST_TICKETS}`);
});

test('an old ticket in which something has happened lately stays, in its place', () => {
  const [first, ...others] = full.tickets;
  const changed = { tickets: [ticket(0, MOST_TICKETS), ...others] };
  expect(first?.id).toBe('t0');

  const record = withTicket(changed, ticket(MOST_TICKETS));

  expect(idsOf(record).slice(0, 2)).toEqual(['t0', 't2']);
});

test('a ticket that is added once more changes nothing', () => {
  expect(withTicket(full, ticket(5, 1_000))).toEqual(full);
});
