import { z } from 'zod';
import { AccountLinks } from '../../src/accounts/account-links.ts';
import { EmailVerification } from '../../src/accounts/email-verification.ts';
import { LinkRequests } from '../../src/accounts/link-requests.ts';
import { createLog } from '../../src/log.ts';
import { SlidingWindow } from '../../src/sliding-window.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { HELPDESK_QUEUE_DEFAULTS, HelpdeskQueue } from '../../src/tickets/helpdesk-queue.ts';
import { DeskControls } from '../../src/tickets/records/desk-controls.ts';
import { Notices } from '../../src/tickets/records/notices.ts';
import { PersonalRecords } from '../../src/tickets/records/personal-records.ts';
import { SubmissionLedger } from '../../src/tickets/records/submission-ledger.ts';
import { TicketClaims } from '../../src/tickets/records/ticket-claims.ts';
import { TicketDrafts } from '../../src/tickets/records/ticket-drafts.ts';
import { TicketDesk } from '../../src/tickets/ticket-desk.ts';

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

/** What many others leave in a month, as a version without indexes has written it: tickets, and escalated messages. */
export async function fillHistory(url: string, count: number): Promise<void> {
  const storage = await openStorage({ url, keys: [] });
  const submissions = storage.records('submissions', z.unknown());
  const claims = storage.records('claims', z.unknown());
  const now = Date.now();
  await inBatches(count, async (index) => {
    const [submitterId, id] = [idOf(20, index % 5000), idOf(30, index)];
    if (index % 2 === 0) {
      const claimant = [{ submitterId, submissionId: id }];
      await claims.save(`message/400000000000000001/${idOf(50, index)}`, claimant, LIFETIME_MS);
    } else {
      const reference = `KVO-530-${index}`;
      const record = { id, submitterId, draftId: 'AAAAAAAAAAAAAAAA', stage: 'opened', reference };
      const times = { savedAt: now, stageAt: now, told: true };
      await submissions.save(`${submitterId}/${id}`, { ...record, ...times }, LIFETIME_MS);
    }
  });
  await storage.close();
}

/** The bot's own parts over a store, as a start makes them; without Discord, helpdesk and mail server. */
export async function openDesk(url: string) {
  const now = Date.now;
  const storage = await openStorage({ url, keys: [] });
  const digestKey = Buffer.alloc(32, 7);
  const limit = (name: string) =>
    new SlidingWindow(storage, name, { limit: 1000, windowMs: 3_600_000, now, digestKey });
  const links = new AccountLinks(storage, { now, verification: 'email' });
  const linkRequests = new LinkRequests(storage, { now });
  const mailer = {
    send: async () => ({ kind: 'unreachable' }) as const,
    check: async () => undefined,
    close: () => undefined,
  };
  const verification = new EmailVerification(storage, {
    ...{ links, mailer, digestKey, now, log: createLog('silent') },
    personLimit: limit('mails-of-person'),
    addressLimit: limit('mails-to-address'),
  });
  const drafts = new TicketDrafts(storage, { lifetimeMs: DAY_MS, now });
  const ledger = new SubmissionLedger(storage, { lifetimeMs: LIFETIME_MS, now });
  const claims = new TicketClaims(storage, { recordLifetimeMs: LIFETIME_MS, digestKey });
  const notices = new Notices(storage, { lifetimeMs: LIFETIME_MS });
  const controls = new DeskControls(storage, { now });
  const desk = new TicketDesk({
    ...{ drafts, ledger, claims, controls, notices, links, now },
    helpdesk: { openTicket: () => Promise.reject(), check: async () => undefined, close: () => undefined },
    queue: new HelpdeskQueue({ ...HELPDESK_QUEUE_DEFAULTS, concurrency: 8 }),
    personLimit: limit('tickets-of-person'),
    serverLimit: limit('tickets-of-server'),
    communityEmail: undefined,
    log: createLog('silent'),
  });
  const records = new PersonalRecords({
    ...{ storage, links, linkRequests, verification, drafts, ledger, claims, notices, controls },
  });
  await desk.recover();
  return {
    /** Gives one person what a busy moderator has. */
    async livePerson() {
      for (let index = 0; index < OWN_RECORDS; index += 1) {
        const fields = { subject: `Subject ${index}`, product: '', body: 'The text of a message. '.repeat(40) };
        const draft = drafts.create({ submitter: PERSON, place: {}, fields, behalf: 'self' });
        await drafts.save(draft);
        const at = { submitterId: PERSON.id, id: idOf(60, index) };
        await ledger.open({ ...at, draftId: draft.id, reply: { applicationId: '1', token: 'x' } });
        await claims.claim(claims.message('400000000000000001', idOf(70, index)), {
          submitterId: PERSON.id,
          submissionId: at.id,
        });
      }
    },
    exportPerson: () => records.export(PERSON.id),
    unlinkPerson: () => records.erase(PERSON.id),
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
