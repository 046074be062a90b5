import { randomBytes } from 'node:crypto';
import { fault, type OperationResult, statusAnswer, string, ticket, viewedTicket } from './answers.ts';
import { OPERATIONS } from './operations.ts';
import { type HelpdeskTicket, numberOf, StoredTickets, type TicketState } from './stored-tickets.ts';

/** Somebody who can log in. An admin may open tickets for any address, a client only for the own one. */
export interface HelpdeskAccount {
  readonly username: string;
  readonly password: string;
  readonly kind: 'admin' | 'client';
  /** The address of the account; its username by default. */
  readonly email?: string;
}

/**
 * What the helpdesk sends as ticket_reference_id, which it declares an xsd:int: its display ID, as far as is known, or the
 * number alone. Clients that go by the declaration (PHP's SoapClient, Python's suds) raise an error at a display ID, after
 * the ticket was opened.
 */
export type ReferenceForm = 'display-id' | 'number';

/** What the helpdesk answers to a session that it does not know: which of these, the real one has not told. */
export type UnknownSessionAnswer = 'fault' | 'nil' | 'text' | 'mismatch';

/** What somebody of the staff writes. */
export interface SupportAnswer {
  readonly reference: string;
  readonly text: string;
  /** An internal note. */
  readonly isPrivate: boolean;
}

/** Something that happens to a ticket, for whoever looks on. */
export interface TicketListeners {
  readonly created?: (ticket: HelpdeskTicket) => void;
  /** It got a post or another state. */
  readonly changed?: (ticket: HelpdeskTicket) => void;
}

/**
 * PHP's FILTER_VALIDATE_EMAIL, without the quoted names and bracketed IP addresses that it takes too: a dot-atom, and labels
 * of letters, digits and hyphens of which the last starts with a letter.
 */
const EMAIL =
  /^(?=.{1,254}$)(?=.{1,64}@)[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

const SHORT_SUBJECT_CHARACTERS = 30;

/** To an admin's session: "no such ticket", and the same for an outage of the ticket system. */
const NO_DETAILS = 'Kayako exception occurred getting ticket details. Please try again!';
/** To a client's session: "not yours", and the same for an outage. */
const NO_PRIORITY = 'Kayako exception occurred getting ticket priority. Please try again!';

/** The helpdesk behind its wire: accounts, sessions and tickets. */
export class TicketSystem {
  unknownSession: UnknownSessionAnswer = 'fault';
  referenceForm: ReferenceForm = 'display-id';
  /** The ticket system behind the helpdesk is down. Accounts and sessions are the helpdesk's own. */
  isDown = false;
  readonly #accounts: readonly HelpdeskAccount[];
  readonly #tickets: StoredTickets;
  readonly #sessions = new Map<string, HelpdeskAccount>();

  constructor(accounts: readonly HelpdeskAccount[], now: () => number, listeners: TicketListeners = {}) {
    const { created = () => {}, changed = () => {} } = listeners;
    this.#accounts = accounts;
    this.#tickets = new StoredTickets(now, created, changed);
  }

  get tickets(): readonly HelpdeskTicket[] {
    return this.#tickets.all;
  }

  expireSessions(): void {
    this.#sessions.clear();
  }

  /** Somebody of the staff answers, so that the customer may read it or not. The state stays. */
  answerAsSupport({ reference, text, isPrivate }: SupportAnswer): void {
    this.#tickets.postAsSupport(this.#existing(reference), text, isPrivate);
  }

  /** The customer answers to a mail of the helpdesk. A closed ticket opens again. */
  answerByMail({ reference, text }: Pick<SupportAnswer, 'reference' | 'text'>): void {
    this.#tickets.postAsCustomer(this.#existing(reference), text);
  }

  /** Somebody of the staff changes the state, or closes the ticket. */
  setState(reference: string, state: TicketState): void {
    this.#tickets.setState(this.#existing(reference), state);
  }

  #existing(reference: string): HelpdeskTicket {
    const found = this.#tickets.find(reference);
    if (!found) throw new Error(`There is no ticket ${reference} at the stand-in of the helpdesk.`);
    return found;
  }

  /** Runs an operation with its arguments in their order; surplus ones are ignored, as PHP does. */
  run(operation: string, values: readonly string[]): OperationResult {
    const known = OPERATIONS.find(({ name }) => name === operation);
    if (!known) {
      return fault('SOAP-ENV:Client', `Operation '${operation}' is not defined in the WSDL for this service`);
    }
    if (values.length < known.parts.length) return { kind: 'crash' };
    if (operation === 'api_login') return this.#login(values);
    const account = this.#sessions.get(values[0] ?? '');
    if (!account) return this.#unknownSession(operation);
    switch (operation) {
      case 'api_get_ima':
        return string(account.kind);
      case 'api_viewTicket':
        return this.#viewTicket(account, values);
      case 'api_ticketPost':
        return this.#ticketPost(account, values);
      default:
        return this.#openTicket(account, values);
    }
  }

  #login([username, password]: readonly string[]): OperationResult {
    const account = this.#accounts.find((one) => one.username === username && one.password === password);
    if (!account) return string('');
    const sid = randomBytes(16).toString('hex');
    this.#sessions.set(sid, account);
    return string(sid);
  }

  #unknownSession(operation: string): OperationResult {
    switch (this.unknownSession) {
      case 'fault':
        return fault('SOAP-ENV:Client', 'Invalid session');
      case 'nil':
        return { kind: 'value', value: { kind: 'nil' } };
      case 'text':
        return statusAnswer(operation, 'Failed', 'Your session has expired.');
      case 'mismatch':
        // A session without an account: it owns no address and no ticket.
        return operation === 'api_openTicket' ? MISMATCH : statusAnswer(operation, 'failed', NO_PRIORITY);
    }
  }

  #openTicket(account: HelpdeskAccount, values: readonly string[]): OperationResult {
    const [, email = '', userIp = '', subject = '', product = '', body = '', boxAuth = ''] = values;
    if (isEmpty(email)) return ticket('Failed', 'User email is required. Please try again!', '-1');
    if (isEmpty(userIp)) return ticket('Failed', 'User IP is required. Please try again!', '-1');
    if (!EMAIL.test(email)) return ticket('Failed', 'User email is not valid. Please try again!', '-1');
    if (account.kind !== 'admin' && emailOf(account) !== email) return MISMATCH;
    if (this.isDown)
      return ticket('failed', 'Kayako exception occurred while fetching the user. Please try again!', '-1');
    const { reference } = this.create(email, userIp, subject, product, body);
    if (!isEmpty(boxAuth)) {
      return ticket('failed', 'Kayako exception occurred while updating root/admin pass. Please try again!', '-1');
    }
    const answered = this.referenceForm === 'number' ? numberOf(reference) : reference;
    return ticket('success', 'created ticket successfully.', answered);
  }

  #viewTicket(account: HelpdeskAccount, [, id = '']: readonly string[]): OperationResult {
    const found = this.#findFor(account, id);
    if (typeof found === 'string') return statusAnswer('api_viewTicket', 'failed', found);
    return viewedTicket(found);
  }

  #ticketPost(account: HelpdeskAccount, [, id = '', content = '']: readonly string[]): OperationResult {
    if (isEmpty(id)) return statusAnswer('api_ticketPost', 'Failed', 'Ticket ID is required. Please try again!');
    if (isEmpty(content.trim())) {
      return statusAnswer('api_ticketPost', 'Failed', 'Content is required. Please try again!');
    }
    const found = this.#findFor(account, id);
    if (typeof found === 'string') return statusAnswer('api_ticketPost', 'failed', found);
    this.#tickets.postAsCustomer(found, content);
    return statusAnswer('api_ticketPost', 'success', 'added post successfully.');
  }

  /** @returns The ticket, or what the helpdesk says instead. An admin's session gets everybody's. */
  #findFor(account: HelpdeskAccount, id: string): HelpdeskTicket | string {
    const found = this.isDown ? undefined : this.#tickets.find(id);
    if (account.kind === 'admin') return found ?? NO_DETAILS;
    return found && found.requesterEmail === emailOf(account) ? found : NO_PRIORITY;
  }

  /** Stores a ticket, with the product put where the helpdesk puts it. */
  create(email: string, userIp: string, subject: string, product: string, body: string): HelpdeskTicket {
    const short = Array.from(subject).length < SHORT_SUBJECT_CHARACTERS;
    return this.#tickets.create({
      requesterEmail: email,
      subject: !isEmpty(product) && short ? `${product} : ${subject}` : subject,
      product,
      body: isEmpty(product) ? body : `${product}\n\n${body}`,
      userIp,
    });
  }
}

const MISMATCH = ticket('Failed', 'Invalid Email Address - Does not match your account email!', '-1');

function emailOf({ email, username }: HelpdeskAccount): string {
  return email ?? username;
}

/** PHP's empty(): "0" counts. */
function isEmpty(text: string): boolean {
  return text === '' || text === '0';
}
