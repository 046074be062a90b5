import { randomBytes } from 'node:crypto';
import { OPEN_TICKET_RETURN, OPERATIONS } from './operations.ts';
import type { SoapValue } from './wire.ts';

/** Somebody who can log in. An admin may open tickets for any address, a client only for the own one. */
export interface HelpdeskAccount {
  readonly username: string;
  readonly password: string;
  readonly kind: 'admin' | 'client';
  /** The address of the account; its username by default. */
  readonly email?: string;
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
}

/**
 * What the helpdesk sends as ticket_reference_id, which it declares an xsd:int: its display ID, as far as is known, or the
 * number alone. Clients that go by the declaration (PHP's SoapClient, Python's suds) raise an error at a display ID, after
 * the ticket was opened.
 */
export type ReferenceForm = 'display-id' | 'number';

/** What the helpdesk answers to a session that it does not know: which of these, the real one has not told. */
export type UnknownSessionAnswer = 'fault' | 'nil' | 'text' | 'mismatch';

export type OperationResult =
  | { readonly kind: 'value'; readonly value: SoapValue }
  | { readonly kind: 'fault'; readonly code: string; readonly text: string }
  /** PHP died: an empty HTTP 500. */
  | { readonly kind: 'crash' };

/**
 * PHP's FILTER_VALIDATE_EMAIL, without the quoted names and bracketed IP addresses that it takes too: a dot-atom, and labels
 * of letters, digits and hyphens of which the last starts with a letter.
 */
const EMAIL =
  /^(?=.{1,254}$)(?=.{1,64}@)[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

const SHORT_SUBJECT_CHARACTERS = 30;

/** The helpdesk behind its wire: accounts, sessions and tickets. */
export class TicketSystem {
  readonly tickets: HelpdeskTicket[] = [];
  unknownSession: UnknownSessionAnswer = 'fault';
  referenceForm: ReferenceForm = 'display-id';
  readonly #accounts: readonly HelpdeskAccount[];
  readonly #now: () => number;
  readonly #created: (ticket: HelpdeskTicket) => void;
  readonly #sessions = new Map<string, HelpdeskAccount>();

  constructor(
    accounts: readonly HelpdeskAccount[],
    now: () => number,
    created: (ticket: HelpdeskTicket) => void = () => {},
  ) {
    this.#accounts = accounts;
    this.#now = now;
    this.#created = created;
  }

  expireSessions(): void {
    this.#sessions.clear();
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
    if (operation === 'api_get_ima') return account ? string(account.kind) : this.#unknownSession(operation);
    return account ? this.#openTicket(account, values) : this.#unknownSession(operation);
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
        return operation === 'api_openTicket' ? ticket('Failed', 'Your session has expired.', '-1') : string('');
      case 'mismatch':
        return operation === 'api_openTicket' ? MISMATCH : string('');
    }
  }

  #openTicket(account: HelpdeskAccount, values: readonly string[]): OperationResult {
    const [, email = '', userIp = '', subject = '', product = '', body = '', boxAuth = ''] = values;
    if (isEmpty(email)) return ticket('Failed', 'User email is required. Please try again!', '-1');
    if (isEmpty(userIp)) return ticket('Failed', 'User IP is required. Please try again!', '-1');
    if (!EMAIL.test(email)) return ticket('Failed', 'User email is not valid. Please try again!', '-1');
    if (account.kind !== 'admin' && (account.email ?? account.username) !== email) return MISMATCH;
    const { reference } = this.create(email, userIp, subject, product, body);
    if (!isEmpty(boxAuth)) {
      return ticket('failed', 'Kayako exception occurred while updating root/admin pass. Please try again!', '-1');
    }
    const answered = this.referenceForm === 'number' ? reference.replace(/^.*-/, '') : reference;
    return ticket('success', 'created ticket successfully.', answered);
  }

  /** Stores a ticket, with the product put where the helpdesk puts it. */
  create(email: string, userIp: string, subject: string, product: string, body: string): HelpdeskTicket {
    const short = Array.from(subject).length < SHORT_SUBJECT_CHARACTERS;
    const text = {
      requesterEmail: email,
      subject: !isEmpty(product) && short ? `${product} : ${subject}` : subject,
      body: isEmpty(product) ? body : `${product}\n\n${body}`,
    };
    const same = this.tickets.filter(
      (one) => one.requesterEmail === email && one.subject === text.subject && one.body === text.body,
    );
    const created: HelpdeskTicket = {
      reference: `KVO-530-${34143 + this.tickets.length}`,
      ...text,
      product,
      userIp,
      createdAt: this.#now(),
      submission: same.length + 1,
    };
    this.tickets.push(created);
    this.#created(created);
    return created;
  }
}

/** The answer of api_openTicket; the reference is a display ID in a field that is declared an int. */
export function ticket(status: string, statusText: string, reference: string): OperationResult {
  const texts = { status, status_text: statusText, ticket_reference_id: reference };
  return {
    kind: 'value',
    value: {
      kind: 'struct',
      type: OPEN_TICKET_RETURN.name,
      fields: OPEN_TICKET_RETURN.fields.map(([name, type]) => [name, type, texts[name]]),
    },
  };
}

const MISMATCH = ticket('Failed', 'Invalid Email Address - Does not match your account email!', '-1');

/** PHP's empty(): "0" counts. */
function isEmpty(text: string): boolean {
  return text === '' || text === '0';
}

function string(value: string): OperationResult {
  return { kind: 'value', value: { kind: 'string', value } };
}

function fault(code: string, text: string): OperationResult {
  return { kind: 'fault', code, text };
}
