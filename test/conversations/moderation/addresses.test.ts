import { expect, test } from 'vitest';
import type { Place } from '../../../sandbox/discord/people/place.ts';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import type { SandboxUser } from '../../../sandbox/discord/people/user.ts';
import { codeIn } from '../../../sandbox/mailbox.ts';
import { linkAccount, submitTicket } from '../../support/conversation.ts';
import { COMMUNITY, escalate, type Moderated, read, startModerated } from '../../support/moderated.ts';

const ADDRESS = /[\w.+-]+@[\w-]+\.[\w.]+/g;

/** A refusal that quotes the account; what the real helpdesk says there, nobody has promised. */
const refusalNaming = (email: string) =>
  ({
    works: false,
    effect: {
      kind: 'ticket',
      status: 'failed',
      text: `Kayako exception occurred while fetching <${email}>. Please try again!`,
      reference: '-1',
    },
  }) as const;

/**
 * Everything that a person was ever sent, in whatever state: texts, buttons, files, forms. What makes an address
 * unclickable does not make it unreadable, so that is taken out.
 */
function everythingSentTo({ talk }: Moderated, user: SandboxUser): string {
  const { discord } = talk.world;
  const messages = user.messages.flatMap((message) => [
    ...[message.text, JSON.stringify(message.components), ...message.files.map(({ name, text }) => `${name} ${text}`)],
    ...message.edits.map((edit) => JSON.stringify({ ...edit, attachments: [] })),
  ]);
  const forms = discord.interactions
    .filter(({ person }) => person.id === user.id)
    .map(({ outcome }) => (outcome?.kind === 'modal' ? JSON.stringify(outcome.modal) : ''));
  return [...messages, ...forms].join('\n').replaceAll(/[\u200b\\]/g, '');
}

const addressesSentTo = (scene: Moderated, place: Place) =>
  new Set(everythingSentTo(scene, place.user).match(ADDRESS) ?? []);

test('a refusal of the helpdesk that quotes the author’s address does not show it to the moderator, now or later', async () => {
  const scene = await startModerated();
  const { talk, ada, mia } = scene;
  await linkAccount(ada, 'ada@example.org', talk.world);
  const form = await escalate(mia, await ada.say('Help'));
  talk.world.helpdesk.fault(refusalNaming('ada@example.org'), { times: 1 });
  const refused = asMessage(await form.submit({ behalf: ['author'] }));
  expect(refused.text).toContain('while fetching \\<(address)>');
  const exported = asMessage(await asMessage(await mia.slash('account')).click('Export my data'));
  expect(exported.files[0]?.text).toContain('while fetching <(address)>');
  expect(addressesSentTo(scene, mia)).toEqual(new Set());
});

test('moderators, members and the audit channel are never sent an address, whatever happens', async () => {
  const scene = await startModerated({ env: { ESCALATION_NOTICE: 'reply', LINK_MAILS_PER_HOUR: '5' } });
  const { talk, ada, mia, max, log, entry, entries } = scene;
  const { helpdesk, mailbox } = talk.world;
  const bob = talk.join('bob');
  // Linking, with all that can go wrong.
  mailbox.fault = 'refuse';
  await asModal(await ada.slash('link')).submit({ email: 'wrong@example.org' });
  mailbox.fault = undefined;
  const sent = asMessage(await asModal(await ada.slash('link')).submit({ email: 'ada@example.org' }));
  await asModal(await sent.click('Enter code')).submit({ code: '000000' });
  const code = codeIn(await mailbox.next('ada@example.org')) ?? '';
  await asModal(await sent.click('Enter code')).submit({ code });
  await linkAccount(mia, 'mia@example.org', talk.world);
  for (let i = 0; i < 6; i += 1) await asModal(await bob.slash('link')).submit({ email: 'ada@example.org' });
  await entry(`Linked by mailed code · <@${ada.user.id}>`);

  // Tickets and escalations, each in every name, with every end.
  for (const place of [ada, mia]) {
    const own = `${place.user.name}@example.org`;
    helpdesk.fault(refusalNaming(own), { times: 1 });
    await submitTicket(place, { subject: 'Refused', body: own === 'ada@example.org' ? 'a' : 'b' });
    helpdesk.fault('open-then-reset', { times: 1 });
    await submitTicket(place, { subject: 'Unconfirmed', body: 'c' });
    await submitTicket(place, { subject: 'Opened', body: 'd' });
  }
  for (const behalf of ['author', 'community', 'self']) {
    const email = { author: 'ada@example.org', community: COMMUNITY, self: 'mia@example.org' }[behalf] ?? '';
    const message = await ada.say(`Help ${behalf}`);
    const form = await escalate(mia, message);
    helpdesk.fault(refusalNaming(email), { times: 1 });
    const refused = asMessage(await form.submit({ behalf: [behalf] }));
    await refused.click('Edit');
    await refused.click('Show my text');
    helpdesk.fault('open-then-reset', { times: 1 });
    const unconfirmed = asMessage(await refused.click('Try again'));
    await unconfirmed.click('Send it again');
    await max.messageCommand('Escalate to ticket', message);
  }

  // Control.
  await read(mia, 'helpdesk status');
  await read(mia, 'helpdesk who', { user: ada.user.id });
  await read(mia, 'helpdesk block', { user: ada.user.id, reason: 'Spam' });
  await read(ada, 'ticket');
  await read(mia, 'helpdesk unblock', { user: ada.user.id });
  await asMessage(await ada.slash('account')).click("Don't allow");
  await read(mia, 'helpdesk unlink', { user: ada.user.id });
  for (const place of [ada, bob, mia, max]) await place.slash('account');
  await asMessage(await mia.slash('account')).click('Export my data');
  await entry('Unlinked');

  expect(helpdesk.tickets.filter(({ requesterEmail }) => requesterEmail === 'ada@example.org').length).toBeGreaterThan(
    3,
  );
  expect(addressesSentTo(scene, max)).toEqual(new Set());
  // People read what they typed themselves, whoever's it is, and nobody else does.
  expect(addressesSentTo(scene, bob)).toEqual(new Set(['ada@example.org']));
  expect(addressesSentTo(scene, ada)).toEqual(new Set(['wrong@example.org', 'ada@example.org']));
  expect(addressesSentTo(scene, mia)).toEqual(new Set(['mia@example.org']));
  expect(entries().length).toBeGreaterThan(12);
  expect(entries().join('\n')).not.toMatch(/@(?!\d)|•/);
  expect(mia.user.messages.filter(({ channelId }) => channelId === log.id).every(({ ephemeral }) => !ephemeral)).toBe(
    true,
  );
  expect(talk.logged.join('\n').match(ADDRESS)).toBeNull();
});

test('with LINK_VERIFICATION=moderator a mask is all that moderators see, and only until they have decided', async () => {
  const scene = await startModerated({ env: { LINK_VERIFICATION: 'moderator', LINK_MAILS_PER_HOUR: '10' } });
  const { talk, ada, mia, max, log } = scene;
  const bob = talk.join('bob');
  const request = async (email: string) => {
    const before = new Set(mia.user.messages.map(({ id }) => id));
    const asked = mia.user.waitFor(({ id, channelId }) => channelId === log.id && !before.has(id));
    // What was decided before is read first.
    const shown = await ada.slash('link');
    await asModal(shown.kind === 'message' ? await shown.click('Link account') : shown).submit({ email });
    return asked;
  };
  const refused = await request('wrong@example.org');
  expect(refused.text).toContain('asks to link w•••@e•••.org');
  await refused.click('Refuse');
  const approved = await request('ada@example.org');
  await approved.click('Approve');
  asMessage(await ada.slash('ticket'));
  for (const { text } of [refused, approved]) expect(text).not.toContain('•');
  expect(await read(mia, 'helpdesk who', { user: ada.user.id })).toContain('approved by a moderator');
  const form = await escalate(mia, await ada.say('Help'));
  await form.submit({ behalf: ['author'] });
  expect(talk.world.helpdesk.tickets.map(({ requesterEmail }) => requesterEmail)).toEqual(['ada@example.org']);

  expect(addressesSentTo(scene, ada)).toEqual(new Set(['wrong@example.org', 'ada@example.org']));
  for (const place of [bob, mia, max]) expect(addressesSentTo(scene, place)).toEqual(new Set());
  // Not even a mask outside the audit channel, but for their own.
  expect(everythingSentTo(scene, bob.user)).not.toContain('•');
  const elsewhere = mia.user.messages.filter(({ channelId }) => channelId !== log.id);
  expect(elsewhere.map(({ text }) => text).join('\n')).not.toContain('•');
});
