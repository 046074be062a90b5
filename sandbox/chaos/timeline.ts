import type { BotProcess } from '../bot/bot-process.ts';
import type { SandboxHelpdesk } from '../helpdesk/sandbox-helpdesk.ts';

/** Something that happened, in milliseconds since 1970. */
interface Event {
  readonly at: number;
  readonly what: string;
}

/** Milliseconds around the story of a text in which the world is told, too. */
const MARGIN_MS = 1000;

/** What happened to the bot and its world, to be read beside the history of one text. */
export class Timeline {
  readonly #events: Event[] = [];

  constructor(bot: BotProcess, helpdesk: SandboxHelpdesk) {
    bot.events.on('line', (line) => this.note(`the bot says ${line}`));
    bot.events.on('exit', (code) => this.note(code === null ? 'the bot is killed' : `the bot ends with code ${code}`));
    helpdesk.on('call', ({ operation, result, durationMs }) =>
      this.note(`${operation} ends with ${result} after ${durationMs} ms`),
    );
  }

  note(what: string): void {
    this.#events.push({ at: Date.now(), what });
  }

  /** The lines of a story with what happened around it, in their order. */
  tell(story: readonly Event[]): string[] {
    const from = (story[0]?.at ?? 0) - MARGIN_MS;
    const until = (story.at(-1)?.at ?? 0) + MARGIN_MS;
    return [...this.#events.filter(({ at }) => at >= from && at <= until), ...story]
      .sort((one, other) => one.at - other.at)
      .map(({ at, what }) => `${new Date(at).toISOString().slice(11, 23)} ${what}`);
  }
}
