import { commands } from '../commands/index.ts';
import { createAccounts } from './accounts/create-accounts.ts';
import type { Mailer } from './accounts/mailer.ts';
import { type Clock, systemClock, TIMED_OUT, waitAtMost } from './clock.ts';
import { type Config, describeShards } from './config.ts';
import { startBot } from './discord/bot.ts';
import type { Services } from './discord/command.ts';
import { AuditChannel } from './discord/delivery/audit-channel.ts';
import { recoveredEntry } from './discord/delivery/audit-entries.ts';
import { OutcomeDelivery } from './discord/delivery/outcome-delivery.ts';
import { sendLater } from './discord/delivery/send-later.ts';
import { InteractionLog } from './discord/interaction-log.ts';
import { HelpdeskHistory } from './discord/moderation/helpdesk-history.ts';
import { commandLists } from './discord/other-command-lists.ts';
import { publishCommands } from './discord/publish-commands.ts';
import { ReplyEdits } from './discord/reply-edits.ts';
import { Router } from './discord/router.ts';
import { createSoapHelpdeskClient } from './helpdesk/soap-helpdesk-client.ts';
import type { Log } from './log.ts';
import { createSmtpMailer } from './mail/smtp-mailer.ts';
import { addBuildInfo, addGatewayMetrics, createMetrics, type Metrics } from './metrics.ts';
import { allowSlowConnections } from './network.ts';
import { type LeaseTimes, ProcessLease } from './process-lease.ts';
import { SlidingWindow } from './sliding-window.ts';
import { openStorage } from './storage/open-storage.ts';
import type { Storage } from './storage/storage.ts';
import { storeSecret } from './storage/store-secret.ts';
import type { AdoptedAttempt } from './tickets/attempt-recovery.ts';
import { createTickets } from './tickets/create-tickets.ts';
import { HELPDESK_QUEUE_DEFAULTS, type HelpdeskQueueOptions } from './tickets/helpdesk-queue.ts';
import { PersonalRecords } from './tickets/personal-records.ts';
import { readVersion } from './version.ts';

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
  /** How patient the processes on one store are with each other. */
  readonly lease?: Partial<LeaseTimes>;
}

/** A running bot. */
export interface App {
  /** Resolves when the bot is connected and its commands are published. */
  readonly ready: Promise<void>;
  /** Resolves with the reason when the bot cannot go on. */
  readonly ended: Promise<Error>;
  readonly metrics: Metrics;
  /** What keeps the bot from taking work at this moment; empty when nothing does. A helpdesk that is down does not. */
  notReady(): Promise<readonly string[]>;
  /** Takes no more work, waits for what runs up to SHUTDOWN_TIMEOUT_SECONDS, and closes everything. Safe to call twice. */
  stop(): Promise<void>;
}

type DiscordRest = Parameters<OutcomeDelivery['tellAdopted']>[1];

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
  const version = readVersion();
  log.info({ version, node: process.version }, 'discord-openticket starts');
  if (config.links.verification === 'none') {
    log.warn(
      'LINK_VERIFICATION=none is unsafe: everybody can open tickets in the name of any address, without a proof',
    );
  }
  const storage = await (tuning.openStorage ?? openStorage)({ ...config.storage, log, now });
  const metrics = createMetrics(clock);
  addBuildInfo(metrics, version);
  const digestKey = await storeSecret(storage);
  const onlyGuildId = () => bot.onlyGuildId;
  const edits = new ReplyEdits(clock);
  const lease = new ProcessLease(storage, {
    clock,
    log,
    shards: describeShards(config.discord.shards),
    times: tuning.lease,
  });
  await lease.start();
  const ground = { version, storage, digestKey, metrics, log, clock, tuning, edits, onlyGuildId, lease };
  const { services, mailer } = createServices(config, ground);
  const { tickets, helpdesk, delivery, audit, interactionLog } = services;
  // Before the first interaction, so that nobody sends again what a process that is gone was sending.
  const adopted = await tickets.recovery.adoptAll();
  interactionLog.recovered(adopted);
  const router = new Router({ commands, services, hasOthers: () => lease.hasOthers });
  const listsOfCommands = storage.records('command-lists', commandLists);
  let connection: DiscordRest | undefined;
  const beginSendingLater = (rest: DiscordRest) =>
    tickets.whenBack.start((attempt) => sendLater(rest, services, attempt));
  async function tellAdopted(attempts: readonly AdoptedAttempt[], rest: DiscordRest): Promise<void> {
    const entries = attempts.flatMap((one) => recoveredEntry(one, config.helpdesk) ?? []);
    for (const entry of entries) void audit.write(entry);
    await delivery.tellAdopted(attempts, rest);
  }
  lease.onGone(() => {
    void tickets.recovery.adoptAll().then(
      async (attempts) => {
        interactionLog.recovered(attempts);
        if (connection) await tellAdopted(attempts, connection);
        // Until there is a connection they wait with those of the start: they are this process's, so nobody else tells them.
        else adopted.push(...attempts);
        await tickets.whenBack.find();
      },
      (error: unknown) => log.error({ error }, 'what a process left that is gone could not be taken over yet'),
    );
  });
  const bot = startBot({
    token: config.discord.token,
    apiUrl: config.discord.apiUrl,
    shards: config.discord.shards,
    ...(tuning.discordTimeoutMs && { requestTimeoutMs: tuning.discordTimeoutMs }),
    edits,
    onAcknowledged: (durationMs) => metrics.acknowledgementSeconds.observe(durationMs / 1000),
    clock,
    log,
    onInteraction: (interaction) => router.route(interaction),
    async onReady({ rest, applicationId }) {
      const looking = audit.connect(rest);
      const telling = connection ? undefined : tellAdopted(adopted, rest).then(() => beginSendingLater(rest));
      connection = rest;
      const data = commands.map((command) => command.data(config));
      const { guildId } = config.discord;
      const result = await publishCommands(data, { rest, applicationId, guildId, memory: listsOfCommands, log });
      log.info({ result }, 'the commands are where people find them');
      await Promise.all([telling, looking]);
      await lease.announceReady(true);
    },
  });
  addGatewayMetrics(metrics, () => bot.gateway);
  log.info(
    { storage: storage.description, verification: config.links.verification, adopted: adopted.length },
    'started',
  );

  async function stop(): Promise<void> {
    // Another process that takes the same interactions answers them; without one, people are told to come back.
    const isReplaced = await lease.isReplaced().catch(() => false);
    router.stop({ isReplaced });
    tickets.whenBack.stop();
    tickets.queue.stop();
    const isIdle = () => Promise.all([router.idle(), tickets.whenBack.idle()]);
    const idle = await waitAtMost(clock, config.shutdownTimeoutMs, isIdle());
    if (idle === TIMED_OUT) {
      log.warn('calls to the helpdesk are cut off; their tickets may be open, and their people are told so');
      helpdesk.close();
      await waitAtMost(clock, LAST_WORDS_MS, isIdle());
    }
    delivery.stop();
    await bot.stop();
    // What arrived last, before the connection was closed.
    await waitAtMost(clock, LAST_WORDS_MS, router.idle());
    helpdesk.close();
    mailer.close();
    await tickets.records.stop();
    await lease.stop();
    await storage.close();
    log.info('stopped');
  }

  let stopped: Promise<void> | undefined;
  return {
    ready: bot.ready,
    ended: bot.ended,
    metrics,
    async notReady() {
      const reasons: string[] = [];
      if (stopped) reasons.push('stopping');
      if (!bot.isReady) reasons.push('not connected to Discord');
      await storage.check().catch(() => reasons.push('the store does not work'));
      return reasons;
    },
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

interface Ground {
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

function createServices(config: Config, ground: Ground): { services: Services; mailer: Mailer } {
  const { version, storage, digestKey, metrics, log, clock, tuning, edits, onlyGuildId, lease } = ground;
  const { now } = clock;
  const { draftLifetimeMs, recordLifetimeMs, perPersonAndHour, perServerAndHour } = config.tickets;
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
  const accounts = createAccounts({
    storage,
    verification: config.links.verification,
    mailer,
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
    createSoapHelpdeskClient({
      ...config.helpdesk,
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
      onWaiting: (waiting) => metrics.helpdeskWaiting.set(waiting),
      onDown: (down) => {
        metrics.helpdeskDown.set(down ? 1 : 0);
        log.warn({ down }, down ? 'the helpdesk keeps failing and is left alone for a moment' : 'the helpdesk is back');
      },
    },
    personLimit: perHour('tickets-of-person', perPersonAndHour),
    serverLimit: perHour('tickets-of-server', perServerAndHour),
    draftLifetimeMs,
    recordLifetimeMs,
    communityEmail: config.moderation.escalationEmail,
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
