import { onTestFinished } from 'vitest';
import { createAccounts } from '../../src/accounts/create-accounts.ts';
import { type Clock, systemClock } from '../../src/clock.ts';
import { createLog } from '../../src/log.ts';
import { ProcessLease } from '../../src/process-lease.ts';
import { SlidingWindow } from '../../src/sliding-window.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import type { Storage } from '../../src/storage/storage.ts';
import type { ReceivedAttempt } from '../../src/tickets/attempt-intake.ts';
import { createTickets } from '../../src/tickets/create-tickets.ts';
import {
  type HelpdeskClient,
  HelpdeskError,
  type OpenTicketRequest,
  type OpenTicketResult,
} from '../../src/tickets/helpdesk-client.ts';
import { deliver } from '../../src/tickets/lifecycle/deliver.ts';
import type { Attempt, NotSentReason } from '../../src/tickets/lifecycle/person-record.ts';
import { PersonalRecords } from '../../src/tickets/personal-records.ts';
import type { TicketDraft } from '../../src/tickets/ticket-drafts.ts';
import { EMPTY_FIELDS } from '../../src/tickets/ticket-fields.ts';
import { labelOf, type TicketOutcome } from '../../src/tickets/ticket-outcome.ts';
import type { Authority } from '../../src/tickets/ticket-rules.ts';
import { createBreakableStorage } from '../support/breakable-storage.ts';

/** When a desk starts, in milliseconds since 1970. */
export const START = 1_800_000_000_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** The person whose tickets these are. */
export const ADA = { id: '100000000000000001', name: 'ada' };
/** Somebody who writes messages. */
export const BOB = { id: '100000000000000002', name: 'bob' };
/** Another moderator. */
export const EVE = { id: '100000000000000003', name: 'eve' };
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

/** An outcome by its label, with what a test asks about. */
export interface Told {
  readonly kind: string;
  readonly reference?: string | undefined;
  /** The attempt that Send anyway is about. */
  readonly attemptId?: string;
  readonly isTextGone?: true;
  readonly earlier?: { readonly kind: string; readonly attemptId?: string };
  readonly scope?: string;
  readonly notice?: string;
}

export function told(outcome: TicketOutcome | undefined): Told {
  if (!outcome) return { kind: 'elsewhere' };
  const { earlier } = outcome;
  return {
    kind: labelOf(outcome),
    ...(outcome.kind === 'opened' && { reference: outcome.reference }),
    ...(outcome.kind === 'unconfirmed' && outcome.isTextGone && { isTextGone: true as const }),
    ...(outcome.kind === 'not-sent' && outcome.reason.kind === 'limited' && { scope: outcome.reason.scope }),
    ...(outcome.kind === 'not-sent' && outcome.reason.kind === 'paused' && { notice: outcome.reason.notice }),
    ...(outcome.kind === 'duplicate' &&
      outcome.of.state !== 'in-progress' && { attemptId: outcome.of.attemptId, reference: outcome.of.reference }),
    ...(earlier && {
      earlier: {
        kind: { opened: 'already-opened', unconfirmed: 'maybe-open', unknown: 'unknown' }[earlier.state],
        ...(earlier.state !== 'unknown' && { attemptId: earlier.attemptId }),
      },
    }),
  };
}

/** Whether somebody who reads this believes that there is no ticket. */
export function saysNothing({ kind }: Told): boolean {
  return !['opened', 'unconfirmed', 'in-progress', 'already-opened', 'maybe-open', 'gone', 'elsewhere'].includes(kind);
}

/** A desk over a real store, with a helpdesk that is a function. */
export async function createDesk(options: DeskOptions = {}) {
  const { clock = { now: START }, draftHours = 24, recordDays = 30 } = options;
  const now = () => clock.now;
  const deskClock: Clock = { ...systemClock, now };
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
    viewTicket: async () => ({ kind: 'refused' }),
    postReply: async () => ({ kind: 'posted' }),
    check: async () => undefined,
    close: () => undefined,
  };
  const window = (name: string, limit: number) =>
    new SlidingWindow(storage, name, { limit, windowMs: HOUR_MS, now, digestKey });
  const accounts = createAccounts({
    storage,
    verification: 'email',
    mailer: { send: async () => ({ kind: 'sent' }), check: async () => undefined, close: () => undefined },
    takesAddress: () => true,
    helpdeskName: 'the helpdesk',
    personLimit: window('mails-of-person', 3),
    addressLimit: window('mails-to-address', 3),
    linkRequestLimit: window('link-requests-of-person', 3),
    digestKey,
    now,
    log: SILENT,
  });
  const lease = new ProcessLease(storage, { clock: deskClock, log: SILENT, shards: '0/1' });
  const tickets = createTickets({
    storage,
    links: accounts.links,
    lease,
    helpdesk,
    queue: {
      // Whoever waits is told so at once: nobody has to let a second pass.
      clock: { ...systemClock, after: (_ms, call) => systemClock.after(0, call) },
      concurrency: 8,
      retryDelaysMs: options.retryDelaysMs ?? [],
      retryWithinMs: 60_000,
      breakAfterFailures: 1000,
      breakForMs: 60_000,
      maxWaitMs: 60_000,
    },
    personLimit: window('tickets-of-person', options.ticketsPerHour ?? 1000),
    serverLimit: window('tickets-of-server', 1000),
    answerLimit: window('answers-of-person', 1000),
    showPosts: false,
    watchLooksPerMinute: 10,
    onWatchLook: () => undefined,
    draftLifetimeMs: draftHours * HOUR_MS,
    recordLifetimeMs: recordDays * DAY_MS,
    communityEmail: undefined,
    tellsModerators: false,
    onlyGuildId: () => undefined,
    digestKey,
    log: SILENT,
    clock: deskClock,
  });
  const { intake, desk, drafts, outcomes, records, recovery } = tickets;
  await accounts.links.save(ADA.id, 'ada@example.org', 'email');
  const personalRecords = new PersonalRecords({ storage, ...accounts, ...tickets });

  let lastInteraction = 0;
  const newInteraction = () => `4000000000000000${String(++lastInteraction).padStart(2, '0')}`;
  const received = new Map<string, ReceivedAttempt>();

  /** @param options.isRetry As a button does, which sends what is stored. */
  async function receive(
    draft: TicketDraft,
    id = newInteraction(),
    { confirmed, isRetry }: { confirmed?: string | undefined; isRetry?: boolean } = {},
  ): Promise<'received' | 'again' | 'no-text'> {
    const receipt = await intake.receive({
      id,
      submitterId: draft.submitter.id,
      draftId: draft.id,
      draftOf: (stored) => (isRetry ? stored : draft),
      confirmed,
      reply: REPLY,
    });
    if (receipt.kind === 'received') received.set(id, receipt.attempt);
    return receipt.kind;
  }
  function attemptOf(id: string): ReceivedAttempt {
    const attempt = received.get(id);
    if (!attempt) throw new Error('It was not received');
    return attempt;
  }
  const send = async (id: string, authority: Authority, onQueued?: (place: number) => void) =>
    told(
      await desk.submit(attemptOf(id), authority, (wait) => {
        if (wait.kind === 'queued') onQueued?.(wait.place);
      }),
    );

  return {
    ...tickets,
    ...{ links: accounts.links, personalRecords, calls, clock, storage, breakage, lease },
    newInteraction,
    receive,
    send,
    keepUnsent: async (id: string, reason: NotSentReason) => told(await desk.keepUnsent(attemptOf(id), reason)),
    draft(subject: string, body = 'The body'): TicketDraft {
      return drafts.create({
        submitter: ADA,
        place: PLACE,
        fields: { ...EMPTY_FIELDS, subject, body },
        behalf: 'self',
      });
    },
    /** What is known of one of her attempts. */
    async outcomeOf(id: string): Promise<Told> {
      const found = await outcomes.ofAttempt(ADA.id, id);
      if (!found) throw new Error('The attempt is gone');
      return told(found.outcome);
    },
    /** What became of a draft whose text is gone. */
    ofDraft: async (draft: TicketDraft) => told(await outcomes.ofDraft(draft.submitter.id, draft.id)),
    /** All attempts of a person, in their order. */
    async attemptsOf(userId: string): Promise<Attempt[]> {
      const { requests } = await records.find(userId);
      return requests.flatMap(({ attempts }) => attempts).sort((one, other) => one.sequence - other.sequence);
    },
    async notificationsOf(userId: string) {
      return (await records.find(userId)).notifications.map(({ about }) => about);
    },
    /** The person has read what became of it. */
    async deliver(id: string): Promise<void> {
      await records.change({ submitterId: ADA.id, attemptId: id }, {}, ({ record }) => {
        const stage = record.requests.flatMap(({ attempts }) => attempts).find((one) => one.id === id)?.stage.kind;
        const event = { attemptId: id, told: stage ?? 'received', delivery: 'delivered' } as const;
        return { record: deliver(record, event, clock.now), result: undefined };
      });
    },
    /** What a start does. */
    recover: () => recovery.adoptAll(),
    /** A message that Ada, a moderator, passes on in its author's name. */
    escalation(subject: string, author: typeof BOB): TicketDraft {
      const escalated = { id: '500000000000000001', url: 'https://discord.com/channels/2/3/5', author };
      const fields = { ...EMPTY_FIELDS, subject, body: 'The message' };
      return drafts.create({ submitter: ADA, place: PLACE, fields, behalf: 'author', escalated });
    },
    /** Receives and submits. @param options.confirmed The attempt despite which it is sent. */
    async submit(
      draft: TicketDraft,
      id = newInteraction(),
      options: { confirmed?: string | undefined } = {},
    ): Promise<Told> {
      const receipt = await receive(draft, id, options);
      return receipt === 'received' ? send(id, authorityFor(draft)) : { kind: receipt };
    },
    /** Receives and submits to a busy helpdesk. Resolves when it waits in the line. */
    async queueUp(draft: TicketDraft): Promise<{ outcome: Promise<Told> }> {
      const id = newInteraction();
      await receive(draft, id);
      return new Promise((resolve) => {
        const outcome = send(id, authorityFor(draft), () => resolve({ outcome }));
      });
    },
  };
}

function authorityFor({ escalated }: TicketDraft): Authority {
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
