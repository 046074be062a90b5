import { fileURLToPath } from 'node:url';
import type { Client, IHttpClient, WSDL } from 'soap';
import type { Clock } from '../clock.ts';
import { HelpdeskError } from '../tickets/helpdesk-client.ts';
import { CALLED_OFF, type PostResult, postEnvelope } from './envelope-post.ts';
import { isClientFault, parseFault } from './helpdesk-replies.ts';
import { type Arguments, inWireOrder, type Operation } from './operations.ts';
import { createWholeAnswerAgent } from './whole-answer-agent.ts';
import { protectText, removeMarks } from './xml-text.ts';

const SHIPPED_WSDL = fileURLToPath(new URL('./myadmin.wsdl', import.meta.url));

/** What the request says of its encoding. Its bytes are UTF-8 either way. */
export type CharsetLabel = 'utf-8' | 'iso-8859-1';

/** An answer that is no fault. */
export interface SoapReply {
  readonly kind: 'reply';
  /** What `soap` made of it. */
  readonly value: unknown;
  /** False when the answer broke off. */
  readonly whole: boolean;
  /** The names of the elements whose end did not arrive. */
  readonly unfinished: readonly string[];
  readonly software: string | undefined;
}

export type CallResult =
  | SoapReply
  | { readonly kind: 'fault'; readonly code: string; readonly text: string; readonly error: HelpdeskError }
  /** No readable answer; `written` is false only when the helpdesk certainly did not get the whole request. */
  | { readonly kind: 'failed'; readonly written: boolean; readonly error: HelpdeskError };

export interface SoapCallerOptions {
  readonly url: string;
  /** Milliseconds for name, connection and TLS of one call. */
  readonly connectTimeoutMs: number;
  /** Milliseconds for one call altogether. */
  readonly timeoutMs: number;
  /** Both limits go by it. */
  readonly clock: Clock;
  /** Ends the calls under way. */
  readonly signal: AbortSignal;
  /** By default the one that the project ships. */
  readonly wsdlFile?: string | undefined;
}

export interface SoapCaller {
  /**
   * Makes one call, never repeated. Never rejects.
   * @param signal Ends this call; it then failed with an error of the kind `closed`.
   */
  call<O extends Operation>(
    operation: O,
    values: Arguments<O>,
    label: CharsetLabel,
    signal?: AbortSignal,
  ): Promise<CallResult>;
}

/** `soap`, with the WSDL that it has read. */
interface LoadedSoap {
  readonly Client: new (...options: ConstructorParameters<typeof Client>) => Client;
  readonly wsdl: WSDL;
}

/** Makes calls with `soap`, over an own HTTP client, and lets none of its errors out: they carry the password. */
export function createSoapCaller(options: SoapCallerOptions): SoapCaller {
  const url = new URL(options.url);
  const agent = createWholeAnswerAgent(url.protocol);
  let loading: Promise<LoadedSoap> | undefined;

  /** Nobody waits for `soap` while the bot starts: it brings as much code as all the rest but discord.js. */
  async function load(): Promise<LoadedSoap> {
    const { Client, createClientAsync } = await import('soap');
    const client = await createClientAsync(options.wsdlFile ?? SHIPPED_WSDL, {
      // One that could not be read would be remembered, and the file in its place never read.
      disableCache: true,
      // The WSDL declares ticket_reference_id an int; the helpdesk sends KVO-530-34143, which parses to NaN.
      customDeserializer: { int: (digits: string) => digits },
    });
    return { Client, wsdl: client.wsdl };
  }

  function request(
    { Client, wsdl }: LoadedSoap,
    operation: Operation,
    values: [string, string][],
    label: CharsetLabel,
    signals: readonly AbortSignal[],
  ): Promise<CallResult> {
    return new Promise((resolve, reject) => {
      let posted: PostResult | undefined;
      const httpClient = {
        request(_url: string, body: string, callback: SoapCallback, headers: Record<string, string>): void {
          postEnvelope({ ...options, url, agent, body, headers, signals })
            .then((result) => {
              posted = result;
              if (result.kind === 'envelope') callback(null, { status: 200, headers: {} }, result.xml);
              else callback(result.error);
            })
            // `soap` may throw while it reads the answer, and would never settle the call then.
            .catch(() => resolve(interpret(posted, new Error('soap threw'), undefined)));
        },
      };
      // One client for each call: it remembers the last request and answer, password and session in them.
      const client = new Client(wsdl, url.href, { httpClient: httpClient as unknown as IHttpClient });
      const args = Object.fromEntries(values.map(([name, value]) => [name, protectText(value)]));
      const settle = (error: unknown, value: unknown) => resolve(interpret(posted, error, value));
      const postProcess = (xml: string) =>
        removeMarks(xml).replace(/^<\?xml[^?]*\?>/, `<?xml version="1.0" encoding="${label}"?>`);
      const method: unknown = client[operation];
      if (typeof method !== 'function') reject(new Error(`The WSDL has no ${operation}`));
      else method.call(client, args, settle, { postProcess }, { 'Content-Type': `text/xml; charset=${label}` });
    });
  }

  return {
    async call(operation, values, label, signal) {
      const signals = signal ? [options.signal, signal] : [options.signal];
      if (signals.some(({ aborted }) => aborted)) return failed(new HelpdeskError('closed', CALLED_OFF));
      try {
        loading ??= load();
        return await request(await loading, operation, inWireOrder(operation, values), label, signals);
      } catch {
        // The cause is `soap`'s own and can carry the request.
        loading = undefined;
        return failed(
          new HelpdeskError('not-soap', 'the request could not be made: is myadmin.wsdl there, and whole?'),
        );
      }
    },
  };
}

type SoapCallback = (error: unknown, response?: unknown, body?: string) => void;

function failed(error: HelpdeskError): CallResult {
  return { kind: 'failed', written: false, error };
}

/** What came of a call, from what was posted and from what `soap` says. */
function interpret(posted: PostResult | undefined, error: unknown, value: unknown): CallResult {
  if (posted?.kind === 'failed') return posted;
  if (!error && posted) {
    const { whole, unfinished, software } = posted;
    return { kind: 'reply', value, whole, unfinished, software };
  }
  const fault = parseFault(error);
  if (!fault) {
    return {
      kind: 'failed',
      written: true,
      error: new HelpdeskError('not-soap', 'the answer of the helpdesk is broken'),
    };
  }
  // The fault's text is the server's and can repeat what was sent, so that it stays out of the error.
  const code = /^[\w:.-]{1,60}$/.test(fault.code) ? fault.code : 'without a code';
  const kind = isClientFault(fault.code) ? 'bad-request' : 'fault';
  return { kind: 'fault', ...fault, error: new HelpdeskError(kind, `the helpdesk answered with a fault (${code})`) };
}
