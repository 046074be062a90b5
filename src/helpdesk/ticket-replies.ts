import { z } from 'zod';
import type { HelpdeskPost, HelpdeskTicket } from '../tickets/helpdesk-ticket.ts';
import { text, UNREADABLE, unwrap } from './helpdesk-replies.ts';

/** What api_ticketPost returns. `nil` is a reply without a value, as to a session that it does not know. */
export type StatusReply =
  | { readonly kind: 'status'; readonly status: string; readonly statusText: string }
  | { readonly kind: 'nil' }
  | { readonly kind: 'unreadable' };

/** What api_viewTicket returns. `ticket` is undefined when there is none, or none that can be read. */
export type ViewReply = Exclude<StatusReply, { kind: 'status' }> | (Status & { readonly ticket?: HelpdeskTicket });

type Status = Extract<StatusReply, { kind: 'status' }>;

const statusReply = z.object({ status: text.pipe(z.string().min(1)), status_text: text.catch(UNREADABLE) });

const postReply = z
  .object({ email: text, dateline: text, contents: text })
  .transform(({ email, dateline, contents }): HelpdeskPost => ({ email, writtenAt: dateline, contents }));

const ticketReply = z.object({
  // A ticket of nobody's cannot be shown to anybody.
  email: text.pipe(z.string().trim().min(1)),
  ticket_reference_id: text,
  subject: text,
  statustitle: text,
  creationtime: text,
  lastactivity: text,
  posts: z.preprocess(listPosts, z.array(postReply)),
});

/** Nested elements that are looked through for posts: the array, and its items. */
const MAX_POST_DEPTH = 3;

/**
 * One post is an object, several are an array and none is absent, and all of it may stand in an element for the array. The
 * names of these elements are the server's affair.
 */
function listPosts(value: unknown, depth: unknown = 0): unknown[] {
  const level = typeof depth === 'number' ? depth : 0;
  const list = unwrap(value);
  if (list === '') return [];
  if (Array.isArray(list)) return list.flatMap((one) => listPosts(one, level));
  const isPost = typeof list !== 'object' || list === null || 'contents' in list || 'dateline' in list;
  if (isPost || level >= MAX_POST_DEPTH) return [list];
  const { attributes: _attributes, ...items } = list as Readonly<Record<string, unknown>>;
  return Object.values(items).flatMap((item) => listPosts(item, level + 1));
}

/** Text that can be compared as it is: what stands earlier is earlier. */
const COMPARABLE_TIME = /^(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d|\d{10})$/;

/** Nobody has said in which order the helpdesk lists them. */
function oldestFirst(posts: readonly HelpdeskPost[]): readonly HelpdeskPost[] {
  const first = posts.at(0)?.writtenAt ?? '';
  const last = posts.at(-1)?.writtenAt ?? '';
  const isNewestFirst = COMPARABLE_TIME.test(first) && COMPARABLE_TIME.test(last) && first > last;
  return isNewestFirst ? posts.toReversed() : posts;
}

export function parseStatusReply(value: unknown): StatusReply {
  const part = returnedPart(value);
  if (part === null || part === undefined) return { kind: 'nil' };
  const reply = statusReply.safeParse(part);
  if (!reply.success) return { kind: 'unreadable' };
  return { kind: 'status', status: reply.data.status.trim(), statusText: reply.data.status_text.trim() };
}

export function parseViewReply(value: unknown): ViewReply {
  const reply = parseStatusReply(value);
  if (reply.kind !== 'status') return reply;
  const part = returnedPart(value);
  const result = ticketReply.safeParse(typeof part === 'object' && part && 'result' in part ? part.result : undefined);
  if (!result.success) return reply;
  const { ticket_reference_id, email, subject, statustitle, creationtime, lastactivity, posts } = result.data;
  return {
    ...reply,
    ticket: {
      reference: ticket_reference_id.trim(),
      requesterEmail: email,
      subject,
      state: statustitle.trim(),
      createdAt: creationtime,
      lastActivityAt: lastactivity,
      posts: oldestFirst(posts),
    },
  };
}

/** What the operation returns: the WSDL calls the part `return`, the published page by the name of its type. */
function returnedPart(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || 'status' in value) return value;
  if ('return' in value) return value.return;
  return Object.entries(value).find(([name]) => name.endsWith('_return'))?.[1] ?? value;
}
