import { expect, test } from 'vitest';
import { asMessage } from '../../../sandbox/discord/people/shown.ts';
import { linkAccount } from '../../support/conversation.ts';
import { escalate, startModerated } from '../../support/moderated.ts';
import { directMessages, passLooks, passUntil, passUntilTold } from '../../support/watched.ts';

const NOTE = 'The customer forgot to pay. Wait.';

async function startEscalated(behalf: 'author' | 'self' | 'community') {
  const moderated = await startModerated();
  const { talk, ada, mia } = moderated;
  await linkAccount(ada, 'ada@example.org', talk.world);
  await linkAccount(mia, 'mia@example.org', talk.world);
  const form = await escalate(mia, await ada.say('My server is down'));
  asMessage(await form.submit({ subject: 'Down', body: 'See the message.', behalf: [behalf] }));
  const { helpdesk } = talk.world;
  const reference = helpdesk.tickets[0]?.reference ?? '';
  await moderated.entry(reference);
  return { ...moderated, helpdesk, reference };
}

test('the entry about an escalation says when its ticket has changed, and nothing else of it', async () => {
  const { talk, ada, helpdesk, reference, entries } = await startEscalated('author');
  // That it was opened in her name. A command that comes before would tell it instead.
  await passUntil(talk, () => directMessages(ada).length === 1);
  const account = asMessage(await ada.slash('account'));
  asMessage(await account.click('Tell me when something changes'));
  await passLooks(talk, 1);
  const before = entries().filter((text) => text.includes(reference));
  helpdesk.answerAsSupport({ reference, text: NOTE, isPrivate: true });
  await passUntilTold(talk, ada, 2);
  const after = entries().filter((text) => text.includes(reference));
  expect(after).toHaveLength(before.length);
  expect(after.at(-1)).toMatch(/ · changed <t:\d+:f>$/);
  expect(entries().join()).not.toContain(NOTE);
  helpdesk.setState(reference, 'In Progress');
  await passUntil(talk, () => directMessages(ada).length === 3);
  // One word about it: the last one.
  expect(
    entries()
      .filter((text) => text.includes(reference))
      .at(-1)
      ?.match(/changed/g),
  ).toHaveLength(1);
});

test('while its author does not want to be told, nobody looks at it for moderators', async () => {
  const { talk, helpdesk, reference, entries } = await startEscalated('author');
  helpdesk.setState(reference, 'In Progress');
  await talk.clock.passSlowly(3_600_000, 60_000);
  expect(helpdesk.calls.filter(({ operation }) => operation === 'api_viewTicket')).toEqual([]);
  expect(entries().join()).not.toContain('changed');
});

test('one on the own account of its moderator is theirs, who are told as everybody is', async () => {
  const { talk, mia, helpdesk, reference, entries } = await startEscalated('self');
  asMessage(await asMessage(await mia.slash('account')).click('Tell me when something changes'));
  await passLooks(talk, 1);
  helpdesk.setState(reference, 'In Progress');
  await passUntilTold(talk, mia);
  await passUntil(talk, () => entries().some((text) => text.includes('changed <t:')));
});

test("the community's own is watched for the moderators, and told to nobody else", async () => {
  const { talk, mia, ada, helpdesk, reference, entries } = await startEscalated('community');
  await passLooks(talk, 1);
  helpdesk.answerAsSupport({ reference, text: NOTE, isPrivate: false });
  await passUntil(talk, () => entries().some((text) => text.includes(reference) && text.includes('changed <t:')));
  await passLooks(talk, 2);
  expect([...directMessages(mia), ...directMessages(ada)]).toEqual([]);
  for (const place of [mia, ada]) expect(asMessage(await place.slash('tickets')).text).not.toContain(reference);
});

test("with another ESCALATION_EMAIL the community's old tickets are looked at no more", async () => {
  const { talk, helpdesk, restart } = await startEscalated('community');
  await passLooks(talk, 1);
  await restart({ ESCALATION_EMAIL: 'other@example.com' });
  const before = helpdesk.calls.length;
  await talk.clock.passSlowly(3_600_000, 60_000);
  expect(helpdesk.calls).toHaveLength(before);
});
