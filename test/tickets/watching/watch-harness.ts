import { onTestFinished } from 'vitest';
import { createAccounts } from '../../../src/accounts/create-accounts.ts';
import { createLog } from '../../../src/log.ts';
import { ProcessLease } from '../../../src/process-lease.ts';
import { SlidingWindow } from '../../../src/sliding-window.ts';
import { openStorage } from '../../../src/storage/open-storage.ts';
import { createTickets } from '../../../src/tickets/create-tickets.ts';
import type { HelpdeskClient } from '../../../src/tickets/helpdesk-client.ts';
import type { HelpdeskTicket, ViewTicketResult } from '../../../src/tickets/helpdesk-ticket.ts';
import { PersonalRecords } from '../../../src/tickets/personal-records.ts';
import type { NoticeResult, TicketNotice } from '../../../src/tickets/watching/notices.ts';
import type { LookResult } from '../../../src/tickets/watching/ticket-watcher.ts';
import { createBreakableStorage } from '../../support/breakable-storage.ts';
import { ManualClock } from '../../support/manual-clock.ts';

export const ADA = '100000000000000001';
export const MINUTE_MS = 60_000;

/** A ticket as the helpdesk shows it. */
export function shownTicket(
  reference: string,
  requesterEmail: string,
  more: Partial<HelpdeskTicket> = {},
): HelpdeskTicket {
  const times = { createdAt: '2026-11-27 20:00:00', lastActivityAt: '2026-11-27 20:00:00' };
  const first = { email: requesterEmail, writtenAt: times.createdAt, contents: 'It is down.' };
  return { reference, requesterEmail, subject: 'Down', state: 'Open', ...times, posts: [first], ...more };
}

/** What outlives a process: the store, the clock, the tickets at the helpdesk, and what was told. */
async function createGround() {
  const clock = new ManualClock();
  const store = await openStorage({ url: 'sqlite::memory:', keys: [], now: clock.now });
  onTestFinished(() => store.close());
  return { clock, store, shown: new Map<string, HelpdeskTicket>(), told: [] as TicketNotice[] };
}
export type Ground = Awaited<ReturnType<typeof createGround>>;

export interface WatchOptions {
  readonly looksPerMinute?: number;
  readonly breakAfterFailures?: number;
  /** What a process that is gone has left. */
  readonly ground?: Ground;
}

/** Watches one ticket of Ada that has been looked at once. */
export async function startWatching(options: WatchOptions = {}) {
  const watch = await createWatch(options);
  const reference = await watch.watch();
  watch.start();
  await watch.until(() => watch.results.length === 1);
  return { ...watch, reference };
}

/** Watched tickets over a real store, on a clock that the test holds, with a helpdesk that is two functions. */
export async function createWatch({ looksPerMinute = 10, breakAfterFailures = 1000, ...options }: WatchOptions = {}) {
  const ground = options.ground ?? (await createGround());
  const { clock, shown, told } = ground;
  const { storage, breakage } = createBreakableStorage(ground.store);
  const log = createLog('silent');
  const digestKey = Buffer.alloc(32, 7);
  /** When each look began (clock.elapsed()), and at what. */
  const views: { readonly at: number; readonly reference: string }[] = [];
  const results: LookResult[] = [];
  /** Entries in the audit channel that were written anew, and those that moderators have deleted. */
  const rewritten: string[] = [];
  const deletedEntries = new Set<string>();
  let viewTicket: HelpdeskClient['viewTicket'] = async (reference): Promise<ViewTicketResult> => {
    const ticket = shown.get(reference);
    return ticket ? { kind: 'viewed', ticket } : { kind: 'refused' };
  };
  let tell = async (_: TicketNotice): Promise<NoticeResult['kind']> => 'sent';
  const helpdesk: HelpdeskClient = {
    openTicket: async () => ({ kind: 'opened', reference: 'KVO-530-1' }),
    viewTicket(reference, signal) {
      views.push({ at: clock.elapsed(), reference });
      return viewTicket(reference, signal);
    },
    postReply: async () => ({ kind: 'posted' }),
    check: async () => undefined,
    close: () => undefined,
  };
  const window = (name: string) =>
    new SlidingWindow(storage, name, { limit: 1000, windowMs: 3_600_000, now: clock.now, digestKey });
  const accounts = createAccounts({
    storage,
    verification: 'none',
    mailer: { send: async () => ({ kind: 'sent' }), check: async () => undefined, close: () => undefined },
    takesAddress: () => true,
    helpdeskName: 'the helpdesk',
    personLimit: window('mails-of-person'),
    addressLimit: window('mails-to-address'),
    linkRequestLimit: window('link-requests-of-person'),
    digestKey,
    now: clock.now,
    log,
  });
  const lease = new ProcessLease(storage, { clock, log, shards: '0/1' });
  const tickets = createTickets({
    ...{ storage, links: accounts.links, lease, helpdesk, digestKey, log, clock },
    queue: {
      ...{ concurrency: 8, retryDelaysMs: [], retryWithinMs: 60_000 },
      ...{ breakAfterFailures, breakForMs: 60_000, maxWaitMs: 60_000 },
    },
    personLimit: window('tickets-of-person'),
    serverLimit: window('tickets-of-server'),
    answerLimit: window('answers-of-person'),
    showPosts: false,
    watchLooksPerMinute: looksPerMinute,
    onWatchLook: (result) => results.push(result),
    draftLifetimeMs: 24 * 3_600_000,
    recordLifetimeMs: 365 * 24 * 3_600_000,
    communityEmail: undefined,
    tellsModerators: false,
    onlyGuildId: () => undefined,
  });
  onTestFinished(() => tickets.watcher.stop());
  const { opened, watches, watcher } = tickets;
  async function open(userId: string, reference: string): Promise<void> {
    const email = `${userId}@example.org`;
    shown.set(reference, shownTicket(reference, email));
    const { opened: at, due } = opened.refs(userId);
    await storage.change([at, due], ([record, before]) => {
      const newly = { id: `${userId}-${reference}`, reference, subject: 'Down', email };
      const changes = opened.changes(opened.withOpened(record, newly, userId), before);
      return { changes: [changes.opened, changes.due], result: undefined };
    });
  }
  /** Who has a ticket, and is told of changes. @returns Its display ID. */
  async function watch(userId = ADA, reference = 'KVO-530-1'): Promise<string> {
    if (!(await accounts.links.find(userId))) await accounts.links.save(userId, `${userId}@example.org`, 'none');
    await open(userId, reference);
    await watches.set(userId, true);
    return reference;
  }
  function change(reference: string, how: (ticket: HelpdeskTicket) => Partial<HelpdeskTicket>): void {
    const ticket = shown.get(reference);
    if (!ticket) throw new Error(`There is no ${reference}.`);
    shown.set(reference, { ...ticket, ...how(ticket) });
  }
  /** Somebody else writes. */
  function answer(reference: string, contents = 'Try again.'): void {
    const post = { email: 'sam@staff.example', writtenAt: '', contents };
    change(reference, ({ posts }) => ({ posts: [...posts, post] }));
  }
  return {
    ...{ ground, breakage, clock, storage, tickets, views, shown, results, told, links: accounts.links, lease },
    personalRecords: new PersonalRecords({ storage, ...accounts, ...tickets }),
    ...{ open, watch, change, answer, rewritten, deletedEntries },
    /** Lets time pass until something has happened. */
    async until(hasHappened: () => boolean | Promise<boolean>): Promise<void> {
      while (!(await hasHappened())) await clock.passSlowly(1000, 1000);
    },
    /** How the helpdesk behaves from now on. */
    shows: (view: HelpdeskClient['viewTicket']) => {
      viewTicket = view;
    },
    tells: (how: (notice: TicketNotice) => Promise<NoticeResult['kind']>) => {
      tell = how;
    },
    start: () =>
      watcher.start({
        async tell(notice) {
          told.push(notice);
          return { kind: await tell(notice) };
        },
        onEscalationChanged: async ({ messageId }) => {
          rewritten.push(messageId);
          return deletedEntries.has(messageId) ? 'gone' : 'kept';
        },
      }),
    /** What a person is told at their next command. */
    notifications: async (userId = ADA) => (await tickets.records.find(userId)).notifications.map(({ about }) => about),
    /** The one ticket of a person, as it is written down. */
    async stored(userId = ADA) {
      const [ticket] = (await opened.stored(userId)).tickets;
      if (!ticket) throw new Error('Nothing is stored.');
      return ticket;
    },
  };
}
