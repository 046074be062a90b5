import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { type Clock, systemClock } from './clock.ts';
import { RecentCounter } from './recent-counter.ts';

/** What the bot counts. Labels are kinds and names from the code, never anything that a person typed. */
export type Metrics = ReturnType<typeof createMetrics>;

/** @param clock Tells what was counted in the last 24 hours. */
export function createMetrics(clock: Clock = systemClock) {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    interactions: new Counter({
      name: 'openticket_interactions_total',
      help: 'Interactions by handler and how they ended: done, failed (an error was told), late (no acknowledgement in time), elsewhere (another process with the same token answered).',
      labelNames: ['handler', 'result'],
      registers,
    }),
    handlingSeconds: new Histogram({
      name: 'openticket_interaction_seconds',
      help: 'From the arrival of an interaction to the end of its handler.',
      buckets: [0.01, 0.05, 0.1, 0.5, 1, 3, 10, 30, 130, 600],
      registers,
    }),
    acknowledgementSeconds: new Histogram({
      name: 'openticket_acknowledgement_seconds',
      help: 'From the arrival of an interaction until Discord has its first answer, for which it waits 3 seconds.',
      buckets: [0.1, 0.25, 0.5, 1, 1.5, 2, 2.5, 2.75, 3, 3.5, 5, 10],
      registers,
    }),
    submissions: new RecentCounter(
      { name: 'openticket_submissions_total', help: 'Submitted tickets by outcome.', label: 'outcome', registers },
      clock,
    ),
    answers: new Counter({
      name: 'openticket_answers_total',
      help: 'Submitted answers to tickets by outcome.',
      labelNames: ['outcome'],
      registers,
    }),
    helpdeskSeconds: new Histogram({
      name: 'openticket_helpdesk_call_seconds',
      help: 'Calls to the helpdesk by operation and result.',
      labelNames: ['operation', 'result'],
      buckets: [0.1, 0.5, 1, 2, 5, 10, 30, 60, 130],
      registers,
    }),
    helpdeskWaiting: new Gauge({
      name: 'openticket_helpdesk_waiting',
      help: 'Submissions that wait for their turn.',
      registers,
    }),
    helpdeskDown: new Gauge({
      name: 'openticket_helpdesk_down',
      help: '1 while the circuit breaker keeps calls from a helpdesk that does not answer.',
      registers,
    }),
    mails: new Counter({
      name: 'openticket_mails_total',
      help: 'Verification mails by result.',
      labelNames: ['result'],
      registers,
    }),
    mailFailures: new Counter({
      name: 'openticket_mail_failures_total',
      help: 'Mails that could not be sent for a reason that is not their address: kind (bot-refused, unreachable, unconfirmed), stage, and cause (enhanced status, status, or the code of the error).',
      labelNames: ['kind', 'stage', 'cause'],
      registers,
    }),
    watchLooks: new Counter({
      name: 'openticket_watch_looks_total',
      help: 'Looks at the tickets of people who want to be told of changes, by result: first, same, news, not-shown, failed.',
      labelNames: ['result'],
      registers,
    }),
    undelivered: new Counter({
      name: 'openticket_undelivered_total',
      help: 'Messages that Discord did not take, by what they were: reply, audit, direct-message, channel-notice, ticket-news.',
      labelNames: ['what'],
      registers,
    }),
  };
}

/** Adds what belongs to the process rather than to one bot in it. @param droppedLines How many since the start. */
export function addProcessMetrics({ registry }: Metrics, droppedLines: () => number): void {
  // Memory, processor time, start time, the delay of the event loop, garbage collection, open files.
  collectDefaultMetrics({ register: registry });
  new Counter({
    name: 'openticket_log_lines_dropped_total',
    help: 'Lines of the log that could not be written, such as to a full disk.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(droppedLines());
    },
  });
}

/** Which program this is, as labels of a 1. */
export function addBuildInfo({ registry }: Metrics, version: string): void {
  new Gauge({
    name: 'openticket_build_info',
    help: 'Always 1; version is the one of the bot, node the one of Node.',
    labelNames: ['version', 'node'],
    registers: [registry],
  }).set({ version, node: process.version }, 1);
}

/** The connection to Discord as it stands. */
export interface GatewayState {
  readonly isConnected: boolean;
  /** The shards of this process; none before the first connection. */
  readonly shards: readonly {
    readonly id: number;
    readonly isConnected: boolean;
    /** Milliseconds for a heartbeat and back; undefined before the first one. */
    readonly pingMs: number | undefined;
  }[];
  /** Undefined before Discord has said anything about it. */
  readonly sessionStartsLeft: number | undefined;
}

/** Adds the connection to Discord, looked at whenever somebody asks. */
export function addGatewayMetrics({ registry }: Metrics, look: () => GatewayState): void {
  const registers = [registry];
  new Gauge({
    name: 'openticket_gateway_connected',
    help: '1 while all shards of this process are connected to Discord.',
    registers,
    collect() {
      this.set(look().isConnected ? 1 : 0);
    },
  });
  new Gauge({
    name: 'openticket_gateway_shard_connected',
    help: '1 while this shard is connected to Discord.',
    labelNames: ['shard'],
    registers,
    collect() {
      this.reset();
      for (const { id, isConnected } of look().shards) this.set({ shard: id }, isConnected ? 1 : 0);
    },
  });
  new Gauge({
    name: 'openticket_gateway_ping_seconds',
    help: 'The last heartbeat of this shard to Discord and back.',
    labelNames: ['shard'],
    registers,
    collect() {
      this.reset();
      for (const { id, pingMs } of look().shards) if (pingMs !== undefined) this.set({ shard: id }, pingMs / 1000);
    },
  });
  new Gauge({
    name: 'openticket_session_starts_left',
    help: 'Sessions that the bot may still begin until Discord counts anew. At 0 Discord resets the token.',
    // Without a label it would stand at 0 before anything is known.
    labelNames: ['application'],
    registers,
    collect() {
      this.reset();
      const { sessionStartsLeft } = look();
      if (sessionStartsLeft !== undefined) this.set({}, sessionStartsLeft);
    },
  });
}
