import { readMessage } from '../../sandbox/discord/rules/message-rules.ts';
import type { Reply } from '../../src/discord/replies/reply.ts';

/** What a person sees of a reply: its words, and its buttons' custom IDs by label. @throws {ApiError} where Discord refuses it. */
export function see(reply: Reply): { text: string; buttons: Record<string, string> } {
  const body = { content: reply.content, components: reply.components.map((row) => row.toJSON()) };
  readMessage('edit', JSON.parse(JSON.stringify(body)), [], () => '1');
  const buttons = body.components.flatMap(({ components }) => components as { label: string; custom_id: string }[]);
  return { text: reply.content, buttons: Object.fromEntries(buttons.map((one) => [one.label, one.custom_id])) };
}
