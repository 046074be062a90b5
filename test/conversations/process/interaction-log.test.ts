import { expect, test } from 'vitest';
import type { Place } from '../../../sandbox/discord/people/place.ts';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import { systemClock } from '../../../src/clock.ts';
import { InteractionLog } from '../../../src/discord/interaction-log.ts';
import { createLog } from '../../../src/log.ts';
import { startBotInWorld } from '../../support/bot-in-world.ts';
import { startBreakableConversation } from '../../support/breakable-storage.ts';
import { type Conversation, linkAccount, startConversation, submitTicket } from '../../support/conversation.ts';
import { expectNoLeak, TYPED } from '../../support/leaks.ts';
import { escalate, startModerated } from '../../support/moderated.ts';

const TEXT = { subject: TYPED.subject, product: TYPED.product, body: TYPED.body };

/** What an operator finds who looks for the lines about a person: searched for in the text, as grep would. */
function linesAbout(talk: Conversation, { user }: Pick<Place, 'user'>, event?: string): Record<string, unknown>[] {
  return talk.logged
    .filter((line) => line.includes(`"${user.id}"`))
    .map((line) => JSON.parse(line))
    .filter((line) => line.level === 'info' && line.event !== undefined && (!event || line.event === event));
}

/** The same in few words: command, outcome, reason, reference. */
function storyOf(talk: Conversation, person: Pick<Place, 'user'>, event?: string): string[] {
  return linesAbout(talk, person, event).map(({ command, outcome, reason, reference }) =>
    [command, outcome, reason, reference].filter((part) => part !== undefined).join(' · '),
  );
}

const lastInteraction = ({ world }: Conversation) => world.discord.interactions.at(-1)?.id;

test('what happened to a person’s ticket is answered by the log alone, from the first refusal to the reference', async () => {
  const talk = await startConversation({ tuning: { queue: { retryDelaysMs: [] } } });
  const { ada, world } = talk;
  await ada.slash('ticket');
  await linkAccount(ada, TYPED.email, world);
  await world.helpdesk.down();
  const unsent = await submitTicket(ada, TEXT);
  await world.helpdesk.up();
  await unsent.click('Try again');
  await submitTicket(ada, TEXT);
  const [ticket] = world.helpdesk.tickets;

  expect(storyOf(talk, ada)).toEqual([
    'ticket · not-sent · not-linked',
    'modal link · code-sent',
    'modal link-code · linked · mailed-code',
    expect.stringMatching(/^modal ticket · unreachable · \S+$/),
    `button ticket-retry · opened · ${ticket?.reference}`,
    `modal ticket · not-sent · duplicate-opened · ${ticket?.reference}`,
  ]);
  expectNoLeak(talk.logged, world);
});

test('a text that its writer deletes is accounted for, too', async () => {
  const talk = await startConversation({
    env: { LINK_VERIFICATION: 'none' },
    tuning: { queue: { retryDelaysMs: [] } },
  });
  const { ada, world } = talk;
  await asModal(await ada.slash('link')).submit({ email: TYPED.email });
  await world.helpdesk.down();
  await submitTicket(ada, TEXT);
  await asMessage(await ada.slash('ticket')).click('Delete');
  expect(storyOf(talk, ada, 'ticket').at(-1)).toBe('button draft-delete · draft-deleted');
  expectNoLeak(talk.logged, world);
});

test('each line says who, where, when, by which command and how long it took', async () => {
  const talk = await startConversation({ env: { LINK_VERIFICATION: 'none' } });
  const { ada, world } = talk;
  await asModal(await ada.slash('link')).submit({ email: TYPED.email });
  const called = world.helpdesk.nextCall('api_openTicket');
  world.helpdesk.fault('hang', { times: 1 });
  const submitting = submitTicket(ada, TEXT);
  await called;
  talk.passTime(1234);
  world.helpdesk.release();
  await submitting;

  const line = linesAbout(talk, ada, 'ticket').at(-1);
  expect(line).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    event: 'ticket',
    interactionId: lastInteraction(talk),
    userId: ada.user.id,
    guildId: talk.guild.id,
    channelId: talk.channel.id,
    command: 'modal ticket',
    outcome: 'opened',
    reference: world.helpdesk.tickets[0]?.reference,
    durationMs: expect.any(Number),
    msg: 'ticket: opened',
  });
  expect(line?.durationMs).toBeGreaterThanOrEqual(1234);
});

test('a refusal of the helpdesk and a doubt are told without a word of the helpdesk', async () => {
  const talk = await startConversation({
    env: { LINK_VERIFICATION: 'none' },
    tuning: { queue: { retryDelaysMs: [] } },
  });
  const { ada, world } = talk;
  await asModal(await ada.slash('link')).submit({ email: TYPED.email });
  world.helpdesk.fault('refused', { times: 1 });
  await submitTicket(ada, { ...TEXT, body: `${TYPED.body} 1` });
  world.helpdesk.fault('open-then-empty', { operation: 'api_openTicket', times: 1 });
  await submitTicket(ada, { ...TEXT, body: `${TYPED.body} 2` });

  expect(storyOf(talk, ada, 'ticket')).toEqual([
    'modal ticket · refused · helpdesk',
    expect.stringMatching(/^modal ticket · unconfirmed · \S+$/),
  ]);
  expectNoLeak(talk.logged, world);
});

test('a reference that could be a sentence or an address is not written down', () => {
  const lines: string[] = [];
  const interactionLog = new InteractionLog({ log: createLog('info', (line) => lines.push(line)), clock: systemClock });
  const actor = { id: '1', guildId: null, channelId: null, user: { id: '2' } };
  for (const reference of ['canary text', 'canary@leak.example', 'canary'.repeat(10), '']) {
    interactionLog.ticket(actor, { behalf: 'self' }, { kind: 'opened', reference });
  }
  expect(lines.map((line) => JSON.parse(line).reference)).toEqual(Array(4).fill('unreadable'));
  expect(lines.join()).not.toContain('canary');
});

test('what moderators do, and what they may not do, stands under their ID and the one it was done to', async () => {
  const { talk, ada, mia } = await startModerated({ env: { LINK_VERIFICATION: 'none' } });
  await asModal(await ada.slash('link')).submit({ email: TYPED.email });
  // Whom Discord shows the command although they are no moderators, as an administrator of the server can arrange.
  await ada.slash('helpdesk pause', { notice: 'canary notice' }, { overridePermissions: true });
  await mia.slash('helpdesk pause', { notice: 'canary notice' });
  await ada.slash('ticket');
  await mia.slash('helpdesk resume');
  await mia.slash('helpdesk resume');
  await mia.slash('helpdesk block', { user: ada.user.id, reason: 'canary reason' });
  await ada.slash('ticket');
  await mia.slash('helpdesk who', { user: ada.user.id });
  await mia.slash('helpdesk unblock', { user: ada.user.id });
  await mia.slash('helpdesk unlink', { user: ada.user.id });
  await mia.slash('helpdesk panel', { text: 'canary panel' });

  expect(storyOf(talk, mia)).toEqual([
    'helpdesk pause · paused',
    'helpdesk resume · resumed',
    'helpdesk resume · was-not-paused',
    'helpdesk block · blocked',
    'helpdesk who · looked-up',
    'helpdesk unblock · unblocked',
    'helpdesk unlink · unlinked',
    expect.stringMatching(/^helpdesk panel · panel-/),
  ]);
  expect(storyOf(talk, ada)).toEqual([
    'modal link · linked · without-proof',
    'helpdesk pause · refused · not-moderator',
    'ticket · not-sent · paused',
    'helpdesk block · blocked',
    'ticket · not-sent · blocked',
    'helpdesk who · looked-up',
    'helpdesk unblock · unblocked',
    'helpdesk unlink · unlinked',
  ]);
  expect(linesAbout(talk, ada, 'moderation')).toMatchObject([
    { userId: mia.user.id, targetUserId: ada.user.id },
    { userId: mia.user.id, targetUserId: ada.user.id },
    { userId: mia.user.id, targetUserId: ada.user.id },
    { userId: mia.user.id, targetUserId: ada.user.id },
  ]);
  expectNoLeak(talk.logged, talk.world);
});

test('a link that moderators decide about is asked for by one person and approved by another', async () => {
  const { talk, ada, mia, entry } = await startModerated({ env: { LINK_VERIFICATION: 'moderator' } });
  await asModal(await ada.slash('link')).submit({ email: TYPED.email });
  const request = await entry('asks to link');
  await request.click('Approve');
  expect(storyOf(talk, ada)).toEqual(['modal link · moderators-asked', 'button link-approve · link-approved']);
  expect(linesAbout(talk, mia)).toMatchObject([
    { event: 'moderation', userId: mia.user.id, targetUserId: ada.user.id, outcome: 'link-approved' },
  ]);
  expectNoLeak(talk.logged, talk.world);
});

test('a ticket that a moderator opens about somebody’s message is found by the ID of either', async () => {
  const { talk, ada, mia } = await startModerated();
  const { world } = talk;
  await linkAccount(ada, TYPED.email, world);
  const message = await ada.say(TYPED.body);
  const form = await escalate(mia, message);
  await form.submit({ subject: TYPED.subject, body: TYPED.body });
  const again = asMessage(await mia.messageCommand('Escalate to ticket', message));
  expect(again.text).toContain(world.helpdesk.tickets[0]?.reference);

  const [line] = linesAbout(talk, ada, 'ticket');
  expect(line).toMatchObject({
    userId: mia.user.id,
    targetUserId: ada.user.id,
    behalf: 'author',
    command: 'modal ticket',
    outcome: 'opened',
    reference: world.helpdesk.tickets[0]?.reference,
  });
  expect(storyOf(talk, mia, 'ticket').at(-1)).toBe('Escalate to ticket · not-sent · duplicate');
  expectNoLeak(talk.logged, world);
});

test('a step of linking that leads nowhere says why, without the address or the code', async () => {
  const talk = await startConversation({ env: { LINK_MAILS_PER_HOUR: '2' } });
  const { ada, world } = talk;
  const link = async (email: string) => asMessage(await asModal(await ada.slash('link')).submit({ email }));
  await link('canary at leak.example');
  world.mailbox.fault = 'refuse';
  await link(TYPED.email);
  world.mailbox.fault = undefined;
  const sent = await link(TYPED.email);
  await asModal(await sent.click('Enter code')).submit({ code: '000000' });
  await link(TYPED.email);
  await link(TYPED.email);

  expect(storyOf(talk, ada).slice(0, 4)).toEqual([
    'modal link · refused · invalid-email',
    'modal link · refused · mail-refused',
    'modal link · code-sent',
    'modal link-code · refused · wrong-code',
  ]);
  expect(storyOf(talk, ada).at(-1)).toBe('modal link · refused · limited');
  expectNoLeak(talk.logged, world);
});

test('a ticket whose process died is accounted for by the next one, under the same interaction', async () => {
  const { world, bot, ada, restart } = await startBotInWorld();
  const called = world.helpdesk.nextCall('api_openTicket');
  world.helpdesk.fault('hang', { times: 1 });
  const form = asModal(await ada.slash('ticket'));
  const message = asMessage(await form.submit(TEXT, { untilAcknowledged: true }));
  await called;
  const interactionId = world.discord.interactions.at(-1)?.id;
  await bot.kill();
  const told = message.nextEdit();
  await restart();
  await told;

  const lines = bot.lines.filter((line) => line.includes(`"${interactionId}"`)).map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { event: 'ticket', userId: ada.user.id, outcome: 'unconfirmed', reason: 'process-ended', recovered: true },
  ]);
  expectNoLeak(bot.lines, world);
});

test('a handler that fails says in its line who met that, where and with which command', async () => {
  const { talk, breakage } = await startBreakableConversation({ env: { LINK_VERIFICATION: 'none' } });
  breakage.broken = 'all';
  await talk.ada.slash('ticket');
  const line = talk.logged.find((one) => one.includes('an interaction failed'));
  expect(JSON.parse(line ?? '')).toMatchObject({
    level: 'error',
    interactionId: lastInteraction(talk),
    userId: talk.ada.user.id,
    guildId: talk.guild.id,
    command: 'ticket',
    durationMs: expect.any(Number),
  });
});
