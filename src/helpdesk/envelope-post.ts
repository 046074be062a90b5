import http from 'node:http';
import https from 'node:https';
import type { LookupFunction, TcpSocketConnectOpts } from 'node:net';
import type { Clock } from '../clock.ts';
import { HelpdeskError, type HelpdeskErrorKind } from '../tickets/helpdesk-client.ts';
import { decodeBody } from './answer-body.ts';
import { readHttpAnswer } from './http-answer.ts';
import { type FoundEnvelope, findEnvelope } from './soap-envelope.ts';
import { ANNOUNCED_LENGTH } from './whole-answer-agent.ts';

/** Bytes of an answer that are read, and that it may have without its compression. Real answers have about 1,000; a list of tickets some 100,000. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/** Bytes of the request that are held back until all the others are written: without them it is certainly incomplete. */
const HELD_BACK_BYTES = 16;

/**
 * Of the time for the connection, how much an address gets before the next one has its turn. Node gives 250 milliseconds,
 * and so gives up a helpdesk that is a little slow for an IPv6 address that leads nowhere. A third is more than the three
 * seconds after which a first packet is sent for the third time, and leaves time for another address.
 */
const ATTEMPT_SHARE = 1 / 3;

/**
 * Milliseconds for what is sent beyond the announced length of an envelope that is not whole there. It follows at once, or
 * something in between has cut it off.
 */
const REST_MS = 2_000;

export interface EnvelopePost {
  readonly url: URL;
  /** From `createWholeAnswerAgent`. */
  readonly agent: http.Agent;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds for name, connection and TLS together. */
  readonly connectTimeoutMs: number;
  /** Milliseconds for everything, from the name look-up to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Both limits go by it. */
  readonly clock: Clock;
  /** Finds the addresses of the host; that of Node by default. */
  readonly lookup?: LookupFunction;
  /** Each of them ends it when it is aborted. */
  readonly signals: readonly AbortSignal[];
}

/** What an error says of a call that nobody waits for any more. */
export const CALLED_OFF = 'the helpdesk client was closed, or the call was called off';

const WITHOUT_SOAP = 'the helpdesk answered without SOAP';
const BROKE_OFF = 'the connection broke off during the answer';

export type PostResult =
  /** `software` is the server's X-SOAP-Server header; NuSOAP names itself there. */
  | ({ readonly kind: 'envelope'; readonly software: string | undefined } & FoundEnvelope)
  /** `written` is false only when the helpdesk certainly did not get the whole request to work on. */
  | { readonly kind: 'failed'; readonly written: boolean; readonly error: HelpdeskError };

/**
 * Posts a SOAP envelope and lets nothing but a SOAP envelope come back. One connection for each call, as a stale one
 * kept alive resets the rare POST; no redirect, which would carry the password elsewhere; no proxy. Never rejects.
 */
export function postEnvelope(post: EnvelopePost): Promise<PostResult> {
  return new Promise((resolve) => {
    const bytes = Buffer.from(post.body, 'utf8');
    const chunks: Buffer[] = [];
    let received = 0;
    let connected = false;
    let written = false;
    let ended = false;
    let answer: http.IncomingMessage | undefined;
    /** One that was found whole in what has come so far. */
    let found: FoundEnvelope | undefined;
    let callOffRest: (() => void) | undefined;

    const options: https.RequestOptions & Pick<TcpSocketConnectOpts, 'autoSelectFamilyAttemptTimeout'> = {
      method: 'POST',
      agent: post.agent,
      ...(post.lookup && { lookup: post.lookup }),
      autoSelectFamilyAttemptTimeout: Math.ceil(post.connectTimeoutMs * ATTEMPT_SHARE),
      headers: {
        ...post.headers,
        Accept: 'text/xml',
        'Accept-Encoding': 'identity',
        'Content-Length': bytes.length,
        Connection: 'close',
      },
    };
    const request = (post.url.protocol === 'https:' ? https : http).request(post.url, options);
    const callOffConnectLimit = post.clock.after(post.connectTimeoutMs, () =>
      end('timeout', `no connection to the helpdesk within ${post.connectTimeoutMs} ms`),
    );
    const callOffDeadline = post.clock.after(post.timeoutMs, () =>
      end('timeout', `no answer from the helpdesk within ${post.timeoutMs} ms`),
    );
    const close = () => end('closed', CALLED_OFF);
    for (const signal of post.signals) signal.addEventListener('abort', close);

    /** Whatever ends the exchange, a readable answer counts more: it says what became of the ticket. */
    function end(kind: HelpdeskErrorKind, message: string): void {
      if (ended) return;
      ended = true;
      callOffConnectLimit();
      callOffDeadline();
      callOffRest?.();
      for (const signal of post.signals) signal.removeEventListener('abort', close);
      request.destroy();
      const fail = () => ({ kind: 'failed', written, error: new HelpdeskError(kind, message) }) as const;
      if (!answer) resolve(fail());
      else if (found && mayHoldEnvelope(answer)) resolve(envelopeOf(answer, found));
      else readAnswer(answer, Buffer.concat(chunks), { kind, written, fail }).then(resolve, () => resolve(fail()));
    }

    function waitForRest(): void {
      if (!ended) callOffRest ??= post.clock.after(REST_MS, () => end('not-soap', WITHOUT_SOAP));
    }

    function write(): void {
      connected = true;
      callOffConnectLimit();
      const rest = Math.max(0, bytes.length - HELD_BACK_BYTES);
      request.write(bytes.subarray(0, rest), (error) => {
        if (error || request.destroyed) return;
        written = true;
        request.end(bytes.subarray(rest));
      });
    }

    request.on('socket', (socket) => {
      socket.once(post.url.protocol === 'https:' ? 'secureConnect' : 'connect', write);
    });
    request.on('response', (response) => {
      answer = response;
      const announced = announcedLength(response);
      const endIfAllIsThere = () => {
        if (announced === undefined || received < announced) return;
        // A compressed one cannot be told, and is counted right.
        const envelope = findEnvelope(Buffer.concat(chunks));
        if (envelope?.whole === false) return;
        found = envelope;
        end('not-soap', WITHOUT_SOAP);
      };
      response.on('data', (chunk: Buffer) => {
        received += chunk.length;
        if (received > MAX_ANSWER_BYTES) {
          end('not-soap', `the helpdesk answered more than ${MAX_ANSWER_BYTES} bytes`);
          return;
        }
        chunks.push(chunk);
        endIfAllIsThere();
        if (announced !== undefined && received >= announced) waitForRest();
      });
      response.on('end', () => {
        if (announced !== undefined && received < announced) end('connection-lost', BROKE_OFF);
        else end('not-soap', WITHOUT_SOAP);
      });
      response.on('error', () => {});
      response.on('close', () => end('connection-lost', BROKE_OFF));
      endIfAllIsThere();
    });
    request.on('error', (error) => {
      // Bytes beyond the announced length are an error too, while the answer itself is still on its way to us.
      if (answer) return;
      if (connected) end('connection-lost', `the connection to the helpdesk broke off${code(error)}`);
      else end('connect', `no connection to the helpdesk${code(error)}`);
    });
    request.on('close', () => {
      if (!answer) end('connection-lost', 'the connection to the helpdesk broke off');
    });
    if (post.signals.some(({ aborted }) => aborted)) close();
  });
}

function announcedLength({ headers }: http.IncomingMessage): number | undefined {
  const length = headers[ANNOUNCED_LENGTH];
  return typeof length === 'string' && /^\d{1,15}$/.test(length) ? Number(length) : undefined;
}

/** A redirect says nothing of the ticket. */
function mayHoldEnvelope({ statusCode: status = 0 }: http.IncomingMessage): boolean {
  return status < 300 || status >= 400;
}

function envelopeOf({ headers }: http.IncomingMessage, envelope: FoundEnvelope): PostResult {
  const software = headers['x-soap-server'];
  return { kind: 'envelope', software: software === undefined ? undefined : String(software), ...envelope };
}

/** How an exchange ended. */
interface End {
  readonly kind: HelpdeskErrorKind;
  readonly written: boolean;
  /** What it comes to when nothing is found in the answer that says more. Nearly always there is: no error is made before. */
  readonly fail: () => PostResult;
}

async function readAnswer(answer: http.IncomingMessage, bytes: Buffer, end: End): Promise<PostResult> {
  const { statusCode: status = 0, headers } = answer;
  const body = await decodeBody(bytes, headers['content-encoding'], MAX_ANSWER_BYTES);
  const envelope = body && mayHoldEnvelope(answer) ? findEnvelope(body) : undefined;
  if (envelope) return envelopeOf(answer, envelope);
  // What ended it before the answer was there says more than the beginning of an answer.
  if (end.kind !== 'not-soap') return end.fail();
  const { mayHaveArrived, error } = readHttpAnswer({ status, headers, body: body?.toString('latin1') ?? '' });
  return { kind: 'failed', written: end.written && mayHaveArrived, error };
}

/** An error's code says enough; its message carries the address. */
function code(error: Error): string {
  const text = 'code' in error ? String(error.code) : '';
  return /^[A-Z][A-Z0-9_]{1,60}$/.test(text) ? ` (${text})` : '';
}
