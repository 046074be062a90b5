import { expect, test } from 'vitest';
import { asMessage } from '../../../sandbox/discord/people/shown.ts';
import { readVersion } from '../../../src/version.ts';
import { linkAccount, submitTicket } from '../../support/conversation.ts';
import { type Moderated, read, startModerated } from '../../support/moderated.ts';
import { ticketForm } from '../../support/ticket-form.ts';

const HOUR_MS = 3_600_000;

async function startWithAda(env: Readonly<Record<string, string>> = {}): Promise<Moderated> {
  const scene = await startModerated({ env });
  await linkAccount(scene.ada, 'ada@example.org', scene.talk.world);
  return scene;
}

test('status tells at a glance whether the helpdesk can be reached, whether tickets are open and how many wait', async () => {
  const { talk, mia } = await startWithAda();
  const up = asMessage(await mia.slash('helpdesk status'));
  expect(up.ephemeral).toBe(true);
  expect(up.text).toContain('🟢 The helpdesk is reachable');
  expect(up.text).toContain('🟢 **Tickets are open** here');
  expect(up.text).toContain('**Queue:** empty');
  expect(up.text).toContain(`discord-openticket ${readVersion()}`);
  await talk.world.helpdesk.down();
  const down = await read(mia, 'helpdesk status');
  expect(down).toContain("🔴 The helpdesk can't be used");
  expect(down).toContain('the bot cannot connect');
});

test.each([
  ['hang', 'it does not answer'],
  ['reset', 'it breaks off the connection'],
  ['blank', "it does not accept the bot's login"],
  ['fault-server', 'it answers with an error of its own'],
  ['html-200', 'its answer cannot be read'],
] as const)(
  'status says in words that the helpdesk fails (%s), and soon, with all else that it knows',
  async (fault, words) => {
    const { talk, mia } = await startWithAda();
    await read(mia, 'helpdesk pause', { notice: 'Moving' });
    talk.world.helpdesk.fault(fault, { operation: 'api_login' });
    const arrived = talk.world.helpdesk.nextCall('api_login');
    const reading = read(mia, 'helpdesk status');
    await arrived;
    if (fault === 'hang') talk.passTime(5_000);
    const status = await reading;
    expect(status).toContain(`**Why:** ${words}`);
    expect(status).toContain("`npm run doctor` on the bot's machine");
    expect(status).toMatch(/\*\*Tickets are paused\*\* here by .*\n> Moving\n.*Queue:\*\* empty/);
  },
);

test('status tells since when the helpdesk can be reached, and since when it cannot', async () => {
  const { talk, mia } = await startWithAda();
  const startedAt = Math.floor(talk.now() / 1000);
  const since = (status: string) => Number(/since (?:the bot started )?<t:(\d+):R>/i.exec(status)?.[1]);
  const first = await read(mia, 'helpdesk status');
  expect(first).toContain('No failure since the bot started');
  expect(Math.abs(since(first) - startedAt)).toBeLessThan(5);

  talk.passTime(3 * HOUR_MS);
  await talk.world.helpdesk.down();
  const down = await read(mia, 'helpdesk status');
  expect(down).toContain('Failing since');
  talk.passTime(HOUR_MS);
  expect(since(await read(mia, 'helpdesk status'))).toBe(since(down));
  expect(since(down)).toBeGreaterThan(since(first) + 10_000);

  await talk.world.helpdesk.up();
  const again = await read(mia, 'helpdesk status');
  expect(again).toContain('Reachable since');
  expect(since(again)).toBeGreaterThan(since(down) + 3_500);
});

test('status counts the last 24 hours by outcome, says what that covers, and which tickets to look at', async () => {
  const { talk, ada, mia, log, restart } = await startWithAda();
  const { helpdesk } = talk.world;
  const none = await read(mia, 'helpdesk status');
  expect(none).toContain('**Last 24 hours:** no tickets');
  expect(none).toContain('only since it started');

  await submitTicket(ada, { subject: 'One', body: 'My server is down' });
  await submitTicket(ada, { subject: 'Two', body: 'My mail is down' });
  helpdesk.fault('refused', { times: 1 });
  await submitTicket(ada, { subject: 'Three', body: 'My domain is gone' });
  helpdesk.fault('open-then-reset', { times: 1 });
  await submitTicket(ada, { subject: 'Four', body: 'My disk is full' });
  const form = await ticketForm(ada);
  await read(mia, 'helpdesk pause', { notice: 'Moving' });
  await form.submit({ subject: 'Five', body: 'My invoice is wrong' });

  const status = await read(mia, 'helpdesk status');
  expect(status).toContain('✅ 2 opened · ❌ 1 refused · ⚠️ 1 unclear · 1 not sent');
  expect(status).toContain(`who sent them in <#${log.id}>`);

  talk.passTime(20 * HOUR_MS);
  await read(mia, 'helpdesk resume');
  await submitTicket(ada, { subject: 'Six', body: 'My backup is old' });
  expect(await read(mia, 'helpdesk status')).toContain('3 opened');
  talk.passTime(5 * HOUR_MS);
  const nextDay = await read(mia, 'helpdesk status');
  expect(nextDay).toContain('**Last 24 hours:** ✅ 1 opened\n');
  expect(nextDay).not.toContain('only since');

  await restart();
  expect(await read(mia, 'helpdesk status')).toContain(
    'no tickets\n-# Counted on all servers of this bot, and only since',
  );
});

test('status counts the tickets that wait for their turn, and tells who paused since when with which notice', async () => {
  const { talk, ada, mia } = await startWithAda({ HELPDESK_CONCURRENCY: '1' });
  talk.world.helpdesk.fault('hang', { times: 1 });
  const called = talk.world.helpdesk.nextCall('api_openTicket');
  const submit = async (subject: string) =>
    asMessage(await (await ticketForm(ada)).submit({ subject, body: 'words' }, { untilAcknowledged: true }));
  const first = await submit('One');
  await called;
  const second = await submit('Two');
  await talk.untilInLine(second, 1);
  expect(await read(mia, 'helpdesk status')).toContain('1 ticket waiting');
  await read(mia, 'helpdesk pause', { notice: '**Moving**, @everyone' });
  const status = await read(mia, 'helpdesk status');
  expect(status).toMatch(
    new RegExp(
      `\\*\\*Tickets are paused\\*\\* here by <@${mia.user.id}> <t:\\d+:R>:\n> \\*\\*Moving\\*\\*, @\u200beveryone`,
    ),
  );
  talk.world.helpdesk.release();
  await first.until(({ text }) => text.includes('is open'));
  // The pause holds for what waits, too.
  await second.until(({ text }) => text.includes('Moving'));
  expect(await read(mia, 'helpdesk status')).toContain('**Queue:** empty');
});
