import {
  OPEN_TICKET_RETURN,
  TICKET_POST_RETURN,
  VIEW_TICKET_RETURN,
  VIEWED_POST,
  VIEWED_POSTS,
  VIEWED_TICKET,
} from './operations.ts';
import { customerOf, type HelpdeskTicket, type TicketPost } from './stored-tickets.ts';
import type { SoapArray, SoapStruct, SoapValue } from './wire.ts';

export type OperationResult =
  | { readonly kind: 'value'; readonly value: SoapValue }
  | { readonly kind: 'fault'; readonly code: string; readonly text: string }
  /** PHP died: an empty HTTP 500. */
  | { readonly kind: 'crash' };

/** The answer of api_openTicket; the reference is a display ID in a field that is declared an int. */
export function ticket(status: string, statusText: string, reference: string): OperationResult {
  const texts = { status, status_text: statusText, ticket_reference_id: reference };
  return { kind: 'value', value: struct(OPEN_TICKET_RETURN, texts) };
}

/** A status alone, in the type that the operation returns; of api_login and the like nothing but a blank text. */
export function statusAnswer(operation: string, status: string, statusText: string): OperationResult {
  const texts = { status, status_text: statusText };
  switch (operation) {
    case 'api_openTicket':
      return ticket(status, statusText, '-1');
    case 'api_viewTicket':
      return { kind: 'value', value: struct(VIEW_TICKET_RETURN, texts) };
    case 'api_ticketPost':
      return { kind: 'value', value: struct(TICKET_POST_RETURN, texts) };
    default:
      return string('');
  }
}

/** The answer of api_viewTicket: all posts, internal notes among them, with nothing that tells them apart. */
export function viewedTicket(viewed: HelpdeskTicket): OperationResult {
  const items = viewed.posts.map(viewedPost);
  const result = struct(VIEWED_TICKET, {
    ticket_reference_id: viewed.reference,
    full_name: customerOf(viewed.requesterEmail).authorName,
    email: viewed.requesterEmail,
    subject: viewed.subject,
    creationtime: localTime(viewed.createdAt),
    statustitle: viewed.state,
    prioritytitle: 'Normal',
    lastactivity: localTime(viewed.lastActivityAt),
    posts: { kind: 'array', itemType: VIEWED_POSTS.itemType, items },
  });
  const fields = { status: 'success', status_text: 'got ticket successfully.', result };
  return { kind: 'value', value: struct(VIEW_TICKET_RETURN, fields) };
}

function viewedPost({ authorEmail, authorName, writtenAt, contents }: TicketPost): SoapStruct {
  return struct(VIEWED_POST, { email: authorEmail, full_name: authorName, dateline: localTime(writtenAt), contents });
}

const LOCAL_TIME = new Intl.DateTimeFormat('sv-SE', {
  dateStyle: 'short',
  timeStyle: 'medium',
  timeZone: 'America/New_York',
});

/** PHP's `Y-m-d H:i:s` where the helpdesk stands. It names no zone, and an hour of autumn comes twice. */
export function localTime(ms: number): string {
  return LOCAL_TIME.format(ms);
}

/** @param values Fields that are not there are left out, as NuSOAP does with what PHP has not set. */
function struct(
  type: { readonly name: string; readonly fields: readonly (readonly [name: string, type: string])[] },
  values: Readonly<Record<string, string | SoapStruct | SoapArray>>,
): SoapStruct {
  const fields = type.fields.flatMap(([name, fieldType]) => {
    const value = values[name];
    return value === undefined ? [] : [[name, fieldType, value] as const];
  });
  return { kind: 'struct', type: type.name, fields };
}

export function string(value: string): OperationResult {
  return { kind: 'value', value: { kind: 'string', value } };
}

export function fault(code: string, text: string): OperationResult {
  return { kind: 'fault', code, text };
}
