import { HelpdeskError } from '../tickets/helpdesk-client.ts';

/** An HTTP answer without a SOAP envelope in it. */
export interface HttpAnswer {
  readonly status: number;
  /** In lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Empty when it could not be read. */
  readonly body: string;
}

export interface HttpAnswerMeaning {
  /** False when the helpdesk certainly did not get the request to work on. */
  readonly mayHaveArrived: boolean;
  readonly error: HelpdeskError;
}

/**
 * What an HTTP server says before it has read or passed on a request, and what nobody says of an answer: 411 to 414 are
 * about the size and form of the request, 429 about how many came before it, 431 about its headers.
 */
const BEFORE_THE_HELPDESK = new Set([411, 413, 414, 417, 429, 431]);

/**
 * Client errors that are about the address or the login of a web server, so about every request alike. All the others can
 * be the answer to one text.
 */
const ABOUT_EVERY_REQUEST = new Set([401, 404, 407, 408, 410, 421, 425, 426]);

/** Pages that firewalls show, with whatever status: Cloudflare, F5, Imperva, Sucuri, ModSecurity and those that say it. */
const BLOCK_PAGE =
  /<title>\s*(?:attention required|just a moment|request rejected|access denied|not acceptable|blocked)|requested url was rejected|incapsula|sucuri|mod_?security|web application firewall|\bblocked by\b|captcha/i;

/** Characters of a page that are looked at. */
const PAGE_CHARACTERS = 20_000;

/** Reads what an answer says that is none of the helpdesk's. The HTTP status is told, and nothing of the body. */
export function readHttpAnswer({ status, headers, body }: HttpAnswer): HttpAnswerMeaning {
  const what = `HTTP ${status} without SOAP`;
  if (status === 429) {
    return {
      mayHaveArrived: false,
      error: new HelpdeskError('rate-limited', `something in front of the helpdesk wants fewer requests (${what})`),
    };
  }
  const isRefusal = status >= 400 && status < 500 && !ABOUT_EVERY_REQUEST.has(status);
  if (isRefusal || headers['cf-mitigated'] || BLOCK_PAGE.test(body.slice(0, PAGE_CHARACTERS))) {
    return {
      // A firewall may also have looked at the answer, and kept that back: then the ticket is open.
      mayHaveArrived: !BEFORE_THE_HELPDESK.has(status),
      error: new HelpdeskError('firewall', `something in front of the helpdesk refused the request (${what})`),
    };
  }
  if (status >= 500) {
    return { mayHaveArrived: true, error: new HelpdeskError('server-error', `the helpdesk answered ${what}`) };
  }
  return { mayHaveArrived: true, error: new HelpdeskError('not-soap', `the helpdesk answered ${what}`) };
}
