import { commands } from '../commands/index.ts';
import { systemClock, TIMED_OUT, waitAtMost } from './clock.ts';
import { type Config, describeShards } from './config.ts';
import { createServices, type Tuning } from './create-services.ts';
import { startBot } from './discord/bot.ts';
import { changedEntry, recoveredEntry } from './discord/delivery/audit-entries.ts';
import type { OutcomeDelivery } from './discord/delivery/outcome-delivery.ts';
import { sendLater } from './discord/delivery/send-later.ts';
import { sendTicketNotice } from './discord/delivery/ticket-notice.ts';
import { commandLists } from './discord/other-command-lists.ts';
import { publishCommands } from './discord/publish-commands.ts';
import { ReplyEdits } from './discord/reply-edits.ts';
import { Router } from './discord/router.ts';
import type { Log } from './log.ts';
import { addBuildInfo, addGatewayMetrics, createMetrics, type Metrics } from './metrics.ts';
import { allowSlowConnections } from './network.ts';
import { ProcessLease } from './process-lease.ts';
import { openStorage } from './storage/open-storage.ts';
import { storeSecret } from './storage/store-secret.ts';
import { type AdoptedAttempt, maySettle } from './tickets/attempt-recovery.ts';
import { readVersion } from './version.ts';

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
  const beginWatching = (rest: DiscordRest) =>
    tickets.watcher.start({
      tell: (notice, maySend) => sendTicketNotice(rest, services, notice, maySend),
      onEscalationChanged: ({ messageId, entry }, at) => audit.rewrite(messageId, changedEntry(entry, at)),
    });
  async function settleAndTell(one: AdoptedAttempt, rest: DiscordRest): Promise<void> {
    const settled = await tickets.desk.settle(one).catch((error: unknown) => {
      log.error({ error, attemptId: one.attempt.id }, 'whether an answer was posted could not be looked up');
    });
    // The next process goes on, and tells it.
    if (settled === 'stopped') return;
    if (settled === 'posted') interactionLog.settled(one);
    await delivery.tellAdopted([one], rest);
  }
  async function tellAdopted(attempts: readonly AdoptedAttempt[], rest: DiscordRest): Promise<void> {
    const entries = attempts.flatMap((one) => recoveredEntry(one, config.helpdesk) ?? []);
    for (const entry of entries) void audit.write(entry);
    // Whether an answer was posted can be seen; looking takes two minutes, and nobody else has to wait for it.
    for (const one of attempts.filter(maySettle)) void settleAndTell(one, rest);
    await delivery.tellAdopted(
      attempts.filter((one) => !maySettle(one)),
      rest,
    );
  }
  lease.onGone(() => {
    const adopting = tickets.recovery.adoptAll().then(
      async (attempts) => {
        interactionLog.recovered(attempts);
        if (connection) await tellAdopted(attempts, connection);
        // Until there is a connection they wait with those of the start: they are this process's, so nobody else tells them.
        else adopted.push(...attempts);
      },
      (error: unknown) => log.error({ error }, 'what a process left that is gone could not be taken over yet'),
    );
    void adopting.finally(() => tickets.whenBack.find());
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
      beginWatching(rest);
      const data = commands.map((command) => command.data(config));
      const { guildId } = config.discord;
      const result = await publishCommands(data, { rest, applicationId, guildId, memory: listsOfCommands, log });
      log.info({ result }, 'the commands are where people find them');
      await Promise.all([telling, looking]);
      await lease.announceReady(true);
      log.info('started');
    },
  });
  addGatewayMetrics(metrics, () => bot.gateway);
  log.info(
    { storage: storage.description, verification: config.links.verification, adopted: adopted.length },
    'connecting to Discord',
  );

  async function stop(): Promise<void> {
    // Another process that takes the same interactions answers them; without one, people are told to come back.
    const isReplaced = await lease.isReplaced().catch(() => false);
    router.stop({ isReplaced });
    tickets.whenBack.stop();
    tickets.watcher.stop();
    tickets.queue.stop();
    tickets.answers.stop();
    const isIdle = () => Promise.all([router.idle(), tickets.whenBack.idle(), tickets.watcher.idle()]);
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
