import { z } from 'zod';
import { HELPDESK_ERROR_KINDS, REFUSAL_SUBJECTS } from '../helpdesk-client.ts';
import { FIELD_NAMES } from '../ticket-fields.ts';

/**
 * Why an attempt was not sent. `interrupted`: the bot ended, or its store failed, before the attempt's turn came.
 * `answered-elsewhere`: another process with the same token answered the interaction, so this one left it alone.
 */
const notSentReason = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('interrupted') }),
  z.object({ kind: z.literal('answered-elsewhere') }),
  /** Another attempt of the same words, form or message is live, opened a ticket, or may have. */
  z.object({ kind: z.literal('duplicate'), of: z.string() }),
  z.object({ kind: z.literal('not-linked') }),
  z.object({
    kind: z.literal('invalid'),
    issues: z.array(
      z.object({
        field: z.enum(FIELD_NAMES),
        problem: z.enum(['blank', 'too-long', 'line-break']),
      }),
    ),
  }),
  z.object({
    kind: z.literal('limited'),
    limit: z.number(),
    retryAt: z.number(),
    scope: z.enum(['person', 'server', 'answers']),
  }),
  z.object({ kind: z.literal('paused'), notice: z.string() }),
  /** `until`: milliseconds since 1970; missing when the block has no end. */
  z.object({ kind: z.literal('blocked'), reason: z.string(), until: z.number().optional() }),
  /** The submitter may not (or no longer) escalate in that server. */
  z.object({ kind: z.literal('not-moderator') }),
  /** The author of the message is not linked (any more), or does not want tickets opened in their name. */
  z.object({ kind: z.literal('author-unavailable') }),
  /** The ticket to be answered is closed. */
  z.object({ kind: z.literal('ticket-closed') }),
  /** The ticket to be answered is not theirs (any more), is gone, or the helpdesk does not show it: it does not say which. */
  z.object({ kind: z.literal('ticket-not-shown') }),
  /** ESCALATION_EMAIL was taken away meanwhile. */
  z.object({ kind: z.literal('community-unavailable') }),
  /** The form of an escalation came back when what it was about had expired, or had become a ticket. */
  z.object({ kind: z.literal('escalation-expired') }),
]);

/**
 * Where an attempt stands, at a new ticket or at an answer to one. "Opened" is that what was sent is there: the ticket, or the
 * answer in its ticket. No stage means two things; docs/architecture.md draws how one becomes another. */
const stage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('received') }),
  z.object({ kind: z.literal('sending') }),
  /** `reference` is missing when the helpdesk opened a ticket without naming it. */
  z.object({ kind: z.literal('opened'), reference: z.string().optional() }),
  /** `reason` is the helpdesk's own words, without addresses; `about` is missing where they do not tell. */
  z.object({ kind: z.literal('refused'), reason: z.string(), about: z.enum(REFUSAL_SUBJECTS).optional() }),
  z.object({ kind: z.literal('unreachable'), cause: z.enum(HELPDESK_ERROR_KINDS).optional() }),
  /** `cause` is missing when the process that made the call is gone. */
  z.object({ kind: z.literal('unconfirmed'), cause: z.enum(HELPDESK_ERROR_KINDS).optional() }),
  z.object({ kind: z.literal('not-sent'), reason: notSentReason }),
]);

const reply = z.object({ applicationId: z.string(), token: z.string(), until: z.number() });

const attempt = z.object({
  /** The ID of the interaction that submitted. Discord delivers an interaction again under the same ID. */
  id: z.string(),
  /** Position among the attempts of this person: a smaller number came earlier. */
  sequence: z.number(),
  receivedAt: z.number(),
  stage,
  /** When the stage was last written, in milliseconds since 1970. */
  stageAt: z.number(),
  /** Keyed digest of subject and body: attempts with the same words are about the same problem. */
  words: z.string(),
  /** The process that works on it, until its person has the outcome. */
  owner: z.string().optional(),
  /**
   * Whether the person knows the outcome. `pending`: its owner is about to tell. `next-command`: Discord did not take it,
   * so it waits for the person's next command.
   */
  delivery: z.enum(['pending', 'next-command', 'delivered']),
  /** Since when it waits for the next command, in milliseconds since 1970: it is known for as long from then on. */
  waitsSince: z.number().optional(),
  /** How to edit the private reply that waits for the outcome. Removed once it is delivered: the token is a secret. */
  reply: reply.optional(),
  /** What was escalated and in whose name, as this attempt has it. Removed once the outcome is delivered. */
  escalated: z
    .object({ url: z.string(), authorId: z.string(), behalf: z.enum(['self', 'author', 'community']) })
    .optional(),
  /**
   * Of an answer, what the look before its call found: in which ticket (as the person's list knows it), and how many posts had
   * these words already. One more is this answer.
   */
  lookedBefore: z.object({ ticketId: z.string(), words: z.string(), posts: z.number() }).optional(),
  /** When it took its uses of the limits, in milliseconds since 1970. Missing when it has none, or gave them back. */
  usesTakenAt: z.number().optional(),
  /** The person had their records erased in the middle of the call: it stays until that is told, and goes then. */
  erased: z.literal(true).optional(),
});

const request = z.object({
  /** The ID of its draft. */
  id: z.string(),
  /** Server and ID of the escalated message, as `server/message`. */
  message: z.string().optional(),
  /** The display ID of the ticket that it answers, for an answer; empty when that is not known. */
  answers: z.string().optional(),
  /** In the order in which they came. */
  attempts: z.array(attempt),
  /** IDs of attempts of this person's other requests that were found to be about the same words. Only grows. */
  related: z.array(z.string()),
  /** Keyed digests of what it said before it was edited: it is still about the same problem. */
  formerWords: z.array(z.string()).optional(),
  /** IDs of attempts despite which the person chose to send. */
  confirmed: z.array(z.string()),
  /** Until when its text is kept, in milliseconds since 1970. */
  textUntil: z.number(),
  /** The person's word to send it as soon as the helpdesk answers. Attempts from `sequence` on are newer than it. */
  whenBack: z.object({ id: z.string(), at: z.number(), sequence: z.number(), reply }).optional(),
});

const notification = z.discriminatedUnion('kind', [
  /** A moderator opened a ticket in this person's name. */
  z.object({
    kind: z.literal('opened-in-your-name'),
    reference: z.string().optional(),
    moderatorId: z.string(),
    messageUrl: z.string(),
  }),
  /** A moderator sent a ticket in this person's name, and it is not known whether it was opened. */
  z.object({ kind: z.literal('maybe-opened-in-your-name'), moderatorId: z.string(), messageUrl: z.string() }),
  /** A moderator decided about this person's request to link. */
  z.object({ kind: z.literal('link-decided'), approved: z.boolean() }),
  /** A moderator removed this person's link. */
  z.object({ kind: z.literal('unlinked'), moderatorId: z.string() }),
  /** Something changed at a ticket, and no direct message has said so for certain. */
  z.object({ kind: z.literal('ticket-changed'), ticketId: z.string(), reference: z.string(), changedAt: z.number() }),
  /** Direct messages were refused again and again, so the person is told of changes no more. */
  z.object({ kind: z.literal('watching-ended') }),
]);

/** All that belongs to one person's requests. It changes by compare-and-set, so whoever writes second sees the first. */
export const personRecord = z.object({
  requests: z.array(request),
  /** What the person is told at their next command, beside outcomes. */
  notifications: z.array(z.object({ id: z.string(), at: z.number(), about: notification })),
  /** The sequence number of the next attempt. */
  nextSequence: z.number(),
  /** When the store forgets this record, in milliseconds since 1970: a new lifetime is given only where it is needed. */
  livesUntil: z.number(),
});

export type PersonRecord = z.infer<typeof personRecord>;
export type Request = z.infer<typeof request>;
export type Attempt = z.infer<typeof attempt>;
export type Stage = z.infer<typeof stage>;
export type NotSentReason = z.infer<typeof notSentReason>;
export type Notification = z.infer<typeof notification>;
export type PendingNotification = PersonRecord['notifications'][number];

export const EMPTY_RECORD: PersonRecord = { requests: [], notifications: [], nextSequence: 1, livesUntil: 0 };

/** An attempt that has not come to its end. */
export function isLive({ stage }: Pick<Attempt, 'stage'>): boolean {
  return stage.kind === 'received' || stage.kind === 'sending';
}

/** Whether a start, or another process, has something to do for this person. */
export function hasSomethingOpen({ requests }: PersonRecord): boolean {
  return requests.some(
    ({ attempts, whenBack }) =>
      whenBack !== undefined || attempts.some((attempt) => isLive(attempt) || attempt.delivery === 'pending'),
  );
}

export function isEmpty({ requests, notifications }: PersonRecord): boolean {
  return requests.length === 0 && notifications.length === 0;
}

export function findAttempt(
  record: PersonRecord,
  attemptId: string,
): { readonly request: Request; readonly attempt: Attempt } | undefined {
  for (const request of record.requests) {
    const attempt = request.attempts.find(({ id }) => id === attemptId);
    if (attempt) return { request, attempt };
  }
  return undefined;
}
