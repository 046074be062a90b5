import { expect, test } from 'vitest';
import { ticketReply } from '../../src/discord/replies/ticket-reply.ts';
import { newDraftId } from '../../src/tickets/ticket-drafts.ts';
import { FIELD_LIMITS } from '../../src/tickets/ticket-fields.ts';
import type { TicketOutcome } from '../../src/tickets/ticket-outcome.ts';
import { see } from './see.ts';

const AT = Date.UTC(2026, 10, 24, 12);

test('an opened ticket is linked to where HELPDESK_TICKET_URL says, however strange its reference', () => {
  const ticketUrl = 'https://my.example.com/tickets/{reference}?again={reference}';
  const link = (reference: string | undefined) =>
    see(
      ticketReply(
        { kind: 'opened', reference },
        { draftId: newDraftId(), submitterId: '1', isEscalation: false, helpdesk: { name: 'the helpdesk', ticketUrl } },
      ),
    ).buttons;
  expect(link('KVO-530-34143')).toEqual({
    'View ticket': 'https://my.example.com/tickets/KVO-530-34143?again=KVO-530-34143',
    'My tickets': 'tickets',
  });
  expect(link('a b>)/[x]')['View ticket']).toMatch(/tickets\/a%20b%3E\)%2F%5Bx%5D\?again=/);
  expect(link(undefined)).toEqual({ 'My tickets': 'tickets' });
  // Discord takes no longer address for a button.
  expect(link('x'.repeat(300))).toEqual({ 'My tickets': 'tickets' });
});

test('the longest texts there can be still fit into what Discord takes', () => {
  const long = (length: number) => '*<@[|~`_'.repeat(length / 8 + 1).slice(0, length);
  const earlier = {
    state: 'opened',
    reference: long(64),
    attemptId: '9'.repeat(20),
    submitterId: '9'.repeat(20),
    at: AT,
  } as const;
  const outcomes: TicketOutcome[] = [
    { kind: 'refused', reason: long(10_000), earlier },
    { kind: 'not-sent', reason: { kind: 'paused', notice: '> \n'.repeat(166) }, earlier },
    { kind: 'not-sent', reason: { kind: 'paused', notice: '\n'.repeat(500) }, earlier },
    { kind: 'not-sent', reason: { kind: 'blocked', reason: long(500), until: AT }, earlier },
    {
      kind: 'opened',
      reference: long(64),
      ticket: {
        subject: long(FIELD_LIMITS.subject),
        product: long(FIELD_LIMITS.product),
        account: { kind: 'self', email: 'a•••@e•••.org' },
      },
    },
    { kind: 'duplicate', of: earlier },
  ];
  const ticketUrl = `https://my.example.com/${'x'.repeat(200)}/{reference}`;
  for (const outcome of outcomes) {
    for (const isEscalation of [true, false]) {
      see(
        ticketReply(outcome, {
          draftId: newDraftId(),
          submitterId: '9'.repeat(20),
          isEscalation,
          helpdesk: { name: 'the helpdesk', ticketUrl },
        }),
      );
    }
  }
});
