import { expect, test } from 'vitest';
import { ticketViewReply } from '../../src/discord/replies/ticket-view-reply.ts';
import { see } from './see.ts';

/** What the card of a ticket says of its last post, of somebody else. */
function shownTime(writtenAt: string): string {
  const { text } = see(
    ticketViewReply(
      {
        reference: 'KVO-530-34143',
        subject: 'My server is down',
        state: 'Open',
        isClosed: false,
        lastActivityAt: '',
        ownPosts: [],
        otherPosts: [{ writtenAt }],
      },
      {
        ticket: {
          id: 'one',
          reference: 'KVO-530-34143',
          openedAt: 0,
          subject: 'My server is down',
          account: 'x',
          touchedAt: 0,
        },
        helpdesk: { name: 'the helpdesk', ticketUrl: undefined },
        page: 0,
      },
    ),
  );
  return /^💬 (.*)$/m.exec(text)?.[1] ?? '';
}

test.each([
  ['1795828903', '1 post of somebody else, the last one <t:1795828903:R>.'],
  ['2026-11-28T01:21:43Z', '1 post of somebody else, the last one <t:1795828903:R>.'],
  ['2026-11-28T02:21:43.0+01:00', '1 post of somebody else, the last one <t:1795828903:R>.'],
  ['2026-11-28 01:21:43', '1 post of somebody else, the last one 2026-11-28 01:21:43 by the clock of the helpdesk.'],
  ['2026-11-28T01:21:43', '1 post of somebody else, the last one 2026-11-28T01:21:43 by the clock of the helpdesk.'],
  ['2026-99-99T99:99Z', '1 post of somebody else, the last one 2026-99-99T99:99Z by the clock of the helpdesk.'],
  ['', '1 post of somebody else.'],
])(
  'a helpdesk that writes the time as "%s" has it shown to each person in their own, where that can be',
  (written, shown) => {
    expect(shownTime(written)).toBe(shown);
  },
);
