import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { AccountLinks } from '../../src/accounts/account-links.ts';
import { EmailVerification } from '../../src/accounts/email-verification.ts';
import { LinkRequests } from '../../src/accounts/link-requests.ts';
import { createLog } from '../../src/log.ts';
import { SlidingWindow } from '../../src/sliding-window.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import type { Storage } from '../../src/storage/storage.ts';
import {
  type HelpdeskClient,
  HelpdeskError,
  type OpenTicketRequest,
  type OpenTicketResult,
} from '../../src/tickets/helpdesk-client.ts';
import { HelpdeskQueue } from '../../src/tickets/helpdesk-queue.ts';
import { DeskControls } from '../../src/tickets/records/desk-controls.ts';
import { Notices } from '../../src/tickets/records/notices.ts';
import { PersonalRecords } from '../../src/tickets/records/personal-records.ts';
import { SubmissionLedger } from '../../src/tickets/records/submission-ledger.ts';
import { TicketClaims } from '../../src/tickets/records/ticket-claims.ts';
import { type TicketDraft, TicketDrafts } from '../../src/tickets/records/ticket-drafts.ts';
import { TicketDesk } from '../../src/tickets/ticket-desk.ts';
import type { TicketOutcome } from '../../src/tickets/ticket-outcome.ts';
import { createBreakableStorage } from '../support/breakable-storage.ts';

/** When a desk starts, in milliseconds since 1970. */
export const START = 1_800_000_000_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** The person whose tickets these are. */
export const ADA = { id: '100000000000000001', name: 'ada' };
/** Somebody who writes messages. */
export const BOB = { id: '100000000000000002', name: 'bob' };
export const PLACE = { guildId: '200000000000000001', channelId: '300000000000000001' };

/** One for all desks: to make one takes as long as a submit. */
const SILENT = createLog('silent');

/** The way to a private reply. */
export const REPLY = { applicationId: '5', token: 'secret' };

/** How a call ends. */
export const CALL_RESULTS = {
  opened: { kind: 'opened', reference: 'KVO-530-1' },
  refused: { kind: 'refused', reason: 'No.' },
  unreachable: { kind: 'unreachable', cause: new HelpdeskError('connect', 'refused') },
  unconfirmed: { kind: 'unconfirmed', cause: new HelpdeskError('timeout', 'no answer') },
} as const satisfies Record<string, OpenTicketResult>;
export type CallEnding = keyof typeof CALL_RESULTS;

export interface DeskOptions {
  /** What the helpdesk does with a call; it opens a ticket by default. */
  readonly openTicket?: HelpdeskClient['openTicket'];
  /** A store that another desk has left; an empty one in memory by default. */
  readonly storage?: Storage;
  readonly ticketsPerHour?: number;
  /** Before each of the bot's own repeats; none by default. */
  readonly retryDelaysMs?: readonly number[];
  /** DRAFT_LIFETIME_HOURS and RECORD_LIFETIME_DAYS. */
  readonly draftHours?: number;
  readonly recordDays?: number;
  /** That of the desk before. */
  readonly clock?: { now: number };
}

/** A desk over a real store, with a helpdesk that is a function. */
export async function createDesk(options: DeskOptions = {}) {
  const { clock = { now: START }, draftHours = 24, recordDays = 30 } = options;
  const recordLifetimeMs = recordDays * DAY_MS;
  const now = () => clock.now;
  const opened = options.storage ?? (await openStorage({ url: 'sqlite::memory:', keys: [], now }));
  if (!options.storage) onTestFinished(() => opened.close());
  const { storage, breakage } = createBreakableStorage(opened);
  const digestKey = Buffer.alloc(32, 7);
  const calls: OpenTicketRequest[] = [];
  let lastReference = 0;
  const openTicket = options.openTicket ?? (async () => ({ kind: 'opened', reference: `KVO-530-${++lastReference}` }));
  const helpdesk: HelpdeskClient = {
    openTicket(request, recheck) {
      calls.push(request);
      return openTicket(request, recheck);
    },
    check: async () => undefined,
    close: () => undefined,
  };
  const queue = new HelpdeskQueue({
    concurrency: 8,
    retryDelaysMs: options.retryDelaysMs ?? [],
    retryWithinMs: 60_000,
    breakAfterFailures: 1000,
    breakForMs: 60_000,
    maxWaitMs: 60_000,
  });
  const window = (name: string, limit: number) =>
    new SlidingWindow(storage, name, { limit, windowMs: HOUR_MS, now, digestKey });
  const links = new AccountLinks(storage, { now, verification: 'email' });
  const drafts = new TicketDrafts(storage, { lifetimeMs: draftHours * HOUR_MS, now });
  const ledger = new SubmissionLedger(storage, { lifetimeMs: recordLifetimeMs, now });
  const claims = new TicketClaims(storage, { recordLifetimeMs, digestKey });
  const notices = new Notices(storage, { lifetimeMs: recordLifetimeMs });
  const linkRequests = new LinkRequests(storage, { now });
  const mailer = {
    send: async () => ({ kind: 'sent' }) as const,
    check: async () => undefined,
    close: () => undefined,
  };
  const verification = new EmailVerification(storage, {
    links,
    mailer,
    personLimit: window('mails-of-person', 3),
    addressLimit: window('mails-to-address', 3),
    digestKey,
    now,
    log: createLog('silent'),
  });
  const controls = new DeskControls(storage, { now });
  const desk = new TicketDesk({
    drafts,
    ledger,
    claims,
    controls,
    notices,
    links,
    helpdesk,
    queue,
    personLimit: window('tickets-of-person', options.ticketsPerHour ?? 1000),
    serverLimit: window('tickets-of-server', 1000),
    communityEmail: undefined,
    log: SILENT,
    now,
  });
  await links.save(ADA.id, 'ada@example.org', 'email');
  const records = new PersonalRecords({
    ...{ storage, links, linkRequests, verification, drafts, ledger, claims, notices, controls },
  });

  let lastInteraction = 0;
  const newInteraction = () => `4000000000000000${String(++lastInteraction).padStart(2, '0')}`;
  const receive = (draft: TicketDraft, id = newInteraction()) => desk.receive({ id, draft, reply: REPLY });
  return {
    ...{ desk, drafts, ledger, claims, controls, notices, links, queue, records, calls, clock, storage, breakage },
    newInteraction,
    receive,
    draft(subject: string, body = 'The body'): TicketDraft {
      return drafts.create({ submitter: ADA, place: PLACE, fields: { subject, product: '', body }, behalf: 'self' });
    },
    /** What is known of one of her submissions. */
    async standing(id: string): Promise<TicketOutcome> {
      const submission = await ledger.find({ submitterId: ADA.id, id });
      if (!submission) throw new Error('The submission is gone');
      return desk.standingOf(submission);
    },
    /** The keys of what a person has claimed. */
    async claimsOf(userId: string): Promise<string[]> {
      const keys: string[] = [];
      for await (const [key] of opened.records('claims', z.unknown()).entries(`${userId}/`)) keys.push(key);
      return keys;
    },
    /** A message that Ada, a moderator, passes on in its author's name. */
    escalation(subject: string, author: typeof BOB): TicketDraft {
      const escalated = { id: '500000000000000001', url: 'https://discord.com/channels/2/3/5', author };
      const fields = { subject, product: '', body: 'The message' };
      return drafts.create({ submitter: ADA, place: PLACE, fields, behalf: 'author', escalated });
    },
    /** Receives and submits. */
    async submit(draft: TicketDraft, id = newInteraction()): Promise<TicketOutcome | 'again'> {
      const received = await receive(draft, id);
      return received === 'again' ? 'again' : desk.submit({ id, draft }, authorityFor(draft));
    },
    /** Receives and submits to a busy helpdesk. Resolves when it waits in the line. */
    async queueUp(draft: TicketDraft): Promise<{ outcome: Promise<TicketOutcome> }> {
      const id = newInteraction();
      await receive(draft, id);
      return new Promise((resolve) => {
        const outcome = desk.submit({ id, draft }, authorityFor(draft), () => resolve({ outcome }));
      });
    },
  };
}

function authorityFor({ escalated }: TicketDraft) {
  return escalated ? { moderatorOf: PLACE.guildId } : {};
}

/** A call that hangs until it is told how it ends. */
export function createHangingHelpdesk() {
  const waiting: ((result: OpenTicketResult) => void)[] = [];
  /** Calls that have arrived and that nobody has waited for. */
  let arrivals = 0;
  let arrived = () => {};
  return {
    openTicket: () =>
      new Promise<OpenTicketResult>((resolve) => {
        waiting.push(resolve);
        arrivals += 1;
        arrived();
      }),
    /** Resolves when one more call has arrived. Several may arrive in one turn of the event loop. */
    async called() {
      while (arrivals === 0) {
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
      }
      arrivals -= 1;
    },
    /** Ends the oldest call. */
    answer(result: OpenTicketResult) {
      waiting.shift()?.(result);
    },
  };
}
