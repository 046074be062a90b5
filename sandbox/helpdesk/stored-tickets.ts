/** The states of a ticket that the helpdesk has at first; its operators can add others. */
export type TicketState = 'Open' | 'In Progress' | 'On Hold' | 'Closed';

export interface TicketPost {
  readonly authorEmail: string;
  readonly authorName: string;
  /** Milliseconds since 1970. */
  readonly writtenAt: number;
  readonly contents: string;
  /** An internal note of the staff, hidden from the customer at the helpdesk itself. */
  readonly isPrivate: boolean;
}

/** A ticket as the helpdesk has stored it. */
export interface HelpdeskTicket {
  /** KVO-530-34143 is the first. */
  readonly reference: string;
  readonly requesterEmail: string;
  /** With the product before it when it is short. */
  readonly subject: string;
  readonly product: string;
  /** With the product before it, when there is one. */
  readonly body: string;
  readonly userIp: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Which ticket with this requester, subject and body it is: 2 and more were opened again. */
  readonly submission: number;
  state: TicketState;
  /** Milliseconds since 1970. Moves also for what the customer does not see. */
  lastActivityAt: number;
  /** Oldest first. The first one is the body. */
  readonly posts: TicketPost[];
}

/** Somebody of the staff. */
const SUPPORT = { authorEmail: 'sam@staff.example', authorName: 'Sam of Support' };

/** All tickets of the helpdesk. What happens to one has the time of the clock. */
export class StoredTickets {
  readonly all: HelpdeskTicket[] = [];
  readonly #now: () => number;
  readonly #created: (ticket: HelpdeskTicket) => void;
  readonly #changed: (ticket: HelpdeskTicket) => void;

  /**
   * @param created Told of a new ticket.
   * @param changed Told of a ticket that got a post or another state.
   */
  constructor(now: () => number, created: (ticket: HelpdeskTicket) => void, changed: (ticket: HelpdeskTicket) => void) {
    this.#now = now;
    this.#created = created;
    this.#changed = changed;
  }

  create(texts: Pick<HelpdeskTicket, 'requesterEmail' | 'subject' | 'product' | 'body' | 'userIp'>): HelpdeskTicket {
    const { requesterEmail, subject, body } = texts;
    const same = this.all.filter(
      (one) => one.requesterEmail === requesterEmail && one.subject === subject && one.body === body,
    );
    const now = this.#now();
    const created: HelpdeskTicket = {
      reference: `KVO-530-${34143 + this.all.length}`,
      ...texts,
      createdAt: now,
      submission: same.length + 1,
      state: 'Open',
      lastActivityAt: now,
      posts: [{ ...customerOf(requesterEmail), writtenAt: now, contents: body, isPrivate: false }],
    };
    this.all.push(created);
    this.#created(created);
    return created;
  }

  /** @param id The display ID, or the number at its end. */
  find(id: string): HelpdeskTicket | undefined {
    return this.all.find(({ reference }) => reference === id || numberOf(reference) === id);
  }

  /** The customer writes again, by whatever way. A closed ticket is open again then. */
  postAsCustomer(ticket: HelpdeskTicket, contents: string): void {
    if (ticket.state === 'Closed') ticket.state = 'Open';
    this.#post(ticket, { ...customerOf(ticket.requesterEmail), contents, isPrivate: false });
  }

  postAsSupport(ticket: HelpdeskTicket, contents: string, isPrivate: boolean): void {
    this.#post(ticket, { ...SUPPORT, contents, isPrivate });
  }

  setState(ticket: HelpdeskTicket, state: TicketState): void {
    ticket.state = state;
    ticket.lastActivityAt = this.#now();
    this.#changed(ticket);
  }

  #post(ticket: HelpdeskTicket, post: Omit<TicketPost, 'writtenAt'>): void {
    const writtenAt = this.#now();
    ticket.posts.push({ ...post, writtenAt });
    ticket.lastActivityAt = writtenAt;
    this.#changed(ticket);
  }
}

/** The number of a ticket, which stands at the end of its display ID. */
export function numberOf(reference: string): string {
  return reference.replace(/^.*-/, '');
}

export function customerOf(email: string): { authorEmail: string; authorName: string } {
  return { authorEmail: email, authorName: email.replace(/@.*$/, '') };
}
