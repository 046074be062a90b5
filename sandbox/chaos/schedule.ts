import { createHash } from 'node:crypto';
import type { FaultName } from '../discord/faults.ts';
import type { NamedFault } from '../helpdesk/fault-effects.ts';
import type { HelpdeskFaultName } from '../helpdesk/faults.ts';
import { TICKET_POST_FAULTS } from '../helpdesk/ticket-post-faults.ts';
import { VIEW_TICKET_FAULTS } from '../helpdesk/view-ticket-faults.ts';
import { OUTAGES, type Outage } from '../store-servers.ts';
import { Random } from './random.ts';

const HELPDESK_FAULTS: readonly HelpdeskFaultName[] = [
  'hang',
  'reset',
  'open-then-reset',
  'open-then-hang',
  'open-then-cut-deep',
  'open-then-empty',
  'open-then-html',
  'open-then-fault',
  'open-then-warning',
  'html-200',
  'bad-gateway',
  'empty-500',
  'json',
  'fault-server',
  'nil',
  'blank',
  'expired-fault',
  'expired-nil',
  'expired-text',
  'expired-mismatch',
  'refused',
  'failed-creating',
  'odd-status',
  'slow',
];
/** What an answer meets, each with the operation that it concerns. */
const ANSWER_FAULTS = [...namesOf(TICKET_POST_FAULTS), ...namesOf(VIEW_TICKET_FAULTS)];
const DISCORD_FAULTS: readonly FaultName[] = [
  'callback-reset-before',
  'callback-reset-after',
  'callback-500-before',
  'callback-500-after',
  'callback-slow',
  'edit-500-before',
  'edit-500-after',
  'edit-reset-before',
  'edit-reset-after',
  'edit-invalid-token',
  'edit-unknown-message',
  'follow-up-500',
  'rate-limited',
  'rest-500',
  'rest-refused',
  'gateway-dropped',
  'gateway-reconnect',
  'gateway-session-lost',
];
/** What direct messages meet. The first one leaves open whether somebody has been told. */
const MESSAGE_FAULTS = ['message-reset-after', 'message-500'] as const satisfies readonly FaultName[];
/** What the death of the bot waits for, so that it comes between two things that belong together. */
const MOMENTS = ['interaction', 'acknowledged', 'edit', 'ticket', 'call'] as const;

type HelpdeskFaultOperation = NamedFault['operation'];

/** One thing that goes wrong, so many milliseconds after the one before it. */
export type PlannedFault = { readonly afterMs: number } & (
  | {
      readonly kind: 'helpdesk';
      readonly fault: HelpdeskFaultName;
      readonly times: number;
      readonly operation: '*' | HelpdeskFaultOperation;
    }
  | { readonly kind: 'helpdesk-down'; readonly forMs: number }
  | { readonly kind: 'discord'; readonly fault: FaultName; readonly times: number; readonly delayMs: number }
  /** Discord delivers one of the last submits once more. `which` is its place among them, from 0 to below 1. */
  | { readonly kind: 'redelivery'; readonly which: number }
);

/** What befalls a process or the store before the death of a life. It is waited for to its end. */
export type PlannedOutage =
  /** A process is stopped for longer than its lease and wakes up again: with a call under way, or in whatever it does. */
  | { readonly kind: 'sleep'; readonly forMs: number; readonly isDuringCall: boolean }
  /** The store is away. */
  | { readonly kind: 'store-away'; readonly forMs: number; readonly how: Outage };

/** How the bot's life ends. Milliseconds count from its connection, or from its start when it dies young. */
export type PlannedDeath =
  | { readonly at: 'young'; readonly afterMs: number }
  /** An update: the next process is started, and this one is told to stop when that one is ready. */
  | { readonly at: 'update'; readonly afterMs: number }
  | { readonly at: 'time'; readonly afterMs: number; readonly signal: Signal }
  /** In the middle of something: so long after the n-th of these. */
  | {
      readonly at: 'moment';
      readonly moment: (typeof MOMENTS)[number];
      readonly count: number;
      readonly afterMs: number;
      readonly signal: Signal;
    }
  /** By its own hand, at the n-th write of its life: before it is durable, or right after, before anything follows from it. */
  | { readonly at: 'write'; readonly write: number; readonly isDurable: boolean };
type Signal = 'SIGKILL' | 'SIGTERM';

/** One life of the bot, and what it meets. */
export interface PlannedLife {
  /** Which of the processes it is about, from 0 to below 1. */
  readonly which: number;
  /** Milliseconds that the helpdesk takes for a call. */
  readonly latencyMs: number;
  readonly faults: readonly PlannedFault[];
  readonly outage: PlannedOutage | undefined;
  /** What is over before the bot dies: hanging calls are answered, and faults of the helpdesk end. */
  readonly releases: boolean;
  readonly mendsHelpdesk: boolean;
  readonly death: PlannedDeath;
  /** What is over when the next life begins. */
  readonly mendsDiscord: boolean;
  /** With its session forgotten, people read at once that it failed; otherwise after three seconds. */
  readonly forgetsSession: boolean;
  /** Milliseconds until the next life. */
  readonly pauseMs: number;
}

/** All lives of the bot until it was killed so many times, drawn from the seed alone. */
export function planChaos(seed: string, kills: number, store: PlannedStore = NO_SERVER): PlannedLife[] {
  const random = new Random(`${seed}/schedule`);
  const lives: PlannedLife[] = [];
  for (let killed = 0; killed < kills; ) {
    // A stream of its own for each life: a longer schedule begins like a shorter one.
    const life = planLife(random.fork(`life ${lives.length}`), store);
    lives.push(life);
    if (!isStopped(life)) killed += 1;
  }
  return lives;
}

/** Whether it ends by SIGTERM, as an operator ends it. */
export function isStopped({ death }: PlannedLife): boolean {
  return death.at === 'update' || ('signal' in death && death.signal === 'SIGTERM');
}

/** By which two runs can be told to have had the same schedule. */
export function digestOf(lives: readonly PlannedLife[]): string {
  return createHash('sha256').update(JSON.stringify(lives)).digest('hex').slice(0, 12);
}

/** What the store allows for. */
export interface PlannedStore {
  /** Several processes may use it, so one can be updated without a gap. */
  readonly isShared: boolean;
  /** Milliseconds for which a server is away at most; 0 for a file. */
  readonly awayMs: number;
  /** Milliseconds after which a silent process counts as gone. */
  readonly leaseMs: number;
}
const NO_SERVER: PlannedStore = { isShared: false, awayMs: 0, leaseMs: 2500 };

function planLife(random: Random, store: PlannedStore): PlannedLife {
  const ordinary = planOrdinaryLife(random);
  const life = { ...ordinary, faults: withMore(ordinary.faults, random.fork('answers')) };
  // Drawn after everything else: the same seed gives the same ordinary lives on every store.
  const which = random.next();
  const luck = random.next();
  const outage = planOutage(random, luck, store);
  const isUpdate = store.isShared && luck > 0.9;
  const death = isUpdate ? ({ at: 'update', afterMs: random.between(0, 1000) } as const) : life.death;
  return { ...life, which, outage, death: outage ? withTimeFor(outage, death) : death };
}

function planOutage(random: Random, luck: number, { awayMs, leaseMs }: PlannedStore): PlannedOutage | undefined {
  if (luck < 0.06) {
    return { kind: 'sleep', forMs: leaseMs + random.between(500, 2000), isDuringCall: random.chance(0.6) };
  }
  if (awayMs === 0 || luck > 0.1) return undefined;
  // Long ones are rare: nobody writes meanwhile.
  const forMs = luck < 0.07 ? awayMs : random.between(200, 3000);
  return { kind: 'store-away', forMs, how: random.pick(OUTAGES) };
}

/** A bot that dies at once or at a write would hardly ever meet an outage. */
function withTimeFor({ kind }: PlannedOutage, death: PlannedDeath): PlannedDeath {
  if (death.at === 'young') return { at: 'time', afterMs: death.afterMs, signal: 'SIGKILL' };
  if (death.at === 'write' && kind === 'sleep') return { at: 'time', afterMs: death.write, signal: 'SIGKILL' };
  return death;
}

function planOrdinaryLife(random: Random): Omit<PlannedLife, 'which' | 'outage'> {
  return {
    latencyMs: random.chance(0.5) ? 0 : random.between(10, 400),
    faults: Array.from({ length: random.between(0, 6) }, () => planFault(random)),
    releases: random.chance(0.2),
    mendsHelpdesk: random.chance(0.3),
    death: planDeath(random),
    mendsDiscord: random.chance(0.7),
    forgetsSession: random.chance(0.6),
    pauseMs: random.chance(0.2) ? random.between(0, 500) : 0,
  };
}

function planFault(random: Random): PlannedFault {
  const afterMs = random.between(0, 200);
  const luck = random.next();
  if (luck < 0.45) {
    const operation = random.chance(0.1) ? '*' : 'api_openTicket';
    return { afterMs, kind: 'helpdesk', fault: random.pick(HELPDESK_FAULTS), times: random.between(1, 4), operation };
  }
  if (luck < 0.55) return { afterMs, kind: 'helpdesk-down', forMs: random.between(200, 1500) };
  if (luck < 0.65) return { afterMs, kind: 'redelivery', which: random.next() };
  const fault = random.pick(DISCORD_FAULTS);
  return { afterMs, kind: 'discord', fault, times: random.between(1, 4), delayMs: random.between(500, 4000) };
}

/** Puts what answers and notices meet among the other faults of a life, and a helpdesk that is away for so long that people ask the bot to wait for it. */
function withMore(faults: readonly PlannedFault[], random: Random): PlannedFault[] {
  const all = [...faults];
  for (let left = random.between(0, 2); left > 0; left -= 1) {
    const [fault, operation] = random.pick(ANSWER_FAULTS);
    const planned = { kind: 'helpdesk', fault, times: random.between(1, 2), operation } as const;
    all.splice(random.between(0, all.length), 0, { afterMs: random.between(0, 200), ...planned });
  }
  if (random.chance(0.4)) {
    const planned = {
      kind: 'discord',
      fault: random.pick(MESSAGE_FAULTS),
      times: random.between(1, 2),
      delayMs: 0,
    } as const;
    all.splice(random.between(0, all.length), 0, { afterMs: random.between(0, 200), ...planned });
  }
  if (random.chance(0.3)) {
    all.splice(random.between(0, all.length), 0, {
      afterMs: random.between(0, 200),
      kind: 'helpdesk-down',
      forMs: random.between(1000, 3000),
    });
  }
  return all;
}

function namesOf<Name extends HelpdeskFaultName>(faults: Readonly<Record<Name, NamedFault>>) {
  return (Object.entries(faults) as [Name, NamedFault][]).map(([name, { operation }]) => [name, operation] as const);
}

function planDeath(random: Random): PlannedDeath {
  const luck = random.next();
  if (luck < 0.1) return { at: 'young', afterMs: random.between(0, 700) };
  if (luck < 0.4) return { at: 'write', write: random.between(3, 60), isDurable: random.chance(0.5) };
  const signal = random.chance(0.08) ? 'SIGTERM' : 'SIGKILL';
  if (luck < 0.65) return { at: 'time', afterMs: random.between(0, 1500), signal };
  const moment = random.pick(MOMENTS);
  return { at: 'moment', moment, count: random.between(1, 4), afterMs: random.between(0, 30), signal };
}
