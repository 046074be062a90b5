import {
  type HelpdeskClient,
  HelpdeskError,
  type OpenTicketRequest,
  type OpenTicketResult,
  type PostReplyRequest,
} from '../../src/tickets/helpdesk-client.ts';
import type { HelpdeskTicket, PostReplyResult, ViewTicketResult } from '../../src/tickets/helpdesk-ticket.ts';
import type { HelpdeskUnderTest } from '../contracts/helpdesk-client.ts';

type Operation = 'open' | 'view' | 'reply';
type Fault = 'refuse' | 'lose-answer' | { readonly hang: () => void };
type Failed<Kind extends string> = { readonly kind: Kind; readonly cause: HelpdeskError };

/**
 * A helpdesk that is nothing but a list: the least that a `HelpdeskClient` can be. It shows that the port speaks of no SOAP and
 * of no helpdesk in particular, and is where to look before another one is written.
 */
export class MemoryHelpdesk implements HelpdeskClient, HelpdeskUnderTest {
  readonly client = this;
  readonly #tickets = new Map<string, HelpdeskTicket>();
  readonly #faults = new Map<Operation, Fault>();
  readonly #closed = new AbortController();
  #isDown = false;

  openTicket(request: OpenTicketRequest): Promise<OpenTicketResult> {
    const write = (): OpenTicketResult => {
      const reference = `MEM-${this.#tickets.size + 1}`;
      const { requesterEmail, subject, body } = request;
      const posts = [{ email: requesterEmail, writtenAt: '', contents: body }];
      const times = { createdAt: '', lastActivityAt: '' };
      this.#tickets.set(reference, { reference, requesterEmail, subject, state: 'Open', ...times, posts });
      return { kind: 'opened', reference };
    };
    return this.#call('open', write, { kind: 'refused', reason: 'No more tickets.' }, 'unconfirmed');
  }

  viewTicket(reference: string, signal?: AbortSignal): Promise<ViewTicketResult> {
    const look = (): ViewTicketResult => {
      const ticket = this.#tickets.get(reference);
      return ticket ? { kind: 'viewed', ticket } : { kind: 'refused' };
    };
    return this.#call('view', look, { kind: 'refused' }, 'unreachable', signal);
  }

  postReply({ reference, text }: PostReplyRequest): Promise<PostReplyResult> {
    const write = (): PostReplyResult => {
      const ticket = this.#tickets.get(reference);
      if (!ticket) return { kind: 'refused', reason: 'There is no such ticket.' };
      const post = { email: ticket.requesterEmail, writtenAt: '', contents: text };
      this.#tickets.set(reference, { ...ticket, posts: [...ticket.posts, post] });
      return { kind: 'posted' };
    };
    return this.#call('reply', write, { kind: 'refused', reason: 'No more replies.' }, 'unconfirmed');
  }

  async check(): Promise<HelpdeskError | undefined> {
    return this.#whyNot();
  }

  close(): void {
    this.#closed.abort();
  }

  /** @param inDoubt What it comes to when the call has arrived and no answer comes back. */
  async #call<Result, Kind extends 'unreachable' | 'unconfirmed'>(
    operation: Operation,
    work: () => Result,
    refusal: Result,
    inDoubt: Kind,
    signal?: AbortSignal,
  ): Promise<Result | Failed<'unreachable'> | Failed<Kind>> {
    const whyNot = this.#whyNot();
    if (whyNot) return { kind: 'unreachable', cause: whyNot };
    const fault = this.#faults.get(operation);
    this.#faults.delete(operation);
    if (fault === 'refuse') return refusal;
    const result = work();
    if (fault === undefined) return result;
    if (fault === 'lose-answer')
      return { kind: inDoubt, cause: new HelpdeskError('connection-lost', 'the answer was lost') };
    const ends = AbortSignal.any([this.#closed.signal, ...(signal ? [signal] : [])]);
    const ended = new Promise((resolve) => ends.addEventListener('abort', resolve));
    fault.hang();
    await ended;
    return { kind: inDoubt, cause: new HelpdeskError('closed', 'the call was ended') };
  }

  #whyNot(): HelpdeskError | undefined {
    if (this.#closed.signal.aborted) return new HelpdeskError('closed', 'the client was closed');
    return this.#isDown ? new HelpdeskError('connect', 'the helpdesk is down') : undefined;
  }

  ticketCount(): number {
    return this.#tickets.size;
  }
  postsOf(reference: string): readonly string[] {
    return (this.#tickets.get(reference)?.posts ?? []).map(({ contents }) => contents);
  }
  async takeDown(): Promise<void> {
    this.#isDown = true;
  }
  refuseNext(): void {
    this.#faults.set('open', 'refuse');
  }
  loseNextAnswer(): void {
    this.#faults.set('open', 'lose-answer');
  }
  hangNext(): Promise<void> {
    return this.#hang('open');
  }
  refuseNextOn(operation: 'view' | 'reply'): void {
    this.#faults.set(operation, 'refuse');
  }
  loseNextAnswerTo(operation: 'view' | 'reply'): void {
    this.#faults.set(operation, 'lose-answer');
  }
  hangNextOn(operation: 'view' | 'reply'): Promise<void> {
    return this.#hang(operation);
  }
  async stop(): Promise<void> {}

  #hang(operation: Operation): Promise<void> {
    return new Promise((hang) => this.#faults.set(operation, { hang }));
  }
}
