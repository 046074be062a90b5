import { expect, test } from 'vitest';
import { bodyWithOrigin, type EscalatedMessage } from '../../src/tickets/ticket-request.ts';

const ADA = { id: '1245678901234567801', name: 'ada' };
const MIA = { id: '1245678901234567802', name: 'mia' };
const PLACE = { guildId: '11', guildName: 'Example Server', channelId: '22', channelName: 'help' };
const MESSAGE: EscalatedMessage = { id: '33', url: 'https://discord.com/channels/11/22/33', author: ADA };

test.each([
  ['both names', PLACE, '#help in Example Server (11)'],
  ['no name', { guildId: '11', channelId: '22' }, 'channel 22 in server 11'],
  ['the name of the channel', { ...PLACE, guildName: undefined }, '#help in server 11'],
  ['the name of the server', { ...PLACE, channelName: undefined }, 'channel 22 in Example Server (11)'],
  ['no channel', { guildId: '11' }, 'channel unknown in server 11'],
  ['no server', { channelId: '22' }, 'direct message with the bot'],
])('below a ticket stands who wrote it and where, with %s', (_what, place, words) => {
  expect(bodyWithOrigin('It is down.', ADA, place)).toBe(
    `It is down.\n\n-- \nDiscord: ada (1245678901234567801), ${words}`,
  );
});

test('below an escalated message stands whose it is, when it was written, where it is, and who escalated it', () => {
  const writtenAt = Date.UTC(2026, 10, 27, 15, 4, 59);
  const circumstances = 'in reply to ben (1245678901234567803)';
  expect(bodyWithOrigin('> Help\n\n', MIA, PLACE, { ...MESSAGE, writtenAt, circumstances, fullText: 'Help me' })).toBe(
    [
      '> Help\n\nThe whole message:\nHelp me\n\n-- ',
      'Discord: message of ada (1245678901234567801), 27 Nov 2026, 15:04 UTC, in reply to ben (1245678901234567803): https://discord.com/channels/11/22/33',
      'Escalated by the moderator mia (1245678901234567802), #help in Example Server (11)',
    ].join('\n'),
  );
});

test.each([
  ['a day of one digit', Date.UTC(2026, 8, 5, 0, 0), ', 5 Sep 2026, 00:00 UTC: '],
  ['a time that no calendar has', 8.64e15 + 1, ' (1245678901234567801): '],
  ['no time, as of an escalation of an older version', undefined, ' (1245678901234567801): '],
])('the time of a message is readable: %s', (_what, writtenAt, words) => {
  expect(bodyWithOrigin('> Help', MIA, PLACE, { ...MESSAGE, writtenAt })).toContain(words);
});
