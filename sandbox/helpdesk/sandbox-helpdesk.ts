import { EventEmitter, once } from 'node:events';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Activity } from '../activity.ts';
import { type OperationResult, statusAnswer, ticket } from './answers.ts';
import type { HelpdeskFault } from './fault-effects.ts';
import { HELPDESK_FAULTS, type HelpdeskFaultName } from './faults.ts';
import { type HelpdeskOperation, OPERATIONS } from './operations.ts';
import type { HelpdeskTicket, TicketState } from './stored-tickets.ts';
import {
  type HelpdeskAccount,
  type ReferenceForm,
  type SupportAnswer,
  TicketSystem,
  type UnknownSessionAnswer,
} from './ticket-system.ts';
import {
  cutAtLength,
  type HelpdeskPeer,
  type RawAnswer,
  type RequestHeaders,
  readRequest,
  writeAnswer,
  writeFault,
  writeHttp,
} from './wire.ts';
import { writeWsdl } from './wsdl.ts';

const FORBIDDEN = { contentType: 'text/html', body: '<html><body><h1>Forbidden</h1></body></html>' };

/** Largest request that is read. PHP's own limit is 8 MB. */
const MAX_REQUEST_BYTES = 8 * 1024 * 1024;

export interface HelpdeskOptions {
  /** A free one by default. */
  readonly port?: number;
  /** Milliseconds since 1970; the clock of the machine by default. */
  readonly now?: () => number;
  /** What happens here is told to it. */
  readonly activity?: Activity;
  /** `nusoap` by default. */
  readonly peer?: HelpdeskPeer;
  /** Who can log in; one admin, `bot@example.com` with `sandbox-password`, by default. */
  readonly accounts?: readonly HelpdeskAccount[];
  /** What an unknown session is answered with; a fault by default. */
  readonly unknownSession?: UnknownSessionAnswer;
}

/** A firewall as in front of most web servers: it looks for words in a request, and keeps such a request to itself. */
export interface Firewall {
  readonly dislikes: RegExp;
  readonly status: number;
}

/** One call that arrived. */
export interface HelpdeskCall {
  readonly operation: string;
  /** In their order; passwords and sessions are masked. */
  readonly values: readonly string[];
  /** The value of its Content-Type header. */
  readonly contentType: string;
  readonly startedAt: number;
  /** Undefined while it is under way. */
  durationMs: number | undefined;
  /** `pending` while it is under way; the kind of a fault's effect when one was injected. */
  result: string;
}

export interface SandboxHelpdesk {
  /** For HELPDESK_URL. */
  readonly url: string;
  readonly port: number;
  readonly tickets: readonly HelpdeskTicket[];
  readonly calls: readonly HelpdeskCall[];
  /** Milliseconds before each answer; 0 at first. */
  latencyMs: number;
  /** How the server reads and labels text. */
  peer: HelpdeskPeer;
  /** What is sent as ticket_reference_id; a display ID at first. */
  referenceForm: ReferenceForm;
  /**
   * Whether something in front passes on no more of an answer than its announced length, as some web servers and proxies do:
   * of an answer whose length was counted wrong, the end is lost then. Not at first.
   */
  cutsAtLength: boolean;
  /** Something in front that answers itself, with this status, what it does not like. None at first. */
  firewall: Firewall | undefined;
  /** What the WSDL lists. The helpdesk answers its own operations whatever stands there. */
  described: readonly HelpdeskOperation[];
  on(event: 'ticket', listener: (ticket: HelpdeskTicket) => void): void;
  /** When a ticket got a post or another state. */
  on(event: 'changed', listener: (ticket: HelpdeskTicket) => void): void;
  /** When a call has arrived, before it is answered. */
  on(event: 'arrived', listener: (call: HelpdeskCall) => void): void;
  /** When a call has ended, however it ended. */
  on(event: 'call', listener: (call: HelpdeskCall) => void): void;
  off(event: 'ticket' | 'changed', listener: (ticket: HelpdeskTicket) => void): void;
  off(event: 'arrived', listener: (call: HelpdeskCall) => void): void;
  off(event: 'call', listener: (call: HelpdeskCall) => void): void;
  /**
   * Makes calls go wrong, until cleared or so many `times`. Of several that fit, the oldest comes first.
   * @param options.operation The one that a named fault concerns, and api_openTicket for any other, by default; `*` is every one.
   */
  fault(fault: HelpdeskFaultName | HelpdeskFault, options?: { times?: number; operation?: string }): void;
  /** The injected faults that still wait for calls. */
  readonly faults: readonly { fault: HelpdeskFaultName | 'own'; operation: string }[];
  clearFaults(): void;
  expireSessions(): void;
  /** Somebody of the staff answers, publicly or with an internal note. */
  answerAsSupport(answer: SupportAnswer): void;
  /** The customer answers to a mail of the helpdesk, past the bot. */
  answerByMail(answer: Pick<SupportAnswer, 'reference' | 'text'>): void;
  /** Somebody of the staff changes the state of a ticket: `Closed` closes it. */
  setState(reference: string, state: TicketState): void;
  /** Resolves with the next call of this operation that arrives from now on, before it is answered. */
  nextCall(operation: string): Promise<HelpdeskCall>;
  /** Lets hanging calls go: each gets the answer that it would have had. */
  release(): void;
  /** Stops listening and drops the connections: the port refuses. */
  down(): Promise<void>;
  /** Listens again, on the same port. */
  up(): Promise<void>;
  close(): Promise<void>;
}

type Listener = ((ticket: HelpdeskTicket) => void) & ((call: HelpdeskCall) => void);

/** Plays the SOAP helpdesk on 127.0.0.1: a NuSOAP server with the operations that the bot calls, and its manners. */
export async function startHelpdesk(options: HelpdeskOptions = {}): Promise<SandboxHelpdesk> {
  const now = options.now ?? Date.now;
  const { activity = new Activity() } = options;
  const events = new EventEmitter().setMaxListeners(0);
  const calls: HelpdeskCall[] = [];
  let faults: { name: HelpdeskFaultName | 'own'; fault: HelpdeskFault; operation: string; left: number }[] = [];
  const system = new TicketSystem(
    options.accounts ?? [{ username: 'bot@example.com', password: 'sandbox-password', kind: 'admin' }],
    now,
    {
      created: (created) => events.emit('ticket', created),
      changed: (changed) => {
        events.emit('changed', changed);
        activity.note('a ticket changed at the helpdesk');
      },
    },
  );
  system.unknownSession = options.unknownSession ?? 'fault';

  const server = http.createServer({ keepAlive: false }, (request, response) => {
    if (request.method !== 'POST') {
      describeService(request.url ?? '', response);
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_REQUEST_BYTES) request.destroy();
      else chunks.push(chunk);
    });
    // The client may leave at any moment; the helpdesk works on.
    request.on('error', () => {});
    request.socket.on('error', () => {});
    const { 'content-type': contentType, soapaction } = request.headers;
    const soapAction = Array.isArray(soapaction) ? soapaction[0] : soapaction;
    request.on('end', () => void answer({ contentType, soapAction }, Buffer.concat(chunks), request.socket));
  });

  /**
   * What is not posted gets the description of the service: its WSDL where the query says so, else a page for people.
   * NuSOAP itself looks for "wsdl" in small letters anywhere in the query; PHP's own SoapServer takes ?WSDL, too.
   */
  function describeService(target: string, response: http.ServerResponse): void {
    const [, query = ''] = target.split('?', 2);
    const [contentType, body] = /wsdl/i.test(query)
      ? ['text/xml; charset=ISO-8859-1', writeWsdl(helpdesk.url, helpdesk.described)]
      : [
          'text/html; charset=UTF-8',
          '<html><head><title>NuSOAP: myapi</title></head><body><h1>myapi</h1><p>View the <a href="?wsdl">WSDL</a> for the service.</p></body></html>',
        ];
    response.writeHead(200, { 'Content-Type': contentType, Connection: 'close' }).end(body);
  }

  async function answer(headers: RequestHeaders, bytes: Buffer, socket: Socket): Promise<void> {
    const request = readRequest(helpdesk.peer, headers, bytes);
    const operation = (request.kind === 'call' && request.operation) || 'unreadable';
    const values = request.kind === 'call' ? request.values : [];
    const call: HelpdeskCall = {
      operation,
      values: values.map((value, index) => (index === (operation === 'api_login' ? 1 : 0) ? '•••' : value)),
      contentType: headers.contentType ?? '',
      startedAt: now(),
      durationMs: undefined,
      result: 'pending',
    };
    calls.push(call);
    events.emit('arrived', call);
    activity.note(`${operation} arrived at the helpdesk`);
    const { firewall } = helpdesk;
    if (firewall?.dislikes.test(bytes.toString('utf8'))) {
      socket.end(writeHttp(helpdesk.peer, { ...FORBIDDEN, status: firewall.status }));
      ended(call, 'firewall');
      return;
    }
    const injected = takeFault(operation);
    if (injected?.effect.kind === 'expired') {
      system.expireSessions();
      system.unknownSession = injected.effect.answer;
    }
    let result: OperationResult | undefined;
    const work = (): OperationResult => {
      if (request.kind === 'fault') return request;
      system.isDown = injected?.effect.kind === 'backend-down';
      return system.run(request.operation, request.values);
    };
    if (!injected || injected.works || injected.effect.kind === 'expired') result = work();
    if (helpdesk.latencyMs > 0) await delay(helpdesk.latencyMs, undefined, { ref: false });
    if (injected?.effect.kind === 'hang') await once(events, 'release');
    // Whoever has hung up meanwhile is not worked for.
    if (injected?.effect.kind === 'hang' && !socket.destroyed) result ??= work();
    if (injected?.effect.kind === 'late') await delay(injected.effect.ms, undefined, { ref: false });
    if (injected?.effect.kind === 'reset') socket.resetAndDestroy();
    else socket.end(passedOn(reply(injected, operation, result)));
    ended(call, injected?.effect.kind ?? result?.kind ?? 'value');
  }

  function ended(call: HelpdeskCall, result: string): void {
    call.durationMs = now() - call.startedAt;
    call.result = result;
    events.emit('call', call);
    activity.note(`${call.operation} ended at the helpdesk: ${call.result}`);
  }

  function takeFault(operation: string): HelpdeskFault | undefined {
    const found = faults.find((one) => one.operation === operation || one.operation === '*');
    if (!found) return undefined;
    found.left -= 1;
    if (found.left <= 0) faults = faults.filter((one) => one !== found);
    return found.fault;
  }

  /** The bytes that go back: the result's, unless the fault says otherwise. */
  function reply(injected: HelpdeskFault | undefined, operation: string, result: OperationResult | undefined): Buffer {
    const peer = helpdesk.peer;
    const effect = injected?.effect;
    switch (effect?.kind) {
      case 'http':
        return writeHttp(peer, {
          ...effect,
          headers: { ...effect.headers, ...(effect.location && { Location: effect.location }) },
        });
      case 'fault':
        return writeHttp(peer, soapAnswer(operation, effect));
      case 'nil':
        return writeHttp(peer, soapAnswer(operation, { kind: 'value', value: { kind: 'nil' } }));
      case 'string':
        return writeHttp(
          peer,
          soapAnswer(operation, { kind: 'value', value: { kind: 'string', value: effect.value } }),
        );
      case 'ticket':
        return writeHttp(peer, soapAnswer(operation, ticket(effect.status, effect.text, effect.reference)));
      case 'status':
        return writeHttp(peer, soapAnswer(operation, statusAnswer(operation, effect.status, effect.text)));
      case 'warning':
        return writeHttp(peer, { ...soapAnswer(operation, result ?? { kind: 'crash' }), warning: effect.text });
      case 'compressed': {
        const { codings, blanksBefore = 0, cutBytes = 0 } = effect;
        const answered = { ...soapAnswer(operation, result ?? { kind: 'crash' }), codings };
        const whole = writeHttp(peer, { ...answered, body: ' '.repeat(blanksBefore) + answered.body });
        return whole.subarray(0, whole.length - cutBytes);
      }
      case 'cut':
        return writeHttp(peer, soapAnswer(operation, result ?? { kind: 'crash' })).subarray(0, -effect.bytes);
      default:
        return writeHttp(peer, soapAnswer(operation, result ?? { kind: 'crash' }));
    }
  }

  function passedOn(answer: Buffer): Buffer {
    return helpdesk.cutsAtLength ? cutAtLength(answer) : answer;
  }

  function soapAnswer(operation: string, result: OperationResult): RawAnswer {
    switch (result.kind) {
      case 'value':
        return { status: 200, body: writeAnswer(helpdesk.peer, operation, result.value) };
      case 'fault':
        return { status: 500, body: writeFault(helpdesk.peer, result.code, result.text) };
      case 'crash':
        return { status: 500, body: '', contentType: 'text/html' };
    }
  }

  async function listen(port: number): Promise<number> {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  async function stop(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  const port = await listen(options.port ?? 0);
  const helpdesk: SandboxHelpdesk = {
    url: `http://127.0.0.1:${port}/api.php`,
    port,
    tickets: system.tickets,
    calls,
    latencyMs: 0,
    peer: options.peer ?? 'nusoap',
    get referenceForm() {
      return system.referenceForm;
    },
    set referenceForm(form) {
      system.referenceForm = form;
    },
    cutsAtLength: false,
    firewall: undefined,
    described: OPERATIONS,
    on: (event: string, listener: Listener) => void events.on(event, listener),
    off: (event: string, listener: Listener) => void events.off(event, listener),
    fault(fault, { times = Number.POSITIVE_INFINITY, operation } = {}) {
      const named = typeof fault === 'string' ? HELPDESK_FAULTS[fault] : undefined;
      faults.push({
        name: typeof fault === 'string' ? fault : 'own',
        fault: typeof fault === 'string' ? HELPDESK_FAULTS[fault] : fault,
        operation: operation ?? named?.operation ?? 'api_openTicket',
        left: times,
      });
    },
    get faults() {
      return faults.map(({ name, operation }) => ({ fault: name, operation }));
    },
    clearFaults() {
      faults = [];
    },
    expireSessions: () => system.expireSessions(),
    answerAsSupport: (answer) => system.answerAsSupport(answer),
    answerByMail: (answer) => system.answerByMail(answer),
    setState: (reference, state) => system.setState(reference, state),
    nextCall(operation) {
      const before = calls.length;
      return activity.until({
        look: () => calls.slice(before).find((call) => call.operation === operation),
        describe: () => `a call of ${operation} at the helpdesk`,
      });
    },
    release: () => void events.emit('release'),
    down: stop,
    async up() {
      if (!server.listening) await listen(port);
    },
    async close() {
      events.emit('release');
      await stop();
    },
  };
  return helpdesk;
}
