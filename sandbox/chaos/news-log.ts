import type { EventEmitter } from 'node:events';
import type { Message } from '../discord/world/discord-world.ts';
import { wordsOf } from './reply-classifier.ts';

/**
 * `quiet`: its person knows all of it. `changed`: support has written, and its person is to be told. `seen`: its person has looked
 * at it themselves; one notice may have been on its way then.
 */
interface WatchedTicket {
  readonly userId: string;
  state: 'quiet' | 'changed' | 'seen';
  /** How many posts support has written. */
  posts: number;
  /** A notice may still come although its person has seen the change. */
  mayBeLate: boolean;
  readonly history: string[];
}

/** What became of the changes of watched tickets. The last two must be empty. */
export interface NewsReport {
  readonly changes: number;
  /** Told by a direct message, or at a command. */
  readonly told: number;
  /** Seen by their people before they were told. */
  readonly seen: number;
  readonly lost: readonly string[];
  /** A direct message about nothing new. */
  readonly toldTwice: readonly string[];
}

/** Watches what people are told of changes at their tickets. Support writes again only where the last change has been told. */
export class NewsLog {
  readonly #tickets = new Map<string, WatchedTicket>();
  readonly #count = { changes: 0, told: 0, seen: 0 };
  readonly #toldTwice: string[] = [];

  constructor({ discord }: { readonly discord: { readonly events: EventEmitter } }) {
    discord.events.on('message', (message: Message) => this.#shown(message));
    discord.events.on('edit', (message: Message) => this.#shown(message));
  }

  /** Its person has seen it as it is, and wants to be told from now on. */
  watch(userId: string, reference: string): void {
    this.#tickets.set(reference, { userId, state: 'quiet', posts: 0, mayBeLate: false, history: [] });
  }

  /** The tickets to which support may write. */
  get quiet(): string[] {
    return [...this.#tickets].flatMap(([reference, { state }]) => (state === 'quiet' ? [reference] : []));
  }

  get isAllTold(): boolean {
    return [...this.#tickets.values()].every(({ state }) => state !== 'changed');
  }

  /** Support is about to write to it. */
  change(reference: string): void {
    const ticket = this.#tickets.get(reference);
    if (!ticket) return;
    this.#count.changes += 1;
    ticket.posts += 1;
    this.#set(ticket, 'changed');
  }

  /** The tickets with a change that nobody was told. */
  get notYetTold(): { readonly userId: string; readonly reference: string }[] {
    return [...this.#tickets].flatMap(([reference, { userId, state }]) =>
      state === 'changed' ? [{ userId, reference }] : [],
    );
  }

  report(): NewsReport {
    const lost = [...this.#tickets].flatMap(([reference, { state, history }]) =>
      state === 'changed' ? [`${reference}: ${history.join(', ')}`] : [],
    );
    return { ...this.#count, lost, toldTwice: this.#toldTwice };
  }

  #shown(message: Message): void {
    const words = wordsOf(message);
    const [, title, reference = ''] = /(🔔 \*{0,2}Something changed at|🎫) (KVO-[\d-]+\d)/u.exec(words) ?? [];
    const ticket = this.#tickets.get(reference);
    if (!ticket) return;
    if (title === '🎫') this.#looked(ticket, words);
    else this.#told(ticket, reference, message.visibleTo === undefined);
  }

  #looked(ticket: WatchedTicket, words: string): void {
    const posts = Number(/(\d+) posts? of /.exec(words)?.[1] ?? 0);
    if (ticket.state !== 'changed' || posts < ticket.posts) return;
    this.#count.seen += 1;
    ticket.mayBeLate = true;
    this.#set(ticket, 'seen');
  }

  /** At a command it may be told again by a bot that died before it had written that down, so support leaves the ticket alone then. */
  #told(ticket: WatchedTicket, reference: string, isDirect: boolean): void {
    if (ticket.state === 'changed') {
      this.#count.told += 1;
      this.#set(ticket, isDirect ? 'quiet' : 'seen');
    } else if (isDirect && !ticket.mayBeLate) {
      this.#toldTwice.push(`${reference}: ${ticket.history.join(', ')}, told once more`);
    } else if (isDirect) ticket.mayBeLate = false;
  }

  #set(ticket: WatchedTicket, state: WatchedTicket['state']): void {
    ticket.state = state;
    ticket.history.push(`${new Date().toISOString().slice(11, 23)} ${state}`);
  }
}
