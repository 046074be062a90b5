import type { UnknownSessionAnswer } from './ticket-system.ts';
import type { ContentCoding } from './wire.ts';

/** Something that goes wrong with a call. */
export interface HelpdeskFault {
  /** Whether the call does its work (opens the ticket, logs in) before it goes wrong. */
  readonly works: boolean;
  readonly effect: /** No answer until `release()`. */
    | { readonly kind: 'hang' }
    | { readonly kind: 'reset' }
    /** The good answer, but so much later; only with `works`. */
    | { readonly kind: 'late'; readonly ms: number }
    /** An HTTP answer of any kind. */
    | {
        readonly kind: 'http';
        readonly status: number;
        readonly contentType: string;
        readonly body: string;
        readonly location?: string;
        readonly headers?: Readonly<Record<string, string>>;
      }
    /** The good answer compressed without being asked, with blanks before it, without its last bytes; only with `works`. */
    | {
        readonly kind: 'compressed';
        readonly codings: readonly ContentCoding[];
        readonly blanksBefore?: number;
        readonly cutBytes?: number;
      }
    /** The good answer without its last bytes; only with `works`. */
    | { readonly kind: 'cut'; readonly bytes: number }
    /** The good answer with text before it that its length does not count, so that its end is lost; only with `works`. */
    | { readonly kind: 'warning'; readonly text: string }
    | { readonly kind: 'fault'; readonly code: string; readonly text: string }
    | { readonly kind: 'nil' }
    /** A blank session, or whatever string. */
    | { readonly kind: 'string'; readonly value: string }
    | { readonly kind: 'ticket'; readonly status: string; readonly text: string; readonly reference: string }
    /** A status with its text, in the type that the operation returns. */
    | { readonly kind: 'status'; readonly status: string; readonly text: string }
    /** The ticket system behind the helpdesk is down for this call; only with `works`. */
    | { readonly kind: 'backend-down' }
    /** Forgets all sessions, and answers so. */
    | { readonly kind: 'expired'; readonly answer: UnknownSessionAnswer };
}

export interface NamedFault extends HelpdeskFault {
  readonly description: string;
  /** What it concerns when nothing else is said. */
  readonly operation: 'api_openTicket' | 'api_viewTicket' | 'api_ticketPost';
}

export const PHP_WARNING =
  '<br />\n<b>Warning</b>:  Undefined array key "x" in <b>/home/api/openTicket.php</b> on line <b>88</b><br />\n';
export const ERROR_PAGE =
  '<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Internal Server Error</h1></body></html>';

export function html(status: number, body: string): HelpdeskFault['effect'] {
  return { kind: 'http', status, contentType: 'text/html', body };
}
