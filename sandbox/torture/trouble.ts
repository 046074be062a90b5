import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { BotProcess } from '../bot-process.ts';
import type { FaultName } from '../discord/faults.ts';
import type { HelpdeskFaultName } from '../helpdesk/faults.ts';
import type { World } from '../world.ts';
import type { Random } from './random.ts';

const HELPDESK_TROUBLE: readonly HelpdeskFaultName[] = [
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
const DISCORD_TROUBLE: readonly FaultName[] = [
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
/** What the death of the bot waits for, so that it comes between two things that belong together. */
const MOMENTS = ['interaction', 'acknowledged', 'edit', 'ticket', 'call'] as const;

/** Milliseconds after which a bot that never got ready is killed all the same. */
const NEVER_READY_MS = 6000;

/** What was done to the bot and its world. */
export interface TroubleCount {
  kills: number;
  /** SIGTERM. */
  stops: number;
  /** What those ended with that did not end with exit code 0. */
  readonly badStops: string[];
  redeliveries: number;
  readonly faults: Map<string, number>;
}

/**
 * Lets everything die that can: kills the bot again and again, while helpdesk and Discord fail in all their ways. What
 * happens and when is drawn from the seed alone; what it meets depends on the machine.
 */
export class Trouble {
  readonly count: TroubleCount = { kills: 0, stops: 0, badStops: [], redeliveries: 0, faults: new Map() };
  readonly #world: World;
  readonly #bot: BotProcess;
  readonly #random: Random;

  constructor(world: World, bot: BotProcess, random: Random) {
    this.#world = world;
    this.#bot = bot;
    this.#random = random;
  }

  /** @param onKill Told after each. */
  async kill(times: number, onKill: (kills: number) => void): Promise<void> {
    while (this.count.kills < times) {
      const life = this.#random.fork(`life ${this.count.kills + this.count.stops}`);
      await this.#oneLife(life);
      onKill(this.count.kills);
    }
  }

  /** Ends all trouble and starts the bot for good. */
  async calm(): Promise<void> {
    const { discord, helpdesk } = this.#world;
    discord.clearFaults();
    helpdesk.clearFaults();
    helpdesk.latencyMs = 0;
    helpdesk.release();
    await helpdesk.up();
    const ready = discord.nextReady();
    this.#bot.start();
    await ready;
  }

  async #oneLife(life: Random): Promise<void> {
    const { discord } = this.#world;
    const over = new AbortController();
    const ready = discord.nextReady().catch(() => undefined);
    this.#bot.start();
    const diesYoung = life.chance(0.1);
    if (diesYoung) await delay(life.between(0, 700));
    else {
      await Promise.race([ready, delay(NEVER_READY_MS, undefined, { signal: over.signal }).catch(() => undefined)]);
      const troubles = this.#makeTrouble(life.fork('trouble'), over.signal);
      await this.#moment(life.fork('moment'));
      over.abort();
      await troubles;
    }
    over.abort();
    // Node itself takes a moment before the bot can hear the signal.
    if (!diesYoung && life.chance(0.06)) await this.#stop();
    else {
      await this.#bot.kill();
      this.count.kills += 1;
    }
    if (life.chance(0.7)) discord.clearFaults();
    // With its session forgotten, people read at once that it failed; otherwise after three seconds.
    if (life.chance(0.6)) discord.fault('gateway-session-lost');
    await delay(life.chance(0.2) ? life.between(0, 500) : 0);
  }

  async #stop(): Promise<void> {
    this.count.stops += 1;
    const code = await this.#bot.stop();
    if (code !== 0) this.count.badStops.push(`${code}: ${this.#bot.lines.at(-1) ?? ''}`);
  }

  /** Waits until the bot shall die: some time, or in the middle of something. */
  async #moment(random: Random): Promise<void> {
    if (random.chance(0.4)) return delay(random.between(0, 1500));
    const moment = random.pick(MOMENTS);
    const { discord, helpdesk } = this.#world;
    const enough = AbortSignal.timeout(2500);
    for (let left = random.between(1, 4); left > 0; left -= 1) {
      await Promise.race([
        moment === 'ticket' || moment === 'call'
          ? nextOf(helpdesk, moment, enough)
          : once(discord.events, moment, { signal: enough }).catch(() => undefined),
      ]);
    }
    await delay(random.between(0, 30));
  }

  async #makeTrouble(random: Random, signal: AbortSignal): Promise<void> {
    const { helpdesk } = this.#world;
    helpdesk.latencyMs = random.chance(0.5) ? 0 : random.between(10, 400);
    for (let left = random.between(0, 6); left > 0; left -= 1) {
      await delay(random.between(0, 200), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      const luck = random.next();
      if (luck < 0.45) this.#harmHelpdesk(random);
      else if (luck < 0.55) await this.#darken(random, signal);
      else if (luck < 0.65) this.#redeliver(random);
      else this.#harmDiscord(random);
    }
    if (random.chance(0.2)) helpdesk.release();
    if (random.chance(0.3)) helpdesk.clearFaults();
  }

  #harmHelpdesk(random: Random): void {
    const fault = random.pick(HELPDESK_TROUBLE);
    const times = random.between(1, 4);
    this.#note(`helpdesk ${fault}`);
    this.#world.helpdesk.fault(fault, { times, operation: random.chance(0.1) ? '*' : 'api_openTicket' });
  }

  /** The helpdesk is gone for a while. */
  async #darken(random: Random, signal: AbortSignal): Promise<void> {
    this.#note('helpdesk down');
    await this.#world.helpdesk.down();
    await delay(random.between(200, 1500), undefined, { signal }).catch(() => undefined);
    await this.#world.helpdesk.up();
  }

  #harmDiscord(random: Random): void {
    const fault = random.pick(DISCORD_TROUBLE);
    this.#note(`Discord ${fault}`);
    this.#world.discord.fault(fault, { times: random.between(1, 4), delayMs: random.between(500, 4000) });
  }

  /** Discord delivers a submit once more. */
  #redeliver(random: Random): void {
    const recent = this.#world.discord.interactions.slice(-30).filter(({ name }) => name.startsWith('ticket'));
    if (recent.length === 0) return;
    this.count.redeliveries += 1;
    this.#world.discord.redeliver(random.pick(recent).id);
  }

  #note(name: string): void {
    this.count.faults.set(name, (this.count.faults.get(name) ?? 0) + 1);
  }
}

function nextOf(helpdesk: World['helpdesk'], event: 'ticket' | 'call', signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      helpdesk.off(event as 'ticket', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    if (signal.aborted) return resolve();
    helpdesk.on(event as 'ticket', done);
    signal.addEventListener('abort', done);
  });
}
