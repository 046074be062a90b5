import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { BotProcess } from '../bot/bot-process.ts';
import type { World } from '../world.ts';
import type { ChaosStore } from './chaos-store.ts';
import { isStopped, type PlannedDeath, type PlannedFault, type PlannedLife, type PlannedOutage } from './schedule.ts';
import type { Timeline } from './timeline.ts';

/** Milliseconds after which a bot that never got ready is killed all the same. */
const NEVER_READY_MS = 6000;
/** How often the last start is waited for after the first time: a busy machine is no failure of the bot. */
const START_TRIES = 5;
/** Milliseconds that a death waits for its moment. */
const NO_MOMENT_MS = 2500;

/** What was done to the bot and its world. */
export interface FaultCount {
  kills: number;
  /** Of these, at one of its writes. */
  killsAtWrites: number;
  /** SIGTERM. */
  stops: number;
  /** A new process was started, then the old one stopped. */
  updates: number;
  /** The last words of a bot that did not end with exit code 0, or that ended without having been told to. */
  readonly badEnds: string[];
  redeliveries: number;
  readonly faults: Map<string, number>;
}

export interface FaultInjectorDeps {
  readonly world: World;
  readonly store: ChaosStore;
  /** How many bots run at the same time. */
  readonly processes: number;
  readonly createBot: () => BotProcess;
  /** Told what befalls processes and the store. */
  readonly timeline: Pick<Timeline, 'note' | 'nameOf'>;
  /** Told of all that can keep a bot from knowing, or from writing down, what it has told. */
  readonly onMisfortune: () => void;
}

/**
 * Lets everything die that can, as it was planned: kills the bot again and again, while helpdesk and Discord fail in all
 * their ways. What the plan meets depends on the machine.
 */
export class FaultInjector {
  readonly count: FaultCount = {
    kills: 0,
    killsAtWrites: 0,
    stops: 0,
    updates: 0,
    badEnds: [],
    redeliveries: 0,
    faults: new Map(),
  };
  readonly #world: World;
  readonly #bots: BotProcess[];
  readonly #store: ChaosStore;
  readonly #createBot: () => BotProcess;
  readonly #timeline: FaultInjectorDeps['timeline'];
  readonly #onMisfortune: () => void;
  /** Of the last process of each; null after a signal. */
  readonly #exitCodes = new Map<BotProcess, number | null>();

  constructor({ world, store, processes, createBot, timeline, onMisfortune }: FaultInjectorDeps) {
    this.#world = world;
    this.#store = store;
    this.#timeline = timeline;
    this.#onMisfortune = onMisfortune;
    this.#createBot = () => {
      const bot = createBot();
      bot.events.on('exit', (code) => {
        this.#exitCodes.set(bot, code);
        this.#onMisfortune();
      });
      return bot;
    };
    this.#bots = Array.from({ length: processes }, () => this.#createBot());
  }

  /** Ends all bots: `stop` as an operator does, `kill` at once. */
  async end(how: 'stop' | 'kill'): Promise<void> {
    await Promise.all(this.#bots.map((bot) => bot[how]()));
  }

  /** @param onKill Told after each. */
  async make(lives: readonly PlannedLife[], onKill: (kills: number) => void): Promise<void> {
    for (const life of lives) {
      await this.#live(life);
      if (!isStopped(life)) onKill(this.count.kills);
    }
  }

  /** Ends all faults and starts the bot for good. */
  async calm(): Promise<void> {
    const { discord, helpdesk } = this.#world;
    discord.clearFaults();
    helpdesk.clearFaults();
    helpdesk.latencyMs = 0;
    helpdesk.release();
    await helpdesk.up();
    for (const bot of this.#bots.filter(({ isRunning }) => !isRunning)) await this.#startForGood(bot);
  }

  async #startForGood(bot: BotProcess): Promise<void> {
    const { discord } = this.#world;
    let ready = discord.nextReady();
    bot.start();
    for (let left = START_TRIES; ; left -= 1) {
      try {
        await ready;
        return;
      } catch (error) {
        if (left === 0) throw error;
        ready = discord.nextReady();
      }
    }
  }

  async #live(life: PlannedLife): Promise<void> {
    const { discord, helpdesk } = this.#world;
    const over = new AbortController();
    const { death } = life;
    const index = Math.floor(life.which * this.#bots.length);
    const bot = this.#bots[index] as BotProcess;
    // The others live on, but for one that could not start or could not go on.
    for (const other of this.#bots) if (other !== bot && !other.isRunning) other.start();
    const ready = discord.nextReady().catch(() => undefined);
    const isNew = !bot.isRunning;
    if (death.at === 'write') await bot.kill();
    if (!bot.isRunning) bot.start(death.at === 'write' ? diesAtWrite(death) : {});
    helpdesk.latencyMs = life.latencyMs;
    if (death.at === 'young') await delay(death.afterMs);
    else {
      const gone = once(bot.events, 'exit', { signal: over.signal }).catch(() => undefined);
      if (isNew || death.at === 'write') await Promise.race([ready, gone, pause(NEVER_READY_MS, over.signal)]);
      const faults = this.#injectAll(life, over.signal);
      if (life.outage) await this.#suffer(life.outage, bot);
      await Promise.race([this.#moment(death), gone]);
      over.abort();
      await faults;
    }
    over.abort();
    if (death.at === 'update') await this.#update(index);
    else await this.#end(life, bot);
    if (life.mendsDiscord) discord.clearFaults();
    if (life.forgetsSession) discord.fault('gateway-session-lost');
    await delay(life.pauseMs);
  }

  /** The next process is started; when it is ready, the one before it is told to stop. */
  async #update(index: number): Promise<void> {
    const { discord } = this.#world;
    const old = this.#bots[index] as BotProcess;
    const next = this.#createBot();
    const over = new AbortController();
    const ready = discord.nextReady().catch(() => undefined);
    next.start();
    await Promise.race([ready, pause(NEVER_READY_MS, over.signal)]);
    over.abort();
    this.#bots[index] = next;
    this.count.updates += 1;
    if (old.isRunning) await this.#stop(old);
  }

  async #end(life: PlannedLife, bot: BotProcess): Promise<void> {
    const isDead = !bot.isRunning;
    if (isDead && (life.death.at !== 'write' || this.#exitCodes.get(bot) !== null)) this.#noteBadEnd(bot);
    if (isStopped(life)) {
      this.count.stops += 1;
      if (!isDead) await this.#stop(bot);
      return;
    }
    await bot.kill();
    this.count.kills += 1;
    if (isDead) this.count.killsAtWrites += 1;
  }

  /** As an operator does. One that does not end is a fault of the bot, and no reason to know nothing of the texts. */
  async #stop(bot: BotProcess): Promise<void> {
    this.#timeline.note(`${this.#timeline.nameOf(bot)} is told to stop`);
    try {
      if (!endedWell(await bot.stop())) this.#noteBadEnd(bot);
    } catch (error) {
      this.count.badEnds.push(`it was told to stop and did not: ${error instanceof Error ? error.message : error}`);
      await bot.kill();
    }
  }

  #noteBadEnd(bot: BotProcess): void {
    const lastWords = bot.lines.at(-1) ?? '';
    // It ends as it should when it is started while the store is away, or when the store goes away in the middle of its start.
    const isStorage = /^(STORAGE_URL: |The storage )/.test(lastWords);
    if (isStorage && [...this.count.faults.keys()].some((name) => name.startsWith('store '))) return;
    this.count.badEnds.push(`exit code ${this.#exitCodes.get(bot)}: ${lastWords}`);
  }

  /** Waits until the bot shall die: some time, or in the middle of something. */
  async #moment(death: Exclude<PlannedDeath, { at: 'young' }>): Promise<void> {
    if (death.at === 'write') return delay(NO_MOMENT_MS);
    if (death.at === 'moment') {
      const { discord, helpdesk } = this.#world;
      const enough = AbortSignal.timeout(NO_MOMENT_MS);
      for (let left = death.count; left > 0; left -= 1) {
        if (death.moment === 'ticket' || death.moment === 'call') await nextOf(helpdesk, death.moment, enough);
        else await once(discord.events, death.moment, { signal: enough }).catch(() => undefined);
      }
    }
    await delay(death.afterMs);
  }

  /** To the end: a process that woke up early would have slept for less than its lease. */
  async #suffer(outage: PlannedOutage, bot: BotProcess): Promise<void> {
    this.#onMisfortune();
    if (outage.kind === 'store-away') {
      this.#note(`store ${outage.how}`);
      this.#timeline.note(`the store is ${outage.how} for ${outage.forMs} ms`);
      await this.#store.away(outage.forMs, outage.how);
      this.#timeline.note('the store is back');
      return;
    }
    const isInCall = outage.isDuringCall && (await this.#waitForCall());
    this.#note(isInCall ? 'a process sleeps during a call' : 'a process sleeps');
    const name = this.#timeline.nameOf(bot);
    this.#timeline.note(`${name} falls asleep`);
    bot.sleep();
    await delay(outage.forMs);
    bot.wake();
    this.#timeline.note(`${name} wakes up`);
  }

  /** @returns Whether a call of the helpdesk has just begun; with several processes, it may be of another one. */
  async #waitForCall(): Promise<boolean> {
    const enough = AbortSignal.timeout(NO_MOMENT_MS);
    await nextOf(this.#world.helpdesk, 'arrived', enough);
    return !enough.aborted;
  }

  async #injectAll({ faults, releases, mendsHelpdesk }: PlannedLife, signal: AbortSignal): Promise<void> {
    const { helpdesk } = this.#world;
    for (const planned of faults) {
      await pause(planned.afterMs, signal);
      if (signal.aborted) break;
      await this.#inject(planned, signal);
    }
    if (releases) helpdesk.release();
    if (mendsHelpdesk) helpdesk.clearFaults();
  }

  async #inject(planned: PlannedFault, signal: AbortSignal): Promise<void> {
    const { discord, helpdesk } = this.#world;
    switch (planned.kind) {
      case 'helpdesk':
        this.#note(`helpdesk ${planned.fault}`);
        helpdesk.fault(planned.fault, { times: planned.times, operation: planned.operation });
        return;
      case 'helpdesk-down':
        this.#note('helpdesk down');
        await helpdesk.down();
        await pause(planned.forMs, signal);
        await helpdesk.up();
        return;
      case 'discord':
        this.#note(`Discord ${planned.fault}`);
        for (let times = 0; times < planned.times; times += 1) this.#onMisfortune();
        discord.fault(planned.fault, { times: planned.times, delayMs: planned.delayMs });
        return;
      case 'redelivery': {
        const recent = discord.interactions.slice(-30).filter(({ name }) => /^(?:ticket|answer)/.test(name));
        const again = recent[Math.floor(planned.which * recent.length)];
        if (!again) return;
        this.count.redeliveries += 1;
        discord.redeliver(again.id);
      }
    }
  }

  #note(name: string): void {
    this.count.faults.set(name, (this.count.faults.get(name) ?? 0) + 1);
  }
}

/** A bot that is told to stop before it has begun ends by the signal, and has nothing to put away. */
function endedWell(code: number | null | undefined): boolean {
  return code === 0 || code === null;
}

/** How every bot of a run is started. */
export const SHORT_TIMES = `--import=${new URL('short-times.mjs', import.meta.url).href}`;

/** Settings with which the bot ends itself at one of its writes. */
function diesAtWrite({ write, isDurable }: Extract<PlannedDeath, { at: 'write' }>): Record<string, string> {
  return {
    NODE_OPTIONS: `${SHORT_TIMES} --import=${new URL('die-at-write.mjs', import.meta.url).href}`,
    DIE_AT_WRITE: `${write} ${isDurable ? 'after' : 'before'}`,
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal }).catch(() => undefined);
}

function nextOf(helpdesk: World['helpdesk'], event: 'ticket' | 'call' | 'arrived', signal: AbortSignal): Promise<void> {
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
