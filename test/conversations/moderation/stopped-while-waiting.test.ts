import { expect, test } from 'vitest';
import type { Place } from '../../../sandbox/discord/people/place.ts';
import { asMessage } from '../../../sandbox/discord/people/shown.ts';
import type { ShownMessage } from '../../../sandbox/discord/people/shown-message.ts';
import { type Conversation, linkAccount, submitTicket } from '../../support/conversation.ts';
import { escalate, type Moderated, read, startModerated } from '../../support/moderated.ts';
import { ticketForm } from '../../support/ticket-form.ts';

/** A helpdesk that takes one ticket at a time, and hangs over one of somebody else's. */
async function startBusy(
  settings: Readonly<Record<string, string>> = {},
  { byRole = false } = {},
): Promise<Moderated & { release(): void }> {
  const env = { HELPDESK_CONCURRENCY: '1', ...settings };
  const scene = await startModerated({ env });
  if (byRole) await scene.restart({ ...env, MODERATOR_ROLE_IDS: scene.role.id });
  const { talk, ada } = scene;
  const { helpdesk } = talk.world;
  const bob = talk.join('bob');
  await linkAccount(ada, 'ada@example.org', talk.world);
  await linkAccount(bob, 'bob@example.org', talk.world);
  helpdesk.fault('hang', { times: 1 });
  const called = helpdesk.nextCall('api_openTicket');
  await (await ticketForm(bob)).submit({ subject: 'First', body: 'Please.' }, { untilAcknowledged: true });
  await called;
  return { ...scene, release: () => helpdesk.release() };
}

/** Submits a ticket that has to wait. */
async function queueUp({ talk }: Pick<Moderated, 'talk'>, place: Place, subject: string): Promise<ShownMessage> {
  const form = await ticketForm(place);
  return inLine(talk, asMessage(await form.submit({ subject, body: 'Please.' }, { untilAcknowledged: true })));
}

async function inLine({ clock }: Conversation, message: ShownMessage): Promise<ShownMessage> {
  await clock.passUntil(message.until(({ text }) => text.includes('in line')));
  return message;
}

const subjects = ({ talk }: Moderated) => talk.world.helpdesk.tickets.map(({ subject }) => subject);

test('a pause stops the tickets that wait in the line, says why, and uses up nobody’s limit', async () => {
  const scene = await startBusy({ TICKETS_PER_HOUR: '3', SERVER_TICKETS_PER_HOUR: '4' });
  const { ada, mia, release } = scene;
  const waiting = [await queueUp(scene, ada, 'A'), await queueUp(scene, ada, 'B'), await queueUp(scene, ada, 'C')];
  await read(mia, 'helpdesk pause', { notice: 'We move to a new data centre.' });
  release();
  for (const message of waiting) {
    await message.until(({ text }) => text.includes('We move to a new data centre.'));
    expect(message.text).toContain('**Nothing was sent**; your text is saved.');
    expect(message.buttons.map(({ label }) => label)).toEqual(['Try again', 'Edit', 'Show my text']);
  }
  expect(subjects(scene)).toEqual(['First']);
  await read(mia, 'helpdesk resume');
  for (const message of waiting) expect(asMessage(await message.click('Try again')).text).toContain('is open');
  expect(subjects(scene)).toEqual(['First', 'A', 'B', 'C']);
});

test('a block stops the tickets of the blocked person that wait, and nobody else’s', async () => {
  const scene = await startBusy();
  const { ada, mia, release, talk } = scene;
  await linkAccount(mia, 'mia@example.org', talk.world);
  const ofAda = await queueUp(scene, ada, 'A');
  const ofMia = await queueUp(scene, mia, 'M');
  await read(mia, 'helpdesk block', { user: ada.user.id, reason: 'Spam' });
  release();
  await ofAda.until(({ text }) => text.includes('reason: Spam'));
  await ofMia.until(({ text }) => text.includes('is open'));
  expect(subjects(scene)).toEqual(['First', 'M']);
});

test('a link that a moderator removes stops a ticket that waits', async () => {
  const scene = await startBusy();
  const { ada, mia, release } = scene;
  const message = await queueUp(scene, ada, 'A');
  await read(mia, 'helpdesk unlink', { user: ada.user.id });
  release();
  await message.until(({ text }) => text.includes('Link your email at the helpdesk first'));
  expect(subjects(scene)).toEqual(['First']);
});

test.each<[string, (scene: Moderated) => void, { byRole?: boolean }]>([
  ['loses the role', ({ role, mia, talk }) => talk.guild.member(mia.user).removeRole(role), {}],
  [
    'loses the role that MODERATOR_ROLE_IDS names',
    ({ role, mia, talk }) => talk.guild.member(mia.user).removeRole(role),
    { byRole: true },
  ],
  ['is removed from the server', ({ mia, talk }) => talk.guild.removeMember(mia.user), {}],
  [
    'has a role that loses its permission',
    ({ role }) => {
      role.permissions = 0n;
    },
    {},
  ],
])('a moderator who %s while an escalation waits opens nothing', async (_how, change, options) => {
  const scene = await startBusy({}, options);
  const { ada, mia, release } = scene;
  const form = await escalate(mia, await ada.say('Help'));
  const sent = asMessage(await form.submit({ behalf: ['community'] }, { untilAcknowledged: true }));
  const message = await inLine(scene.talk, sent);
  change(scene);
  release();
  await message.until(({ text }) => text.includes('Only moderators can escalate'));
  expect(message.text).toContain('**Nothing was sent**');
  expect(subjects(scene)).toEqual(['First']);
});

test.each([false, true])(
  'a moderator who still is one opens the escalation (MODERATOR_ROLE_IDS: %j)',
  async (byRole) => {
    const { ada, mia, talk, release } = await startBusy({}, { byRole });
    const form = await escalate(mia, await ada.say('Help'));
    const sent = asMessage(await form.submit({ behalf: ['community'] }, { untilAcknowledged: true }));
    const message = await inLine(talk, sent);
    release();
    await message.until(({ text }) => text.includes('is open'));
    expect(talk.world.helpdesk.tickets).toHaveLength(2);
  },
);

test('a pause stops a ticket whose login takes its time', async () => {
  const { talk, ada, mia } = await startModerated();
  const { helpdesk } = talk.world;
  await linkAccount(ada, 'ada@example.org', talk.world);
  helpdesk.fault('hang', { times: 1, operation: 'api_login' });
  const called = helpdesk.nextCall('api_login');
  const form = await ticketForm(ada);
  const message = asMessage(await form.submit({ subject: 'A', body: 'B' }, { untilAcknowledged: true }));
  await called;
  await read(mia, 'helpdesk pause', { notice: 'Closed for the night' });
  helpdesk.release();
  await message.until(({ text }) => text.includes('Closed for the night'));
  expect(message.text).toContain('**Nothing was sent**; your text is saved.');
  expect(helpdesk.tickets).toEqual([]);
  await read(mia, 'helpdesk resume');
  expect(asMessage(await message.click('Try again')).text).toContain('is open');
});

test('a pause stops a ticket before the bot repeats it with a new session', async () => {
  const { talk, ada, mia } = await startModerated();
  const { helpdesk } = talk.world;
  await linkAccount(ada, 'ada@example.org', talk.world);
  await submitTicket(ada, { subject: 'First', body: 'Logs in.' });
  helpdesk.expireSessions();
  helpdesk.fault('hang', { times: 1, operation: 'api_login' });
  const called = helpdesk.nextCall('api_login');
  const form = await ticketForm(ada);
  const message = asMessage(await form.submit({ subject: 'Second', body: 'B' }, { untilAcknowledged: true }));
  await called;
  await read(mia, 'helpdesk block', { user: ada.user.id, reason: 'Spam' });
  helpdesk.release();
  await message.until(({ text }) => text.includes('reason: Spam'));
  expect(helpdesk.tickets.map(({ subject }) => subject)).toEqual(['First']);
});
