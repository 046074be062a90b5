import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { StorageError } from '../../storage/record-store.ts';
import type { HelpdeskClient, HelpdeskError } from '../helpdesk-client.ts';
import type { HelpdeskQueue } from '../helpdesk-queue.ts';
import type { HelpdeskTicket, ViewTicketResult } from '../helpdesk-ticket.ts';
import { removeNotification } from '../lifecycle/deliver.ts';
import type { Notifications } from '../notifications.ts';
import type { RequestRecords } from '../request-records.ts';
import { afterOwnLook, notificationIdOf } from '../watching/watch-changes.ts';
import type { OpenedTickets, Watching } from './opened-tickets.ts';
import { changeTicket, type OpenedTicket } from './opened-tickets-record.ts';
import { loadPostTexts, type PostTexts } from './post-texts.ts';
import { isSameAddress, seenIn, type TicketView, viewOf } from './ticket-view.ts';

/** Milliseconds for a look of a person. Somebody else's ticket may wait for its turn. */
const LONGEST_LOOK_MS = 30_000;

/** Why a person sees nothing of a ticket. */
export type NotSeen =
  | { readonly kind: 'not-linked' }
  /** Not theirs, gone, or not shown by the helpdesk: which of these is told to nobody, as the helpdesk does not say it. */
  | { readonly kind: 'not-shown' }
  | { readonly kind: 'unreachable'; readonly ticket: OpenedTicket; readonly cause: HelpdeskError };

/** A ticket as its person sees it. */
export interface ViewedTicket {
  readonly kind: 'viewed';
  readonly ticket: OpenedTicket;
  readonly view: TicketView;
  readonly watching: Watching;
  /**
   * Shows it: it is new to them no more. Whoever never gets it, because Discord has refused it or the bot has died, is still to be
   * told of what is new. @throws What `send` throws.
   */
  readonly show: (send: () => Promise<unknown>) => Promise<void>;
}

/** What a person gets who wants to see one of their tickets. */
export type TicketLook = ViewedTicket | NotSeen;

/** A ticket that the helpdesk has shown, and that is this person's at this moment. */
export interface OwnTicket {
  readonly kind: 'own';
  readonly known: OpenedTicket;
  readonly shown: HelpdeskTicket;
  readonly email: string;
  readonly texts: PostTexts;
  readonly watching: Watching;
}
export type OwnLook = OwnTicket | NotSeen;

export interface TicketLooksDeps {
  readonly opened: OpenedTickets;
  readonly records: Pick<RequestRecords, 'change'>;
  readonly notifications: Pick<Notifications, 'during'>;
  readonly helpdesk: Pick<HelpdeskClient, 'viewTicket'>;
  readonly queue: Pick<HelpdeskQueue, 'run'>;
  /** HELPDESK_SHOW_POSTS. */
  readonly showPosts: boolean;
  readonly digestKey: Buffer;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Looks at tickets for the people whose they are. The bot's own account may see every ticket, so each look asks anew whose it is:
 * the person's own record, their link, and the address that the helpdesk names.
 */
export class TicketLooks {
  readonly #deps: TicketLooksDeps;
  #texts: Promise<PostTexts> | undefined;
  /** By person. */
  readonly #looking = new Map<string, Promise<unknown>>();
  /** What is on its way to a person. */
  readonly #showing = new Map<string, Promise<void>>();

  constructor(deps: TicketLooksDeps) {
    this.#deps = deps;
  }

  /** What a person sees of one of their tickets. @throws {StorageError} */
  async look(userId: string, ticketId: string): Promise<TicketLook> {
    const { clock, showPosts } = this.#deps;
    const { startedAt, looked } = await this.#oneAtATime(userId, async () => ({
      startedAt: clock.now(),
      looked: await this.lookAs(userId, ticketId, (reference) => this.#view(reference)),
    }));
    if (looked.kind !== 'own') return looked;
    const { known, shown, email, texts, watching } = looked;
    const seen = seenIn(shown, email, texts, clock.now());
    return {
      kind: 'viewed',
      ticket: known,
      view: viewOf(shown, email, { texts, showPosts }),
      watching,
      show: (send) =>
        this.#deps.notifications.during(userId, notificationIdOf(ticketId), async () => {
          const showing = send().then(() => this.#noteShown(userId, ticketId, { seen, startedAt }));
          this.#showing.set(userId, showing);
          try {
            await showing;
          } finally {
            if (this.#showing.get(userId) === showing) this.#showing.delete(userId);
          }
        }),
    };
  }

  /** Resolves when what a person is just reading is written down: what they press next is about that. Never rejects. */
  async noted(userId: string): Promise<void> {
    await this.#showing.get(userId)?.catch(() => undefined);
  }

  async #noteShown(userId: string, ticketId: string, shown: Parameters<typeof afterOwnLook>[1]): Promise<void> {
    const { opened, records, log } = this.#deps;
    try {
      await records.change({ submitterId: userId }, opened.refs(userId), (current) => {
        const { record: person, opened: before, due } = current;
        const ticket = before?.tickets.find(({ id }) => id === ticketId);
        if (!before || !ticket) return { record: person, result: undefined };
        const after = afterOwnLook(ticket, shown);
        // What the bot has found meanwhile is still to be told.
        const isNew = after.newSince !== undefined;
        return {
          record: isNew ? person : removeNotification(person, notificationIdOf(ticketId)),
          changes: opened.changes(
            changeTicket(before, ticketId, () => after),
            due,
          ),
          result: undefined,
        };
      });
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      // They have seen it all the same; it stays new to them.
      log.warn({ error }, 'that a ticket was looked at could not be written down');
    }
  }

  /** A person who presses a button again and again has one look under way, and takes no turns of others. */
  async #oneAtATime<Result>(userId: string, look: () => Promise<Result>): Promise<Result> {
    const before = this.#looking.get(userId) ?? Promise.resolve();
    const looking = before.then(look, look);
    this.#looking.set(userId, looking);
    try {
      return await looking;
    } finally {
      if (this.#looking.get(userId) === looking) this.#looking.delete(userId);
    }
  }

  /** When it is its turn, and not for longer than a person waits. */
  async #view(reference: string): Promise<ViewTicketResult> {
    const { queue, helpdesk, clock } = this.#deps;
    return queue.run(
      async () => {
        const tooLong = new AbortController();
        const callOff = clock.after(LONGEST_LOOK_MS, () => tooLong.abort());
        try {
          return await helpdesk.viewTicket(reference, tooLong.signal);
        } finally {
          callOff();
        }
      },
      { what: 'view' },
    );
  }

  /**
   * Looks without writing anything down.
   * @param view Asks the helpdesk, when it is this caller's turn.
   * @throws {StorageError}
   */
  async lookAs(
    userId: string,
    ticketId: string,
    view: (reference: string) => ReturnType<HelpdeskClient['viewTicket']>,
  ): Promise<OwnLook> {
    const own = await this.#deps.opened.find(userId);
    if (!own) return { kind: 'not-linked' };
    const known = own.tickets.find(({ id }) => id === ticketId);
    if (known?.reference === undefined) return { kind: 'not-shown' };
    const result = await view(known.reference);
    switch (result.kind) {
      case 'unreachable':
        // It answers, with something that is no ticket or more than can be read: looking again changes nothing.
        if (result.cause.kind === 'not-soap') return { kind: 'not-shown' };
        return { kind: 'unreachable', ticket: known, cause: result.cause };
      case 'refused':
        return { kind: 'not-shown' };
      case 'viewed':
        break;
    }
    // The link may be another one by now, or none.
    const now = await this.#deps.opened.find(userId);
    if (!now) return { kind: 'not-linked' };
    const isOwn =
      now.tickets.some(({ id }) => id === ticketId) && isSameAddress(result.ticket.requesterEmail, now.link.email);
    if (!isOwn) return { kind: 'not-shown' };
    this.#texts ??= loadPostTexts(this.#deps.digestKey);
    const { watching, link } = now;
    return { kind: 'own', known, shown: result.ticket, email: link.email, texts: await this.#texts, watching };
  }
}
