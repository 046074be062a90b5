import { z } from 'zod';

/** What is missing or of another shape counts as absent: a message that nobody can read in full is still escalated. */
const text = z.string().catch('');
const list = z.array(z.unknown()).catch([]);
const snowflake = z
  .string()
  .regex(/^\d{1,20}$/)
  .optional()
  .catch(undefined);

const person = z
  .object({ id: z.string().regex(/^\d{1,20}$/), username: text, bot: z.boolean().catch(false) })
  .optional()
  .catch(undefined);

const message = z.object({
  id: snowflake,
  channel_id: snowflake,
  type: z.number().catch(0),
  author: person,
  webhook_id: snowflake,
  timestamp: text,
  content: text,
  embeds: list,
  components: list,
  attachments: list,
  sticker_items: list,
  poll: z.unknown().optional(),
  message_snapshots: list,
  /** What it answers; for the first message of a thread, the message that the thread is about. */
  referenced_message: z.unknown().optional(),
  interaction_metadata: z.object({ name: text, user: person }).optional().catch(undefined),
  /** An invitation to play or listen along, to what `application` is. */
  activity: z.object({ type: z.number() }).optional().catch(undefined),
  application: z.object({ name: text }).optional().catch(undefined),
});

/** A message as Discord sends it, as far as the bot looks into it. */
export type MessageJson = z.infer<typeof message>;

/** @returns undefined for what is no message at all. */
export function parseMessage(value: unknown): MessageJson | undefined {
  return message.safeParse(value).data;
}

/** Reads whatever it is given. What is no message counts as one in which nothing stands. */
export function readMessage(value: unknown): MessageJson {
  return parseMessage(value) ?? message.parse({});
}
