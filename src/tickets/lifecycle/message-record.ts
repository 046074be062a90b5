import { z } from 'zod';
import type { Attempt } from './person-record.ts';

const entry = z.object({
  submitterId: z.string(),
  attemptId: z.string(),
  state: z.enum(['received', 'sending', 'opened', 'unconfirmed']),
  reference: z.string().optional(),
  /** When the state was last written, in milliseconds since 1970. */
  at: z.number(),
});

/**
 * The attempts to escalate one message, by whichever moderator, in the order in which they came. Those that certainly
 * opened nothing are not in it. It is the only record that belongs to several people.
 */
export const messageRecord = z.array(entry);

export type MessageRecord = z.infer<typeof messageRecord>;
export type MessageEntry = z.infer<typeof entry>;

/** The record after a change of one attempt. Pure. @param attempt Undefined when it was erased. */
export function withAttempt(
  record: MessageRecord,
  { submitterId, attemptId }: Pick<MessageEntry, 'submitterId' | 'attemptId'>,
  attempt: Attempt | undefined,
): MessageRecord {
  const entry = attempt && entryOf(submitterId, attempt);
  const position = record.findIndex((other) => other.attemptId === attemptId);
  if (position < 0) return entry ? [...record, entry] : record;
  return entry ? record.with(position, entry) : record.toSpliced(position, 1);
}

function entryOf(submitterId: string, { id, stage, stageAt }: Attempt): MessageEntry | undefined {
  const base = { submitterId, attemptId: id, at: stageAt };
  switch (stage.kind) {
    case 'received':
    case 'sending':
    case 'unconfirmed':
      return { ...base, state: stage.kind };
    case 'opened':
      return { ...base, state: 'opened', ...(stage.reference !== undefined && { reference: stage.reference }) };
    case 'refused':
    case 'unreachable':
    case 'not-sent':
      return undefined;
  }
}
