import { MessageFlags } from 'discord.js';
import type { Reply } from './ticket-reply.ts';

/** The reply as a message that only the person sees. */
export function privately(reply: Reply) {
  return { ...reply, flags: MessageFlags.Ephemeral } as const;
}
