import { AttachmentBuilder } from 'discord.js';
import type { TicketFields } from '../../tickets/ticket-request.ts';
import type { Reply } from './reply.ts';

/** Discord's limit for the content of a message, in UTF-16 units. */
const MESSAGE_LENGTH = 2000;

/** The complete text back, as a file when it does not fit into a message. */
export function textReply(fields: TicketFields, introduction = 'This is what you wrote.'): Reply {
  const text = [fields.subject, ...(fields.product ? [fields.product] : []), '', fields.body].join('\n');
  const content = `${introduction}\n\`\`\`text\n${text}\n\`\`\``;
  if (content.length <= MESSAGE_LENGTH && !text.includes('```')) return { content, components: [] };
  const file = new AttachmentBuilder(Buffer.from(text), { name: 'ticket.txt' });
  return { content: `${introduction} It is in the file.`, components: [], files: [file] };
}

/** The store failed before the text was safe, so the text goes back at once. */
export function notSavedReply(fields: TicketFields): Reply {
  return textReply(
    fields,
    '**Your text could not be saved, and nothing was sent.** The bot cannot reach its storage. Copy the text and try again in a few minutes.',
  );
}
