import { setMaxListeners } from 'node:events';
import { type Clock, systemClock } from '../clock.ts';
import type { Log } from '../log.ts';
import { type HelpdeskClient, HelpdeskError, type HelpdeskErrorKind } from '../tickets/helpdesk-client.ts';
import type { ViewTicketResult } from '../tickets/helpdesk-ticket.ts';
import { CALLED_OFF } from './envelope-post.ts';
import { parseStringReply } from './helpdesk-replies.ts';
import { createHelpdeskSession, type LoginResult, type SessionResult } from './helpdesk-session.ts';
import { type OpenTicketAnswer, readOpenTicketAnswer } from './open-ticket-answer.ts';
import type { Arguments, Operation } from './operations.ts';
import { type PostReplyAnswer, readPostReplyAnswer } from './post-reply-answer.ts';
import { type CallResult, type CharsetLabel, createSoapCaller } from './soap-caller.ts';
import { readViewTicketAnswer, type ViewTicketAnswer } from './view-ticket-answer.ts';

/** Milliseconds for a connection. One that takes longer will not come; the person is waiting. */
const CONNECT_TIMEOUT_MS = 10_000;

/** A session ID is one word. A sentence, or what PHP writes in place of nothing, is how a login is refused. */
const IS_SESSION = /^(?!(?:nan|null|nil|none|undefined|false|true|array|object|-?\d)$)\S+$/i;

/** `ok` is an answer that could be read, whatever it says. */
export type HelpdeskCallKind = 'ok' | HelpdeskErrorKind;

export interface SoapHelpdeskClientOptions {
  readonly url: string;
  readonly username: string;
  /** The account's password or, better, an API key of it. */
  readonly password: string;
  /** The address that tickets are said to come from; the helpdesk requires one, and Discord gives none. */
  readonly userIp: string;
  /** Milliseconds for one SOAP call. The helpdesk gives its own backend 120 seconds. */
  readonly timeoutMs: number;
  /** Milliseconds for the connection of one call; 10 seconds by default, and never more than `timeoutMs`. */
  readonly connectTimeoutMs?: number;
  /**
   * How requests label their UTF-8. NuSOAP spoils a text that is labelled as what it is and keeps one labelled
   * ISO-8859-1; any other server wants the truth. `auto` goes by the name that the server gives at the login.
   */
  readonly charset: 'auto' | CharsetLabel;
  /** By default the one that the project ships. */
  readonly wsdlFile?: string;
  readonly clock?: Clock;
  readonly log: Log;
  /** Told of each call when it has ended, the login among them. For metrics. */
  readonly onCall?: (operation: Operation, kind: HelpdeskCallKind, durationMs: number) => void;
}

/** The helpdesk over SOAP. Makes no call until it is asked to. */
export interface SoapHelpdeskClient extends HelpdeskClient {
  /** @returns What the bot's own account is: an admin's may open tickets for any address. Undefined when unknown. */
  accountKind(): Promise<'client' | 'admin' | undefined>;
}

/** @throws {TypeError} when `url` is none. */
export function createSoapHelpdeskClient(options: SoapHelpdeskClientOptions): SoapHelpdeskClient {
  const { clock = systemClock } = options;
  const closing = new AbortController();
  // Each call under way listens; Node 20 takes more than ten listeners for a mistake, and says so on stderr.
  setMaxListeners(0, closing.signal);
  const caller = createSoapCaller({
    url: options.url,
    timeoutMs: options.timeoutMs,
    connectTimeoutMs: Math.min(options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS, options.timeoutMs),
    clock,
    signal: closing.signal,
    wsdlFile: options.wsdlFile,
  });
  const session = createHelpdeskSession(logIn);
  let label: CharsetLabel = options.charset === 'auto' ? 'utf-8' : options.charset;

  async function call<O extends Operation>(
    operation: O,
    values: Arguments<O>,
    signal?: AbortSignal,
  ): Promise<CallResult> {
    const startedAt = clock.elapsed();
    const result = await caller.call(operation, values, label, signal);
    const durationMs = Math.round(clock.elapsed() - startedAt);
    const kind = result.kind === 'reply' ? 'ok' : result.error.kind;
    if (result.kind === 'reply' || signal?.aborted) options.log.debug({ operation, kind, durationMs }, 'helpdesk call');
    else options.log.warn({ operation, kind, durationMs, error: result.error }, 'helpdesk call failed');
    options.onCall?.(operation, kind, durationMs);
    return result;
  }

  async function logIn(): Promise<LoginResult> {
    const labelled = label;
    const credentials = { username: options.username, password: options.password };
    const first = readLogin(await call('api_login', credentials));
    // Beyond ASCII the credentials themselves arrive only under the right label, which the first answer tells.
    const again = first.kind === 'failed' && first.error.kind === 'login' && label !== labelled;
    return again && !isAscii(credentials.username + credentials.password)
      ? readLogin(await call('api_login', credentials))
      : first;
  }

  function readLogin(result: CallResult): LoginResult {
    if (result.kind !== 'reply') return { kind: 'failed', error: result.error };
    if (options.charset === 'auto') label = /nusoap/i.test(result.software ?? '') ? 'iso-8859-1' : 'utf-8';
    const reply = parseStringReply(result.value);
    if (reply.kind === 'text' && IS_SESSION.test(reply.text)) return { kind: 'session', sid: reply.text };
    // Whole, or what stands there may be the beginning of a session.
    const error =
      reply.kind === 'text' && result.whole
        ? new HelpdeskError('login', 'the helpdesk refused the login: wrong username or password')
        : new HelpdeskError('not-soap', 'the helpdesk answered the login with something that is no session');
    return { kind: 'failed', error };
  }

  /**
   * Makes a call with the shared session, and once more with a new one when the session is an older one and the
   * answer may mean that it has expired. `isLater`: a login has taken its time before the attempt.
   */
  async function withSession<T>(
    attempt: (sid: string, isLater: boolean) => Promise<T>,
    mayBeExpired: (answer: T) => boolean,
  ): Promise<T | Extract<SessionResult, { kind: 'failed' }>> {
    const found = await session.find();
    if (found.kind === 'failed') return found;
    const first = await attempt(found.sid, !found.cached);
    if (!mayBeExpired(first)) return first;
    if (!found.cached) return first;
    session.drop(found.sid);
    const renewed = await session.find();
    return renewed.kind === 'failed' ? renewed : await attempt(renewed.sid, true);
  }

  return {
    async openTicket(request, recheck) {
      let lastSid = '';
      const answer = await withSession(
        async (sid, isLater): Promise<{ kind: 'answer' } & OpenTicketAnswer> => {
          lastSid = sid;
          const { requesterEmail, subject, product, body } = isLater && recheck ? await recheck() : request;
          const values = {
            sid,
            user_email: requesterEmail,
            user_ip: options.userIp,
            subject,
            product,
            body,
            // A server password of the customer's. With one the helpdesk can fail after it opened the ticket.
            box_auth_value: '',
          };
          return { kind: 'answer', ...readOpenTicketAnswer(await call('api_openTicket', values)) };
        },
        ({ mayBeExpired }) => mayBeExpired,
      );
      if (answer.kind === 'failed') return { kind: 'unreachable', cause: withoutText(answer.error) };
      // The next ticket logs in first. A login carries nobody's text, so it shows whether it is the helpdesk that fails, and
      // while it fails people read that nothing was opened, instead of one doubt after the other.
      if (answer.result.kind === 'unconfirmed') session.drop(lastSid);
      return answer.result;
    },

    async viewTicket(reference, signal) {
      if (signal?.aborted) return calledOff();
      const view = withSession(
        async (sid): Promise<{ kind: 'answer' } & ViewTicketAnswer> => ({
          kind: 'answer',
          ...readViewTicketAnswer(await call('api_viewTicket', { sid, ticketID: reference }, signal)),
        }),
        ({ mayBeExpired }) => mayBeExpired,
      ).then((answer): ViewTicketResult => {
        if (answer.kind === 'failed') return { kind: 'unreachable', cause: withoutText(answer.error) };
        const { result } = answer;
        return result.kind === 'unreachable' ? { ...result, cause: withoutText(result.cause) } : result;
      });
      return signal ? untilAborted(view, signal) : view;
    },

    async postReply({ reference, text }, recheck) {
      let lastSid = '';
      const answer = await withSession(
        async (sid, isLater): Promise<{ kind: 'answer' } & PostReplyAnswer> => {
          lastSid = sid;
          if (isLater) await recheck?.();
          const values = { sid, ticketID: reference, content: text };
          return { kind: 'answer', ...readPostReplyAnswer(await call('api_ticketPost', values)) };
        },
        ({ mayBeExpired }) => mayBeExpired,
      );
      if (answer.kind === 'failed') return { kind: 'unreachable', cause: withoutText(answer.error) };
      // As for a ticket: while the helpdesk fails, the next login shows it, and nobody's post is in doubt.
      if (answer.result.kind === 'unconfirmed') session.drop(lastSid);
      return answer.result;
    },

    async check() {
      const renewed = await session.renew();
      return renewed.kind === 'failed' ? renewed.error : undefined;
    },

    async accountKind() {
      const answer = await withSession(
        async (sid) => {
          const result = await call('api_get_ima', { sid });
          return result.kind === 'reply' ? parseStringReply(result.value) : ({ kind: 'unreadable' } as const);
        },
        (reply) => reply.kind !== 'text' || reply.text === '',
      );
      const kind = answer.kind === 'text' ? answer.text.toLowerCase() : undefined;
      return kind === 'admin' || kind === 'client' ? kind : undefined;
    },

    close() {
      closing.abort();
    },
  };
}

/** A login or a look that something in front refused. Of a text that was never sent nobody may read that it was refused. */
function withoutText(error: HelpdeskError): HelpdeskError {
  return error.kind === 'firewall' ? new HelpdeskError('login-blocked', error.message) : error;
}

/** A look that nobody waits for any more ends at once, also where it waits for a login, which goes on for the others. */
function untilAborted(view: Promise<ViewTicketResult>, signal: AbortSignal): Promise<ViewTicketResult> {
  return new Promise((resolve, reject) => {
    const stop = () => resolve(calledOff());
    signal.addEventListener('abort', stop, { once: true });
    view.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function calledOff(): ViewTicketResult {
  return { kind: 'unreachable', cause: new HelpdeskError('closed', CALLED_OFF) };
}

function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}
