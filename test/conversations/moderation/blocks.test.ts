import { expect, test } from 'vitest';
import type { Place } from '../../../sandbox/discord/people/place.ts';
import { createElsewhere, type Elsewhere, read, startModerated } from '../../support/moderated.ts';

const HOUR_MS = 3_600_000;

const block = (moderator: Place, member: Place, reason: string, hours?: number) =>
  read(moderator, 'helpdesk block', { user: member.user.id, reason, ...(hours && { hours }) });

test('blocks lists who is blocked, by whom, why and until when, the newest first', async () => {
  const { talk, ada, mia, max } = await startModerated();
  const bob = talk.join('bob');
  expect(await read(mia, 'helpdesk blocks')).toContain('Nobody is blocked here');
  await block(mia, ada, 'Ten tickets about *one* thing', 2);
  talk.passTime(1000);
  await block(max, bob, 'Spam');
  const list = await read(mia, 'helpdesk blocks');
  expect(list).toContain('2 members are blocked here');
  const [first, second] = list.split('\n').filter((line) => line.startsWith('- '));
  expect(first).toMatch(new RegExp(`<@${bob.user.id}> until unblocked, by <@${max.user.id}> <t:\\d+:R>: Spam`));
  expect(second).toMatch(
    new RegExp(`<@${ada.user.id}> until <t:\\d+:f>, by <@${mia.user.id}> <t:\\d+:R>: Ten tickets`),
  );
  expect(second).toContain('\\*one\\*');

  talk.passTime(2 * HOUR_MS);
  const later = await read(mia, 'helpdesk blocks');
  expect(later).toContain('1 member is blocked here');
  expect(later).not.toContain(ada.user.id);
});

test('a list that does not fit into a message says how many are missing', async () => {
  const { talk, mia } = await startModerated();
  const members = Array.from({ length: 40 }, (_, number) => talk.join(`member${number}`));
  for (const member of members) await block(mia, member, `*${'Very long reasons '.repeat(20)}`);
  const list = await read(mia, 'helpdesk blocks');
  const shown = list.split('\n').filter((line) => line.startsWith('- ')).length;
  expect(list).toContain('40 members are blocked here');
  expect(list).toContain(`${40 - shown} more, older ones`);
  expect(shown).toBeGreaterThan(10);
  expect(list.length).toBeLessThan(4000);
});

test('blocks of another server are not listed', async () => {
  let elsewhere: Elsewhere | undefined;
  const { ada, mia } = await startModerated({
    prepare(talk) {
      elsewhere = createElsewhere(talk);
    },
  });
  if (!elsewhere) throw new Error('There is one server only');
  await block(elsewhere.zoe, elsewhere.welcome(ada.user), 'I do not like you');
  expect(await read(mia, 'helpdesk blocks')).toContain('Nobody is blocked here');
  expect(await read(mia, 'helpdesk who', { user: ada.user.id })).toContain('Not blocked here');
  expect(await read(elsewhere.zoe, 'helpdesk blocks')).toContain(ada.user.id);
});

test('who says that somebody is blocked, also when they have left the server', async () => {
  const { talk, ada, mia } = await startModerated();
  await block(mia, ada, 'Spam', 2);
  const member = await read(mia, 'helpdesk who', { user: ada.user.id });
  expect(member).toContain("isn't linked");
  expect(member).toMatch(/Blocked here until <t:\d+:f>, by <@\d+> <t:\d+:R>: Spam/);
  talk.guild.removeMember(ada.user);
  const gone = await read(mia, 'helpdesk who', { user: ada.user.id });
  expect(gone).toContain("isn't on this server");
  expect(gone).toContain('Blocked here until');
  await read(mia, 'helpdesk unblock', { user: ada.user.id });
  expect(await read(mia, 'helpdesk who', { user: ada.user.id })).toContain('Not blocked here');
});
