import { commands } from '../commands/index.ts';
import { AccountLinks } from './accounts/account-links.ts';
import { EmailVerification } from './accounts/email-verification.ts';
import { LinkRequests } from './accounts/link-requests.ts';
import type { Mailer } from './accounts/mailer.ts';
import { type Clock, systemClock, TIMED_OUT, waitAtMost } from './clock.ts';
import type { Config } from './config.ts';
import { startBot } from './discord/bot.ts';
import type { CommandParts } from './discord/command.ts';
import { AuditChannel } from './discord/delivery/audit-channel.ts';
import { recoveredEntry } from './discord/delivery/audit-entries.ts';
import { OutcomeDelivery } from './discord/delivery/outcome-delivery.ts';
import { commandLists } from './discord/other-command-lists.ts';
import { publishCommands } from './discord/publish-commands.ts';
import { ReplyEdits } from './discord/reply-edits.ts';
import { Router } from './discord/router.ts';
import { createSoapHelpdeskClient } from './helpdesk/soap-helpdesk-client.ts';
import type { Log } from './log.ts';
import { createSmtpMailer } from './mail/smtp-mailer.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { allowSlowConnections } from './network.ts';
import { SlidingWindow } from './sliding-window.ts';
import { openStorage } from './storage/open-storage.ts';
import type { Storage } from './storage/storage.ts';
import { storeSecret } from './storage/store-secret.ts';
import { HELPDESK_QUEUE_DEFAULTS, HelpdeskQueue, type HelpdeskQueueOptions } from './tickets/helpdesk-queue.ts';
import { DeskControls } from './tickets/records/desk-controls.ts';
import { Notices } from './tickets/records/notices.ts';
import { PersonalRecords } from './tickets/records/personal-records.ts';
import { SubmissionLedger } from './tickets/records/submission-ledger.ts';
import { TicketClaims } from './tickets/records/ticket-claims.ts';
import { TicketDrafts } from './tickets/records/ticket-drafts.ts';
import { TicketDesk } from './tickets/ticket-desk.ts';

/** What differs in tests: the clock, a store that breaks, and how patient the way to the helpdesk is. */
export interface Tuning {
  readonly clock?: Clock;
  readonly openStorage?: typeof openStorage;
  readonly queue?: Partial<HelpdeskQueueOptions>;
  /** Milliseconds for one mail. */
  readonly mailTimeoutMs?: number;
  /** Milliseconds for one request to Discord. */
  readonly discordTimeoutMs?: number;
  /** Milliseconds between the first tries to hand a reply to Discord. */
  readonly deliveryRetryMs?: number;
}

/** A running bot. */
export interface App {
  /** Resolves when the bot is connected and its commands are published. */
  readonly ready: Promise<void>;
  /** Resolves with the reason when the bot cannot go on. */
  readonly ended: Promise<Error>;
  readonly metrics: Metrics;
  /** What keeps the bot from taking work at this moment; empty when nothing does. A helpdesk that is down does not. */
  hindrances(): Promise<readonly string[]>;
  /** Takes no more work, waits for what runs up to SHUTDOWN_TIMEOUT_SECONDS, and closes everything. Safe to call twice. */
  stop(): Promise<void>;
}

const HOUR_MS = 3_600_000;
/** Milliseconds in which cut-off calls are written down and told, after the wait at shutdown is over. */
const LAST_WORDS_MS = 5000;

/**
 * Puts the parts together and starts the bot. Needs the store; neither the helpdesk, nor the mail server, nor Discord has to
 * be there.
 * @throws {StorageError} when the store cannot be opened.
 */
export async function startApp(config: Config, log: Log, tuning: Tuning = {}): Promise<App> {
  const { clock = systemClock } = tuning;
  const { now } = clock;
  allowSlowConnections();
  if (config.links.verification === 'none') {
    log.warn(
      'LINK_VERIFICATION=none is unsafe: everybody can open tickets in the name of any address, without a proof',
    );
  }
  const storage = await (tuning.openStorage ?? openStorage)({ ...config.storage, log, now });
  const metrics = createMetrics();
  const digestKey = await storeSecret(storage);
  const onlyGuildId = () => bot.onlyGuildId;
  const edits = new ReplyEdits(clock);
  const parts = createParts(config, { storage, digestKey, metrics, log, clock, tuning, edits, onlyGuildId });
  // Before the first interaction, so that nobody sends again what the last process was sending.
  const untold = await parts.desk.recover();
  const router = new Router({ commands, parts });
  const listsOfCommands = storage.records('command-lists', commandLists);
  let isRecovered = false;
  const bot = startBot({
    token: config.discord.token,
    apiUrl: config.discord.apiUrl,
    ...(tuning.discordTimeoutMs && { requestTimeoutMs: tuning.discordTimeoutMs }),
    edits,
    clock,
    log,
    onInteraction: (interaction) => router.route(interaction),
    async onReady({ rest, applicationId }) {
      const looking = parts.audit.connect(rest);
      const telling = isRecovered ? undefined : parts.delivery.tellRecovered(untold, rest);
      if (!isRecovered)
        for (const entry of untold.flatMap((one) => recoveredEntry(one) ?? [])) void parts.audit.write(entry);
      isRecovered = true;
      const data = commands.map((command) => command.data(config));
      const { guildId } = config.discord;
      const result = await publishCommands(data, { rest, applicationId, guildId, memory: listsOfCommands, log });
      log.info({ result }, 'the commands are where people find them');
      await Promise.all([telling, looking]);
    },
  });
  log.info({ storage: storage.description, verification: config.links.verification, untold: untold.length }, 'started');

  async function stop(): Promise<void> {
    router.stop();
    parts.queue.stop();
    const idle = await waitAtMost(clock, config.shutdownTimeoutMs, router.idle());
    if (idle === TIMED_OUT) {
      log.warn('calls to the helpdesk are cut off; their tickets may be open, and their people are told so');
      parts.helpdesk.close();
      await waitAtMost(clock, LAST_WORDS_MS, router.idle());
    }
    parts.delivery.stop();
    await bot.stop();
    // What arrived last, before the connection was closed.
    await waitAtMost(clock, LAST_WORDS_MS, router.idle());
    parts.helpdesk.close();
    parts.mailer.close();
    await storage.close();
    log.info('stopped');
  }

  let stopped: Promise<void> | undefined;
  return {
    ready: bot.ready,
    ended: bot.ended,
    metrics,
    async hindrances() {
      const hindrances: string[] = [];
      if (stopped) hindrances.push('stopping');
      if (!bot.isReady) hindrances.push('not connected to Discord');
      await storage.check().catch(() => hindrances.push('the store does not work'));
      return hindrances;
    },
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

interface Ground {
  readonly storage: Storage;
  readonly digestKey: Buffer;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly clock: Clock;
  readonly tuning: Tuning;
  readonly edits: ReplyEdits;
  /** Asked for what happens in direct messages. */
  readonly onlyGuildId: () => string | undefined;
}

function createParts(config: Config, ground: Ground): CommandParts & { mailer: Mailer } {
  const { storage, digestKey, metrics, log, clock, tuning, edits, onlyGuildId } = ground;
  const { now } = clock;
  const { draftLifetimeMs, perPersonAndHour, perServerAndHour, ticketUrl } = config.tickets;
  // A text must not outlive the record that says that it may be a ticket already.
  const recordLifetimeMs = Math.max(config.tickets.recordLifetimeMs, draftLifetimeMs);
  const perHour = (name: string, limit: number) =>
    new SlidingWindow(storage, name, { limit, windowMs: HOUR_MS, now, digestKey });

  const mailer = config.links.mail
    ? createSmtpMailer({
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
  const links = new AccountLinks(storage, { verification: config.links.verification, now });
  const linkRequests = new LinkRequests(storage, { now });
  const verification = new EmailVerification(storage, {
    links,
    mailer,
    personLimit: perHour('mails-of-person', config.links.mailsPerHour),
    addressLimit: perHour('mails-to-address', config.links.mailsPerHour),
    digestKey,
    now,
    log,
  });

  const helpdesk = createSoapHelpdeskClient({
    ...config.helpdesk,
    clock,
    log,
    onCall: (operation, result, durationMs) =>
      metrics.helpdeskSeconds.observe({ operation, result }, durationMs / 1000),
  });
  const queue = new HelpdeskQueue({
    ...HELPDESK_QUEUE_DEFAULTS,
    ...tuning.queue,
    concurrency: config.helpdesk.concurrency,
    onWaiting: (waiting) => metrics.helpdeskWaiting.set(waiting),
    onDown: (down) => {
      metrics.helpdeskDown.set(down ? 1 : 0);
      log.warn({ down }, down ? 'the helpdesk keeps failing and is left alone for a moment' : 'the helpdesk is back');
    },
  });
  const drafts = new TicketDrafts(storage, { lifetimeMs: draftLifetimeMs, now });
  const ledger = new SubmissionLedger(storage, { lifetimeMs: recordLifetimeMs, now });
  const claims = new TicketClaims(storage, { recordLifetimeMs, digestKey });
  const controls = new DeskControls(storage, { now, onlyGuildId });
  const notices = new Notices(storage, { lifetimeMs: recordLifetimeMs });
  const desk = new TicketDesk({
    drafts,
    ledger,
    claims,
    controls,
    notices,
    links,
    helpdesk,
    queue,
    personLimit: perHour('tickets-of-person', perPersonAndHour),
    serverLimit: perHour('tickets-of-server', perServerAndHour),
    communityEmail: config.moderation.escalationEmail,
    log,
    now,
  });
  return {
    config,
    desk,
    drafts,
    ledger,
    claims,
    controls,
    queue,
    helpdesk,
    links,
    linkRequests,
    linkRequestLimit: perHour('link-requests-of-person', config.links.mailsPerHour),
    verification,
    notices,
    personalRecords: new PersonalRecords({
      controls,
      storage,
      links,
      linkRequests,
      verification,
      drafts,
      ledger,
      claims,
      notices,
    }),
    delivery: new OutcomeDelivery({
      desk,
      ledger,
      drafts,
      notices,
      metrics,
      log,
      ticketUrl,
      edits,
      clock,
      ...(tuning.deliveryRetryMs !== undefined && { retryAfterMs: tuning.deliveryRetryMs }),
    }),
    audit: new AuditChannel({ channelId: config.moderation.auditChannelId, metrics, log }),
    mailer,
    metrics,
    log,
    clock,
    now,
  };
}

/** For communities that prove addresses in another way. */
const noMailer: Mailer = {
  send: async () => ({ kind: 'unreachable' }),
  check: async () => undefined,
  close: () => undefined,
};
