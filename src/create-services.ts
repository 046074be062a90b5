import { createAccounts } from './accounts/create-accounts.ts';
import type { Mailer } from './accounts/mailer.ts';
import { HELPDESK } from './chosen-helpdesk.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Services } from './discord/command.ts';
import { AuditChannel } from './discord/delivery/audit-channel.ts';
import { OutcomeDelivery } from './discord/delivery/outcome-delivery.ts';
import { InteractionLog } from './discord/interaction-log.ts';
import { HelpdeskHistory } from './discord/moderation/helpdesk-history.ts';
import type { ReplyEdits } from './discord/reply-edits.ts';
import type { HelpdeskKind } from './helpdesk-kind.ts';
import type { Log } from './log.ts';
import { mailerOnDemand } from './mail/mailer-on-demand.ts';
import type { Metrics } from './metrics.ts';
import type { LeaseTimes, ProcessLease } from './process-lease.ts';
import { SlidingWindow } from './sliding-window.ts';
import type { openStorage } from './storage/open-storage.ts';
import type { Storage } from './storage/storage.ts';
import { createTickets } from './tickets/create-tickets.ts';
import { HELPDESK_QUEUE_DEFAULTS, type HelpdeskQueueOptions } from './tickets/helpdesk-queue.ts';
import { PersonalRecords } from './tickets/personal-records.ts';
import { ANSWER_LIMIT } from './tickets/ticket-limits.ts';

const HOUR_MS = 3_600_000;

/** What differs in tests: the clock, a store that breaks, the helpdesk, and how patient the way to it is. */
export interface Tuning {
  readonly clock?: Clock;
  readonly openStorage?: typeof openStorage;
  readonly queue?: Partial<HelpdeskQueueOptions>;
  /** Another helpdesk than the chosen one. */
  readonly helpdesk?: HelpdeskKind;
  /** Milliseconds for one mail. */
  readonly mailTimeoutMs?: number;
  /** Milliseconds for one request to Discord. */
  readonly discordTimeoutMs?: number;
  /** Milliseconds between the first tries to hand a reply to Discord. */
  readonly deliveryRetryMs?: number;
  /** How patient the processes on one store are with each other. */
  readonly lease?: Partial<LeaseTimes>;
}

/** What the services stand on. */
export interface Ground {
  readonly version: string;
  readonly storage: Storage;
  readonly digestKey: Buffer;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly clock: Clock;
  readonly tuning: Tuning;
  readonly edits: ReplyEdits;
  readonly lease: ProcessLease;
  /** Asked for what happens in direct messages. */
  readonly onlyGuildId: () => string | undefined;
}

/** Puts the services together that handlers use. Nothing is asked of the network yet. */
export function createServices(config: Config, ground: Ground): { services: Services; mailer: Mailer } {
  const { version, storage, digestKey, metrics, log, clock, tuning, edits, onlyGuildId, lease } = ground;
  const { now } = clock;
  const kind = tuning.helpdesk ?? HELPDESK;
  const { draftLifetimeMs, recordLifetimeMs, perPersonAndHour, perServerAndHour } = config.tickets;
  const perHour = (name: string, limit: number) =>
    new SlidingWindow(storage, name, { limit, windowMs: HOUR_MS, now, digestKey });

  const mailer = config.links.mail
    ? mailerOnDemand({
        url: config.links.mail.smtpUrl,
        from: config.links.mail.from,
        ...(tuning.mailTimeoutMs && { timeoutMs: tuning.mailTimeoutMs }),
        clock,
        onFailure({ kind, stage, reason, status, enhancedStatus }) {
          if (kind !== 'refused')
            metrics.mailFailures.inc({ kind, stage, cause: enhancedStatus ?? String(status ?? reason) });
        },
        log,
      })
    : noMailer;
  const accounts = createAccounts({
    storage,
    verification: config.links.verification,
    mailer,
    takesAddress: kind.takesAddress,
    helpdeskName: config.helpdesk.name,
    personLimit: perHour('mails-of-person', config.links.mailsPerHour),
    addressLimit: perHour('mails-to-address', config.links.mailsPerHour),
    linkRequestLimit: perHour('link-requests-of-person', config.links.mailsPerHour),
    digestKey,
    now,
    log,
  });

  const helpdeskHistory = new HelpdeskHistory(clock);
  const helpdesk = helpdeskHistory.watch(
    kind.createClient(config.helpdesk, {
      clock,
      log,
      onCall: (operation, result, durationMs) =>
        metrics.helpdeskSeconds.observe({ operation, result }, durationMs / 1000),
    }),
  );
  const tickets = createTickets({
    storage,
    links: accounts.links,
    lease,
    helpdesk,
    queue: {
      ...HELPDESK_QUEUE_DEFAULTS,
      ...tuning.queue,
      concurrency: config.helpdesk.concurrency,
      clock,
      onWaiting: (waiting) => metrics.helpdeskWaiting.set(waiting),
      onDown: (down) => {
        metrics.helpdeskDown.set(down ? 1 : 0);
        log.warn({ down }, down ? 'the helpdesk keeps failing and is left alone for a moment' : 'the helpdesk is back');
      },
    },
    personLimit: perHour('tickets-of-person', perPersonAndHour),
    serverLimit: perHour('tickets-of-server', perServerAndHour),
    answerLimit: perHour('answers-of-person', ANSWER_LIMIT.perHour),
    showPosts: config.helpdesk.showPosts,
    watchLooksPerMinute: config.tickets.watchLooksPerMinute,
    onWatchLook: (result) => metrics.watchLooks.inc({ result }),
    draftLifetimeMs,
    recordLifetimeMs,
    communityEmail: config.moderation.escalationEmail,
    tellsModerators: config.moderation.auditChannelId !== undefined,
    onlyGuildId,
    digestKey,
    log,
    clock,
  });
  const delivery = new OutcomeDelivery({
    ...tickets,
    lease,
    metrics,
    log,
    helpdeskNames: config.helpdesk,
    edits,
    clock,
    ...(tuning.deliveryRetryMs !== undefined && { retryAfterMs: tuning.deliveryRetryMs }),
  });
  const audit = new AuditChannel({ channelId: config.moderation.auditChannelId, metrics, log });
  const personalRecords = new PersonalRecords({ storage, ...accounts, ...tickets });
  const services = {
    version,
    config,
    tickets,
    accounts,
    personalRecords,
    helpdesk,
    helpdeskHistory,
    delivery,
    audit,
    metrics,
    log,
    interactionLog: new InteractionLog({ log, clock }),
    clock,
  };
  return { services, mailer };
}

/** For communities that prove addresses in another way. */
const noMailer: Mailer = {
  send: async () => ({ kind: 'unreachable' }),
  check: async () => undefined,
  close: () => undefined,
};
