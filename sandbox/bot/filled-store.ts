import { z } from 'zod';
import { createAccounts } from '../../src/accounts/create-accounts.ts';
import { systemClock } from '../../src/clock.ts';
import { createLog } from '../../src/log.ts';
import { ProcessLease } from '../../src/process-lease.ts';
import { SlidingWindow } from '../../src/sliding-window.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { createTickets } from '../../src/tickets/create-tickets.ts';
import { HELPDESK_QUEUE_DEFAULTS } from '../../src/tickets/helpdesk-queue.ts';
import { PersonalRecords } from '../../src/tickets/personal-records.ts';
import { EMPTY_FIELDS } from '../../src/tickets/ticket-fields.ts';
import { fillFinished } from './store-of-tickets.ts';

const DAY_MS = 24 * 3_600_000;
const LIFETIME_MS = 30 * DAY_MS;
const PERSON = { id: '100000000000000001', name: 'ada' };
/** What one person has: a busy moderator of a month. */
const OWN_RECORDS = 50;
/** Writes that share one transaction. */
const AT_ONCE = 2000;

async function inBatches(count: number, write: (index: number) => Promise<unknown>): Promise<void> {
  for (let done = 0; done < count; done += AT_ONCE) {
    const batch = Math.min(AT_ONCE, count - done);
    await Promise.all(Array.from({ length: batch }, (_, index) => write(done + index)));
  }
}

const idOf = (from: number, index: number) => `${from}${String(index).padStart(15, '0')}`;

/** What many others leave in a month. */
export const fillHistory = fillFinished;

/** The bot's own parts over a store, as a start makes them; without Discord, helpdesk and mail server. */
export async function openDesk(url: string) {
  const { now } = systemClock;
  const storage = await openStorage({ url, keys: [] });
  const log = createLog('silent');
  const digestKey = Buffer.alloc(32, 7);
  const limit = (name: string) =>
    new SlidingWindow(storage, name, { limit: 1000, windowMs: 3_600_000, now, digestKey });
  const accounts = createAccounts({
    storage,
    verification: 'email',
    mailer: { send: async () => ({ kind: 'unreachable' }), check: async () => undefined, close: () => undefined },
    takesAddress: () => true,
    helpdeskName: 'the helpdesk',
    personLimit: limit('mails-of-person'),
    addressLimit: limit('mails-to-address'),
    linkRequestLimit: limit('link-requests-of-person'),
    digestKey,
    now,
    log,
  });
  const tickets = createTickets({
    storage,
    links: accounts.links,
    lease: new ProcessLease(storage, { clock: systemClock, log, shards: '0/1' }),
    helpdesk: {
      openTicket: () => Promise.reject(),
      viewTicket: () => Promise.reject(),
      postReply: () => Promise.reject(),
      check: async () => undefined,
      close: () => undefined,
    },
    queue: { ...HELPDESK_QUEUE_DEFAULTS, concurrency: 8 },
    personLimit: limit('tickets-of-person'),
    serverLimit: limit('tickets-of-server'),
    answerLimit: limit('answers-of-person'),
    showPosts: false,
    watchLooksPerMinute: 0,
    onWatchLook: () => undefined,
    draftLifetimeMs: DAY_MS,
    recordLifetimeMs: LIFETIME_MS,
    communityEmail: undefined,
    tellsModerators: false,
    onlyGuildId: () => undefined,
    digestKey,
    log,
    clock: systemClock,
  });
  const personalRecords = new PersonalRecords({ storage, ...accounts, ...tickets });
  await tickets.recovery.adoptAll();
  return {
    /** Gives one person what a busy moderator has. */
    async livePerson() {
      for (let index = 0; index < OWN_RECORDS; index += 1) {
        const fields = { ...EMPTY_FIELDS, subject: `Subject ${index}`, body: 'The text of a message. '.repeat(40) };
        const draft = tickets.drafts.create({ submitter: PERSON, place: {}, fields, behalf: 'self' });
        await tickets.intake.receive({
          id: idOf(60, index),
          submitterId: PERSON.id,
          draftId: draft.id,
          draftOf: () => draft,
          reply: { applicationId: '1', token: 'x' },
        });
      }
    },
    exportPerson: () => personalRecords.export(PERSON.id),
    unlinkPerson: () => personalRecords.erase(PERSON.id),
    close: () => storage.close(),
  };
}

/** Writes records that have expired. @returns The sweep that deletes them. */
export async function fillExpired(url: string, count: number) {
  let now = Date.now() - 2 * DAY_MS;
  const storage = await openStorage({ url, keys: [], now: () => now });
  const texts = storage.records('drafts', z.unknown());
  const record = { text: 'The text of a message. '.repeat(10) };
  await inBatches(count, (index) => texts.save(`${idOf(20, index % 5000)}/${idOf(80, index)}`, record, DAY_MS));
  now = Date.now();
  return { run: () => storage.sweep(), close: () => storage.close() };
}
