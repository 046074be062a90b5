import { expect, test } from 'vitest';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import { type App, startApp } from '../../../src/app.ts';
import { parseConfig } from '../../../src/config.ts';
import { createLog } from '../../../src/log.ts';
import { type Conversation, linkAccount, startConversation } from '../../support/conversation.ts';
import { noticeOf, ticketForm } from '../../support/ticket-form.ts';

const HOUR_MS = 3_600_000;
const FIELDS = { subject: 'My server is down', body: 'Since this morning.' };
const NEXT_TRY_MS = 90_000;

async function startLinked(): Promise<Conversation> {
  const talk = await startConversation();
  await linkAccount(talk.ada, 'ada@example.org', talk.world);
  return talk;
}

/** Waits for a line of the bot's log. */
function line({ world, logged }: Conversation, said: string): Promise<Record<string, unknown>> {
  return world.activity.until({
    look: () => {
      const found = logged.find((one) => one.includes(said));
      return found === undefined ? undefined : (JSON.parse(found) as Record<string, unknown>);
    },
    describe: () => `the line "${said}"`,
  });
}

/** Submits while Discord takes no edits for an hour, until that is written down. */
async function submitLimited(talk: Conversation) {
  const form = await ticketForm(talk.ada);
  talk.world.discord.fault('edit-rate-limited', { retryAfterMs: HOUR_MS });
  const message = asMessage(await form.submit(FIELDS, { untilAcknowledged: true }));
  await line(talk, 'an outcome could not be delivered yet');
  return message;
}

test('an outcome that Discord does not take for an hour is told at the next command, and the log says until when', async () => {
  const talk = await startLinked();
  await submitLimited(talk);
  const limited = await line(talk, 'Discord takes no more requests of this kind until then');
  expect(Math.abs(Date.parse(String(limited.until)) - talk.now() - HOUR_MS)).toBeLessThan(600_000);
  expect(limited.level).toBe('warn');
  const notice = asMessage(await talk.ada.slash('ticket'));
  expect(notice.text).toContain(`Ticket ${talk.world.helpdesk.tickets[0]?.reference} is open`);
  asModal(await notice.click('Open a ticket'));
  await ticketForm(talk.ada);
});

test('the outcome reaches its reply as soon as Discord takes it, and is told once', async () => {
  const talk = await startLinked();
  const message = await submitLimited(talk);
  talk.world.discord.clearFaults();
  talk.passTime(NEXT_TRY_MS);
  await message.until(({ text }) => text.includes('is open'));
  const tries = talk.world.discord.requests.filter(({ status }) => status === 429);
  expect(tries).toHaveLength(1);
  await talk.stop();
  await talk.start();
  await ticketForm(talk.ada);
});

test('while Discord takes nothing it is asked once a minute, and no more when the 15 minutes are over', async () => {
  const talk = await startLinked();
  await submitLimited(talk);
  const { requests } = talk.world.discord;
  const refused = () => requests.filter(({ status }) => status === 429).length;
  const bystander = talk.join('bob');
  const counts = [refused()];
  for (let minute = 1; minute <= 20; minute += 1) {
    talk.passTime(60_000);
    asModal(await bystander.slash('link'));
    counts.push(refused());
  }
  expect(counts[15]).toBeGreaterThan(counts[0] ?? 0);
  expect((counts[15] ?? 0) - (counts[0] ?? 0)).toBeLessThanOrEqual(15);
  expect(counts[20]).toBe(counts[15]);
});

test('a stop does not wait for a reply that Discord does not take', async () => {
  const talk = await startLinked();
  await submitLimited(talk);
  await talk.stop();
  talk.world.discord.clearFaults();
  await talk.start();
  expect(asMessage(await talk.ada.slash('ticket')).text).toContain('is open');
});

test('nothing is sent for a form whose acknowledgement Discord does not take; its text waits', async () => {
  const talk = await startLinked();
  const form = await ticketForm(talk.ada);
  talk.world.discord.fault('callback-rate-limited', { retryAfterMs: HOUR_MS });
  const submitting = form.submit(FIELDS);
  await line(talk, 'Discord takes no more requests of this kind until then');
  talk.world.discord.clearFaults();
  talk.passTime(3000);
  expect((await submitting).kind).toBe('failed');
  const shown = await noticeOf(talk.ada);
  const notice = asMessage(shown);
  expect(notice.text).toContain('Not sent yet');
  expect(talk.world.helpdesk.tickets).toEqual([]);
  expect(asMessage(await notice.click('Try again')).text).toContain('is open');
});

/** Starts the bot without waiting for its connection. */
async function startUnready(talk: Conversation): Promise<App> {
  const { world, storeFile, clock, logged } = talk;
  return startApp(
    parseConfig({ ...world.settings, STORAGE_URL: `sqlite:${storeFile}` }),
    createLog('trace', (one) => {
      logged.push(one);
      world.activity.note('the bot wrote a line to its log');
    }),
    { clock, discordTimeoutMs: 120_000 },
  );
}

test.each([
  ['limits the bot', 'rate-limited'],
  ['lets it begin no more sessions', 'sessions-used-up'],
] as const)('a log-in while Discord %s waits as long as it says, and asks once', async (_what, fault) => {
  const talk = await startConversation();
  await talk.stop();
  const { discord, activity } = talk.world;
  discord.fault(fault, { retryAfterMs: HOUR_MS });
  const before = discord.requests.length;
  const app = await startUnready(talk);
  const said = await line(talk, 'Discord wants the bot to wait until then');
  expect(Math.abs(Date.parse(String(said.until)) - talk.now() - HOUR_MS)).toBeLessThan(600_000);
  talk.passTime(HOUR_MS / 2);
  discord.clearFaults();
  expect(discord.requests.slice(before)).toHaveLength(1);
  talk.passTime(HOUR_MS / 2 + 60_000);
  await activity.settled(app.ready, 'the connection of the bot');
  await app.stop();
});

test('a stop ends the wait for a log-in', async () => {
  const talk = await startConversation();
  await talk.stop();
  talk.world.discord.fault('rate-limited', { retryAfterMs: HOUR_MS });
  const app = await startUnready(talk);
  await line(talk, 'Discord wants the bot to wait until then');
  await app.stop();
});

test('commands that Discord does not take for a while are published after that', async () => {
  const talk = await startConversation();
  await talk.stop();
  const { discord, activity } = talk.world;
  discord.events.once('gateway', () => discord.fault('rate-limited', { retryAfterMs: HOUR_MS }));
  const app = await startUnready(talk);
  await line(talk, 'Discord wants the bot to wait until then');
  discord.clearFaults();
  talk.passTime(HOUR_MS + 60_000);
  await activity.settled(app.ready, 'the connection of the bot');
  await app.stop();
});
