import type { BotProcess } from '../bot/bot-process.ts';
import type { SandboxHelpdesk } from '../helpdesk/sandbox-helpdesk.ts';

/** Something that happened, in milliseconds since 1970. */
interface Event {
  readonly at: number;
  readonly what: string;
}

/** Milliseconds before the story of a text in which the world is told, too. */
const BEFORE_MS = 1000;
/** The same after it: whoever is never told anything has lost it to something that comes later, such as a store that gives up. */
const AFTER_MS = 8000;

/** What happened to the bot and its world, to be read beside the history of one text. */
export class Timeline {
  readonly #events: Event[] = [];
  readonly #lines: string[] = [];
  readonly #names = new WeakMap<BotProcess, string>();
  #bots = 0;

  constructor(helpdesk: SandboxHelpdesk) {
    helpdesk.on('call', ({ operation, result, durationMs }) =>
      this.note(`${operation} ends with ${result} after ${durationMs} ms`),
    );
  }

  /** Follows one more bot, by its number. */
  watch(bot: BotProcess): void {
    this.#bots += 1;
    const name = `bot ${this.#bots}`;
    this.#names.set(bot, name);
    bot.events.on('line', (line) => {
      this.#lines.push(`${name}: ${line}`);
      this.note(`${name} says ${line}`);
    });
    bot.events.on('exit', (code) => this.note(code === null ? `${name} is killed` : `${name} ends with code ${code}`));
  }

  /** What a bot is called in it. */
  nameOf(bot: BotProcess): string {
    return this.#names.get(bot) ?? 'a bot';
  }

  /** What the bots have said last. */
  lastLines(count: number): string[] {
    return this.#lines.slice(-count);
  }

  note(what: string): void {
    this.#events.push({ at: Date.now(), what });
  }

  /** The lines of a story with what happened around it, in their order. */
  tell(story: readonly Event[]): string[] {
    const from = (story[0]?.at ?? 0) - BEFORE_MS;
    const until = (story.at(-1)?.at ?? 0) + AFTER_MS;
    return [...this.#events.filter(({ at }) => at >= from && at <= until), ...story]
      .sort((one, other) => one.at - other.at)
      .map(({ at, what }) => `${new Date(at).toISOString().slice(11, 23)} ${what}`);
  }
}
