import { expect, test } from 'vitest';
import {
  moderationEntry,
  recoveredEntry,
  serverWords,
  submissionEntry,
} from '../../src/discord/delivery/audit-entries.ts';
import type { Attempt } from '../../src/tickets/lifecycle/person-record.ts';

const HELPDESK = { name: 'Example *Hosting*', ticketUrl: 'https://my.example.com/view?id={reference}' };
const WITHOUT_PAGE = { ...HELPDESK, ticketUrl: undefined };
const OPENED = { kind: 'opened', reference: 'KVO-530-34143' } as const;
const URL = 'https://discord.com/channels/1/2/3';
const own = { submitter: { id: '10' }, behalf: 'self', place: { guildId: '1', channelId: '2' } } as const;
const escalated = { ...own, escalated: { url: URL, author: { id: '20' } } } as const;

test('an entry begins with the ticket as a link to its page, and says who and where', () => {
  expect(submissionEntry(own, OPENED, HELPDESK)).toBe(
    '🎫 [KVO-530-34143](<https://my.example.com/view?id=KVO-530-34143>) · <@10> · <#2>',
  );
  expect(submissionEntry({ ...escalated, behalf: 'author' }, OPENED, HELPDESK)).toBe(
    `📨 [KVO-530-34143](<https://my.example.com/view?id=KVO-530-34143>) · <@10> for <@20> · ${URL}`,
  );
});

test('without HELPDESK_TICKET_URL, or without a number, there is no link', () => {
  expect(submissionEntry(own, OPENED, WITHOUT_PAGE)).toBe('🎫 **KVO-530-34143** · <@10> · <#2>');
  expect(submissionEntry(own, { kind: 'opened' }, HELPDESK)).toBe('🎫 Ticket opened, number unknown · <@10> · <#2>');
});

test('a number with markdown in it, or with the end of a link, stays one link', () => {
  expect(submissionEntry(own, { kind: 'opened', reference: '**1**](x) <2> @everyone' }, HELPDESK)).toBe(
    '🎫 [\\*\\*1\\*\\*\\](x) \\<2> @\u200beveryone](<https://my.example.com/view?id=**1**%5D(x)%20%3C2%3E%20%40everyone>) · <@10> · <#2>',
  );
});

test('a number that is too long for a link is shown without one', () => {
  const entry = submissionEntry(own, { kind: 'opened', reference: 'K'.repeat(5000) }, HELPDESK);
  expect(entry).toBe(`🎫 **${'K'.repeat(59)}…** · <@10> · <#2>`);
});

test('what was refused or is not certain has an emoji of its own, whoever sent it', () => {
  expect(submissionEntry(own, { kind: 'refused' }, HELPDESK)).toBe(
    '❌ Refused by Example \\*Hosting\\* · <@10> · <#2>',
  );
  expect(submissionEntry(escalated, { kind: 'unconfirmed' }, HELPDESK)).toBe(
    `⚠️ Not sure: a ticket may be open · <@10> on their own account · ${URL}`,
  );
});

test('a ticket of a direct message says so, and names no channel that nobody else can see', () => {
  expect(submissionEntry({ ...own, place: { channelId: '2' } }, OPENED, WITHOUT_PAGE)).toBe(
    '🎫 **KVO-530-34143** · <@10> · direct message',
  );
});

test('an entry that is made up for after a restart says so, and has no channel that is not known', () => {
  const attempt = { stage: { kind: 'unconfirmed' } } as unknown as Attempt;
  expect(recoveredEntry({ submitterId: '10', draftId: 'd', attempt }, HELPDESK)).toBe(
    '⚠️ Not sure: a ticket may be open · <@10> · found after a restart',
  );
});

test('what moderators do stands before who did it, with the name of the server as text', () => {
  const server = serverWords({ guildId: '1', guildName: '**Example** @everyone' });
  expect(moderationEntry('10', `paused tickets in ${server}`, 'Moving\nhouse')).toBe(
    '🛡️ Paused tickets in \\*\\*Example\\*\\* @\u200beveryone · <@10>: Moving house',
  );
  expect(serverWords({ guildId: '1' })).toBe('server 1');
});
