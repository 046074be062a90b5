import { Counter, Gauge, Histogram, Registry } from 'prom-client';
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
    submissions: new RecentCounter(
      { name: 'openticket_submissions_total', help: 'Submitted tickets by outcome.', label: 'outcome', registers },
      clock,
    ),
    helpdeskSeconds: new Histogram({
      name: 'openticket_helpdesk_call_seconds',
      help: 'SOAP calls by operation and result.',
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
    undelivered: new Counter({
      name: 'openticket_undelivered_total',
      help: 'Messages that Discord did not take, by what they were: reply, audit, direct-message, channel-notice.',
      labelNames: ['what'],
      registers,
    }),
  };
}

/** Adds how many lines of the log could not be written. @param dropped Their number since the start. */
export function countDroppedLines({ registry }: Metrics, dropped: () => number): void {
  new Counter({
    name: 'openticket_log_lines_dropped_total',
    help: 'Lines of the log that could not be written, such as to a full disk.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(dropped());
    },
  });
}
