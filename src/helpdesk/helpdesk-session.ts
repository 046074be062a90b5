import type { HelpdeskError } from '../tickets/helpdesk-client.ts';

export type LoginResult =
  | { readonly kind: 'session'; readonly sid: string }
  | { readonly kind: 'failed'; readonly error: HelpdeskError };

/** `cached`: from an earlier login, so that it may have expired meanwhile. */
export type SessionResult =
  | { readonly kind: 'session'; readonly sid: string; readonly cached: boolean }
  | { readonly kind: 'failed'; readonly error: HelpdeskError };

/** The one session that all calls share. */
export interface HelpdeskSession {
  /** @returns The session there is, at once, or a new one. However many ask, one login is under way. */
  find(): Promise<SessionResult>;
  /** Logs in whether or not there is a session, joining a login that is under way. */
  renew(): Promise<SessionResult>;
  /** Drops a session that was not accepted, unless there is a newer one already. */
  drop(sid: string): void;
}

export function createHelpdeskSession(login: () => Promise<LoginResult>): HelpdeskSession {
  let current: string | undefined;
  let underWay: Promise<SessionResult> | undefined;

  async function logIn(): Promise<SessionResult> {
    try {
      const result = await login();
      if (result.kind === 'failed') return result;
      current = result.sid;
      return { ...result, cached: false };
    } finally {
      underWay = undefined;
    }
  }

  function renew(): Promise<SessionResult> {
    underWay ??= logIn();
    return underWay;
  }

  return {
    renew,
    async find() {
      // Also while somebody renews it to see whether that works: a login that hangs must hold up no ticket.
      return current === undefined ? await renew() : { kind: 'session', sid: current, cached: true };
    },
    drop(sid) {
      if (current === sid) current = undefined;
    },
  };
}
