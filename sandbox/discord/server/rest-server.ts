import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SandboxClock } from '../../clock.ts';
import type { Faults } from '../faults.ts';
import { ApiError, refusal } from '../rules/api-error.ts';
import { readBody } from './request-body.ts';
import type { Answer, Call, Route } from './routes.ts';

/** One line of the stand-in's own log. Tokens are masked by writing the route's template, not its address. */
export interface RequestRecord {
  readonly method: string;
  readonly route: string;
  /** 0 when the connection was cut instead of an answer. */
  readonly status: number;
  /** Discord's error code, when there was one. */
  readonly code?: number;
  readonly durationMs: number;
  readonly at: number;
}

export interface RestDeps {
  readonly routes: readonly Route[];
  readonly faults: Faults;
  readonly clock: SandboxClock;
  acceptsToken(token: string): boolean;
  onRequest(record: RequestRecord): void;
  /** A request has arrived whose answer is held back. */
  onHeld(): void;
}

/** The connection is cut; there is no answer. */
class Reset extends Error {}

const serverError = () => new ApiError(500, 0, '500: Internal Server Error');

/** Answers HTTP requests with the routes, and breaks in the ways that are switched on. */
export function createRestHandler(deps: RestDeps) {
  const { faults } = deps;
  const compiled = deps.routes.map((route) => ({ route, expected: route.template.split('/') }));

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const startedAt = deps.clock.elapsed();
    const url = new URL(request.url ?? '/', 'http://stand-in');
    const path = url.pathname.replace(/^(\/api)?(\/v\d+)?/, '');
    let found: Found | undefined;
    let status = 0;
    let code: number | undefined;
    // By the clock of this world, which may go another way than the machine's.
    response.setHeader('date', new Date(deps.clock.now()).toUTCString());
    try {
      found = match(compiled, request.method ?? 'GET', path);
      const answer = await serve(request, found, url.searchParams);
      status = answer.status;
      send(response, answer);
    } catch (error) {
      if (request.socket.destroyed) {
        // The caller has gone, or the whole stand-in went down: nobody is left to be answered.
      } else if (error instanceof Reset) {
        request.socket.resetAndDestroy();
      } else if (error instanceof RateLimited) {
        status = 429;
        sendRateLimit(response, error.retryAfterMs);
      } else {
        const known = error instanceof ApiError ? error : serverError();
        if (known !== error) console.error(error);
        status = known.status;
        code = known.code;
        send(response, { status, json: known });
      }
    }
    deps.onRequest({
      method: request.method ?? 'GET',
      route: found?.route.template ?? 'unknown',
      status,
      ...(code !== undefined && { code }),
      durationMs: deps.clock.elapsed() - startedAt,
      at: deps.clock.now(),
    });
  };

  async function serve(request: IncomingMessage, found: Found | undefined, query: URLSearchParams): Promise<Answer> {
    if (faults.strike('rest-refused')) throw new Reset();
    if (faults.strike('rest-500')) throw serverError();
    if (!found) throw refusal('notFound');
    const { route, params } = found;
    const { group } = route;
    const limited = faults.strike('rate-limited');
    if (limited) throw new RateLimited(limited.retryAfterMs ?? 100);
    if (group === 'callback' || group === 'edit') {
      const refused = faults.strike(`${group}-rate-limited`);
      if (refused) throw new RateLimited(refused.retryAfterMs ?? 100);
      if (faults.strike(`${group}-reset-before`)) throw new Reset();
      if (faults.strike(`${group}-500-before`)) throw serverError();
    }
    if (group === 'edit') {
      if (faults.strike('edit-invalid-token')) throw refusal('invalidToken');
      if (faults.strike('edit-unknown-message')) throw refusal('unknownMessage');
    }
    if (group === 'servers' && faults.strike('servers-500')) throw serverError();
    if (group === 'guild-commands' && faults.strike('guild-commands-500')) throw serverError();
    if ((group === 'follow-up' || group === 'message') && faults.strike(`${group}-500`)) throw serverError();
    if (route.needsBotToken && !deps.acceptsToken(/^Bot (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '')) {
      throw refusal('unauthorized');
    }
    const { json, files } = await readBody(request);
    if (group === 'callback') {
      const slow = faults.strike('callback-slow');
      if (slow) {
        await new Promise<void>((resolve) => {
          deps.clock.after(slow.delayMs ?? 1000, resolve);
          deps.onHeld();
        });
      }
    }
    const call: Call = { params, query, body: json, files };
    if (group === 'callback' || group === 'edit') {
      const late = faults.strike(`${group}-late`);
      if (late) {
        deps.clock.after(late.delayMs ?? 1000, () => handleLate(route, call));
        throw new Reset();
      }
    }
    const answer = route.handle(call);
    if (group === 'message' && faults.strike('message-reset-after')) throw new Reset();
    if (route.template === '/gateway/bot') {
      const usedUp = faults.strike('sessions-used-up');
      if (usedUp) return withoutSessions(answer, usedUp.retryAfterMs ?? DAY_MS);
    }
    if (group === 'callback' || group === 'edit') {
      if (faults.strike(`${group}-reset-after`)) throw new Reset();
      if (faults.strike(`${group}-500-after`)) throw serverError();
    }
    return answer;
  }
}

const DAY_MS = 24 * 3_600_000;

/** Nobody is left to be told that Discord refuses it. */
function handleLate(route: Route, call: Call): void {
  try {
    route.handle(call);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

function withoutSessions({ status, json }: Answer, resetAfterMs: number): Answer {
  const limit = { total: 1000, remaining: 0, reset_after: resetAfterMs, max_concurrency: 1 };
  return { status, json: { ...(json as object), session_start_limit: limit } };
}

class RateLimited extends Error {
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number) {
    super('You are being rate limited.');
    this.retryAfterMs = retryAfterMs;
  }
}

interface Found {
  readonly route: Route;
  readonly params: Record<string, string>;
}

function match(
  routes: readonly { route: Route; expected: string[] }[],
  method: string,
  path: string,
): Found | undefined {
  const parts = path.split('/').map(decode);
  for (const { route, expected } of routes) {
    if (route.method !== method || expected.length !== parts.length) continue;
    const params: Record<string, string> = {};
    const fits = expected.every((part, i) => {
      if (!part.startsWith(':')) return part === parts[i];
      params[part.slice(1)] = parts[i] ?? '';
      return true;
    });
    if (fits) return { route, params };
  }
  return undefined;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw refusal('notFound');
  }
}

function send(response: ServerResponse, { status, json }: Answer): void {
  if (json === undefined) {
    response.writeHead(status).end();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
}

function sendRateLimit(response: ServerResponse, retryAfterMs: number): void {
  const seconds = retryAfterMs / 1000;
  response
    .writeHead(429, {
      'content-type': 'application/json',
      'retry-after': String(seconds),
      'x-ratelimit-scope': 'user',
      via: '1.1 stand-in',
    })
    .end(JSON.stringify({ message: 'You are being rate limited.', retry_after: seconds, global: false }));
}
