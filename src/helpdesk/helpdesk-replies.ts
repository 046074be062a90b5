import { z } from 'zod';

/**
 * `soap` gives a value bare, or as `{ attributes, $value }` when the element has attributes such as xsi:type, without
 * `$value` when it is empty, or not at all when it is nil.
 */
export function unwrap(value: unknown): unknown {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object' || Array.isArray(value)) return value;
  if ('$value' in value) return unwrap(value.$value);
  return Object.keys(value).every((key) => key === 'attributes') ? '' : value;
}

/** In place of what is no text: neither a reference nor the lack of one, and no reason that the helpdesk gives. */
export const UNREADABLE = '?';

/** A value that must be a text. What is absent, nil or empty is the empty one. */
export const text = z.preprocess(unwrap, z.string());

const stringReply = z.object({ return: text });

/** The status alone says whether a ticket is open. What else is no text must not hide that, and counts for nothing known. */
const ticketReply = z.object({
  status: text.pipe(z.string().min(1)),
  status_text: text.catch(UNREADABLE),
  ticket_reference_id: text.catch(UNREADABLE),
});

const faultReply = z.object({
  root: z.object({
    Envelope: z.object({ Body: z.object({ Fault: z.object({ faultcode: text, faultstring: text }) }) }),
  }),
});

/** What api_login and api_get_ima return. Nil and empty elements are the empty string. */
export type StringReply = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'unreadable' };

/** What api_openTicket returns. `nil` is a reply without a value, as to a session that it does not know. */
export type TicketReply =
  | { readonly kind: 'ticket'; readonly status: string; readonly statusText: string; readonly reference: string }
  | { readonly kind: 'nil' }
  | { readonly kind: 'unreadable' };

export function parseStringReply(value: unknown): StringReply {
  if (value === null || value === undefined) return { kind: 'text', text: '' };
  const reply = stringReply.safeParse(value);
  return reply.success ? { kind: 'text', text: reply.data.return.trim() } : { kind: 'unreadable' };
}

export function parseTicketReply(value: unknown): TicketReply {
  if (value === null || value === undefined) return { kind: 'nil' };
  if (typeof value !== 'object') return { kind: 'unreadable' };
  // The WSDL calls the part `return`, the published page by the name of its type.
  const part = 'return' in value ? value.return : 'openTicket_return' in value ? value.openTicket_return : value;
  if (part === null) return { kind: 'nil' };
  const reply = ticketReply.safeParse(part);
  if (!reply.success) return { kind: 'unreadable' };
  const { status, status_text, ticket_reference_id } = reply.data;
  return {
    kind: 'ticket',
    status: status.trim(),
    statusText: status_text.trim(),
    reference: ticket_reference_id.trim(),
  };
}

/** Whether a fault's code blames the request: it comes before the helpdesk does anything. Any other may come later. */
export function isClientFault(code: string): boolean {
  return /^(?:[\w-]+:)?client$/i.test(code);
}

/** @returns The fault that `soap` threw, or undefined when it threw anything else. */
export function parseFault(error: unknown): { code: string; text: string } | undefined {
  const fault = faultReply.safeParse(error);
  if (!fault.success) return undefined;
  const { faultcode, faultstring } = fault.data.root.Envelope.Body.Fault;
  return { code: faultcode.trim(), text: faultstring.trim() };
}
