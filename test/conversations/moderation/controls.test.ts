import { expect, test } from 'vitest';
import type { Place } from '../../../sandbox/discord/people/place.ts';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import { linkAccount, submitTicket } from '../../support/conversation.ts';
import {
  createElsewhere,
  type Elsewhere,
  escalate,
  type Moderated,
  read,
  startModerated,
} from '../../support/moderated.ts';
import { ticketForm } from '../../support/ticket-form.ts';

const HOUR_MS = 3_600_000;

/** One server with ada, a linked member. */
async function startOneServer(): Promise<Moderated> {
  const scene = await startModerated();
  await linkAccount(scene.ada, 'ada@example.org', scene.talk.world);
  return scene;
}

/** Two servers with one bot; ada is a member of both. */
async function startTwoServers(): Promise<Moderated & { elsewhere: Elsewhere; adaElsewhere: Place }> {
  let elsewhere: Elsewhere | undefined;
  const scene = await startModerated({
    prepare(talk) {
      elsewhere = createElsewhere(talk);
    },
  });
  if (!elsewhere) throw new Error('There is one server only');
  await linkAccount(scene.ada, 'ada@example.org', scene.talk.world);
  return { ...scene, elsewhere, adaElsewhere: elsewhere.welcome(scene.ada.user) };
}

const inDirectMessage = ({ user }: Place) => user.inDirectMessage();

test('a pause is read by members before any form, keeps what was typed, and ends with resume', async () => {
  const { talk, ada, mia } = await startOneServer();
  const open = await ticketForm(ada);
  await read(mia, 'helpdesk pause', { notice: 'We move to a new data centre until noon.' });
  const instead = await read(ada, 'ticket');
  expect(instead).toContain('We move to a new data centre until noon.');
  expect(instead).toContain("Use the command again once they're open.");

  const kept = asMessage(await open.submit({ subject: 'Typed before', body: 'the pause' }));
  expect(kept.text).toContain('We move to a new data centre until noon.');
  expect(kept.text).toContain('your text is saved');
  expect(talk.world.helpdesk.tickets).toEqual([]);
  expect(await read(mia, 'helpdesk resume')).toContain('Tickets are open here again');
  expect(asMessage(await kept.click('Try again')).text).toContain('is open');
  expect(await read(mia, 'helpdesk resume')).toContain("weren't paused");
});

test('a pause and a block are read before a text is edited', async () => {
  const { talk, ada, mia } = await startOneServer();
  talk.world.helpdesk.fault('refused', { times: 1 });
  const refused = asMessage(await (await ticketForm(ada)).submit({ subject: 'Typed', body: 'before' }));
  await read(mia, 'helpdesk pause', { notice: 'Closed for the night' });
  const paused = asMessage(await refused.click('Edit'));
  expect(paused.text).toContain('Closed for the night');
  expect(paused.buttons.map(({ label }) => label)).toEqual(['Try again', 'Edit', 'Show my text']);
  await read(mia, 'helpdesk resume');
  await read(mia, 'helpdesk block', { user: ada.user.id, reason: 'Spam' });
  expect(asMessage(await refused.click('Edit')).text).toContain("The moderators' reason: Spam");
  await read(mia, 'helpdesk unblock', { user: ada.user.id });
  expect(asModal(await refused.click('Edit')).field('body').value).toBe('before');
});

test.each(['pause', 'block'])(
  'a %s that is read before a text is edited does not hide that the text may be a ticket',
  async (control) => {
    const { talk, mia, ada } = await startModerated();
    await linkAccount(ada, 'ada@example.org', talk.world);
    talk.world.helpdesk.fault('open-then-reset', { times: 1 });
    const told = await submitTicket(ada, { subject: 'My server is down', body: 'Since this morning.' });
    if (control === 'pause') await mia.slash('helpdesk pause', { notice: 'Moving' });
    else await mia.slash('helpdesk block', { user: ada.user.id, reason: 'Spam' });
    const edited = asMessage(await told.click('Edit'));
    expect(edited.text).toContain('Nothing was sent');
    expect(edited.text).toContain('may have become a ticket');
  },
);

test('a pause holds for moderators who escalate, too', async () => {
  const { talk, ada, mia } = await startOneServer();
  const message = await ada.say('Help');
  const form = await escalate(mia, message);
  await read(mia, 'helpdesk pause', { notice: 'Closed for the night' });
  expect(asMessage(await mia.messageCommand('Escalate to ticket', message)).text).toContain('Closed for the night');
  const kept = asMessage(await form.submit({ behalf: ['community'] }));
  expect(kept.text).toContain('Closed for the night');
  expect(talk.world.helpdesk.tickets).toEqual([]);
});

test('a pause that began while a moderator was reading something else is read before the form', async () => {
  const { talk, ada, mia, max } = await startOneServer();
  await linkAccount(max, 'max@example.org', talk.world);
  await read(mia, 'helpdesk unlink', { user: max.user.id });
  const told = asMessage(await max.messageCommand('Escalate to ticket', await ada.say('Help')));
  expect(told.text).toContain('Your account was unlinked');
  await read(mia, 'helpdesk pause', { notice: 'Closed for the night' });
  expect(asMessage(await told.click('Escalate')).text).toContain('Closed for the night');
  await read(mia, 'helpdesk resume');
  asModal(await told.click('Escalate'));
});

test('a pause survives a restart', async () => {
  const { ada, mia, restart } = await startOneServer();
  await read(mia, 'helpdesk pause', { notice: 'Closed' });
  await restart();
  expect(await read(ada, 'ticket')).toContain('Closed');
  expect(await read(mia, 'helpdesk status')).toContain(`paused** here by <@${mia.user.id}>`);
});

test('a second pause replaces the notice of the first', async () => {
  const { ada, mia, max } = await startOneServer();
  await read(mia, 'helpdesk pause', { notice: 'Until noon' });
  await read(max, 'helpdesk pause', { notice: 'Until evening' });
  expect(await read(ada, 'ticket')).toContain('Until evening');
  await read(mia, 'helpdesk resume');
  await ticketForm(ada);
});

test('a blocked user reads the reason and the end, and can open tickets again after it', async () => {
  const { talk, ada, mia, restart } = await startOneServer();
  const open = await ticketForm(ada);
  await read(mia, 'helpdesk block', { user: ada.user.id, reason: 'Ten tickets about *one* thing', hours: 2 });
  const blocked = await read(ada, 'ticket');
  expect(blocked).toContain('Ten tickets about \\*one\\* thing');
  const end = Number(/until <t:(\d+):f>/.exec(blocked)?.[1]) * 1000;
  expect(end).toBeGreaterThan(talk.now() + 2 * HOUR_MS - 60_000);
  expect(end).toBeLessThan(talk.now() + 2 * HOUR_MS + 60_000);
  const kept = asMessage(await open.submit({ subject: 'Typed before', body: 'the block' }));
  expect(kept.text).toContain('your text is saved');
  expect(talk.world.helpdesk.tickets).toEqual([]);
  await restart();
  expect(await read(ada, 'ticket')).toContain('Ten tickets');

  talk.passTime(2 * HOUR_MS + 1000);
  await ticketForm(ada);
  expect(asMessage(await kept.click('Try again')).text).toContain('is open');
});

test('unblock ends a block at once, and a block without an end stays', async () => {
  const { talk, ada, mia } = await startOneServer();
  await read(mia, 'helpdesk block', { user: ada.user.id, reason: 'Spam', hours: 1 });
  await read(mia, 'helpdesk block', { user: ada.user.id, reason: 'Still spam' });
  talk.passTime(400 * 24 * HOUR_MS);
  expect(await read(ada, 'ticket')).toContain('Still spam');
  expect(await read(mia, 'helpdesk unblock', { user: ada.user.id })).toContain('can open tickets here again');
  await ticketForm(ada);
  expect(await read(mia, 'helpdesk unblock', { user: ada.user.id })).toContain("wasn't blocked here");
});

test('unlinking oneself does not lift a block', async () => {
  const { talk, ada, mia } = await startOneServer();
  await read(mia, 'helpdesk block', { user: ada.user.id, reason: 'Spam' });
  await asMessage(await ada.slash('account')).click('Unlink');
  await linkAccount(ada, 'ada@example.org', talk.world);
  expect(await read(ada, 'ticket')).toContain('Spam');
});

test('a blocked moderator escalates nothing, and what a blocked member wrote can be escalated', async () => {
  const { talk, ada, mia, max } = await startOneServer();
  const message = await ada.say('Help');
  const form = await escalate(max, message);
  await read(mia, 'helpdesk block', { user: max.user.id, reason: 'Escalates everything' });
  expect(asMessage(await max.messageCommand('Escalate to ticket', message)).text).toContain('Escalates everything');
  expect(asMessage(await form.submit({ behalf: ['community'] })).text).toContain('Escalates everything');
  expect(talk.world.helpdesk.tickets).toEqual([]);

  await read(mia, 'helpdesk block', { user: ada.user.id, reason: 'Spam' });
  asMessage(await (await escalate(mia, message)).submit({ behalf: ['author'] }));
  expect(talk.world.helpdesk.tickets.map(({ requesterEmail }) => requesterEmail)).toEqual(['ada@example.org']);
});

test('a notice keeps its formatting, and mentions in it are none', async () => {
  const { ada, mia } = await startOneServer();
  const notice = `**Moving**, see [the news](https://example.net), <@${ada.user.id}> and @everyone`;
  await read(mia, 'helpdesk pause', { notice });
  for (const shown of [await read(ada, 'ticket'), await read(mia, 'helpdesk status')]) {
    expect(shown).toContain('> **Moving**, see [the news](https://example.net)');
    expect(shown).not.toContain('@everyone');
    expect(shown).not.toContain(`<@${ada.user.id}> and`);
  }
});

test('reasons are shown as they were typed: no mention, no link, no formatting', async () => {
  const { ada, mia, entry } = await startOneServer();
  const words = `# Big **bold** [here](https://example.net) @everyone <@${ada.user.id}>`;
  await read(mia, 'helpdesk block', { user: ada.user.id, reason: words });
  const blocked = await read(ada, 'ticket');
  const noted = (await entry('Blocked <@')).text.split(': ').slice(1).join(': ');
  for (const shown of [blocked, noted]) {
    expect(shown).not.toContain('@everyone');
    expect(shown).not.toMatch(/(?<!\\)<@/);
    expect(shown).not.toContain('**bold**');
    expect(shown).not.toMatch(/(?<!\\)\[here\]/);
  }
});

test('with one server alone, its pause and its blocks hold in direct messages as well', async () => {
  const { ada, mia } = await startOneServer();
  await read(mia, 'helpdesk pause', { notice: 'Closed' });
  expect(await read(inDirectMessage(ada), 'ticket')).toContain('Closed');
  await read(mia, 'helpdesk resume');
  await read(mia, 'helpdesk block', { user: ada.user.id, reason: 'Spam' });
  expect(await read(inDirectMessage(ada), 'ticket')).toContain('Spam');
});

test('a pause in one of several servers closes neither the others nor direct messages', async () => {
  const { talk, ada, mia, elsewhere, adaElsewhere } = await startTwoServers();
  await read(elsewhere.zoe, 'helpdesk pause', { notice: 'Go to evil.example instead' });
  for (const place of [ada, inDirectMessage(ada)]) await ticketForm(place);
  expect(await read(adaElsewhere, 'ticket')).toContain('evil.example');
  expect(await read(mia, 'helpdesk status')).toContain('Tickets are open** here');
  expect(await read(mia, 'helpdesk resume')).toContain("weren't paused here");
  expect(await read(adaElsewhere, 'ticket')).toContain('evil.example');

  // What was begun in a direct message is no business of theirs either.
  const form = await ticketForm(inDirectMessage(ada));
  expect(asMessage(await form.submit({ subject: 'Hello', body: 'World' })).text).toContain('is open');
  expect(talk.world.helpdesk.tickets).toHaveLength(1);
});

test('a block in one of several servers holds there alone, and not in direct messages', async () => {
  const { talk, ada, mia, elsewhere, adaElsewhere } = await startTwoServers();
  const open = await ticketForm(adaElsewhere);
  await read(elsewhere.zoe, 'helpdesk block', { user: ada.user.id, reason: 'I do not like you' });
  for (const place of [ada, inDirectMessage(ada)]) await ticketForm(place);
  const kept = asMessage(await open.submit({ subject: 'Hello', body: 'World' }));
  expect(kept.text).toContain('I do not like you');
  // Nor can the moderators of the one server lift what those of the other decided.
  expect(await read(mia, 'helpdesk unblock', { user: ada.user.id })).toContain("wasn't blocked here");
  expect(await read(adaElsewhere, 'ticket')).toContain('I do not like you');
  // A text that was written there stays there.
  expect(asMessage(await kept.click('Try again')).text).toContain('I do not like you');
  expect(talk.world.helpdesk.tickets).toEqual([]);
});
