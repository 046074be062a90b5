import type { MessageFlags } from 'discord-api-types/v10';
import { wordsOf } from '../../sandbox/chaos/reply-classifier.ts';
import { readMessage } from '../../sandbox/discord/rules/message-rules.ts';
import { asBody, type Reply } from '../../src/discord/replies/reply.ts';

/**
 * What a person sees of a reply: its words, and its buttons by label, each with its custom ID or the page that it leads to.
 * @throws {ApiError} where Discord refuses it.
 */
export function see(reply: Reply): { text: string; buttons: Record<string, string> } {
  const body = JSON.parse(JSON.stringify(asBody(reply))) as { flags: MessageFlags; components: Part[] };
  const files = (reply.files ?? []).map(({ name, attachment }, i) => ({
    index: String(i),
    name: name ?? '',
    contentType: 'text/plain',
    content: attachment as Buffer,
  }));
  readMessage('edit', body, files, () => '1');
  const buttons = buttonsIn(body.components).map((one) => [one.label, one.custom_id ?? one.url]);
  return { text: wordsOf({ content: '', ...body }), buttons: Object.fromEntries(buttons) };
}

interface Part {
  readonly label?: string;
  readonly custom_id?: string;
  readonly url?: string;
  readonly components?: readonly Part[];
  readonly accessory?: Part;
}

function buttonsIn(parts: readonly Part[]): Part[] {
  return parts.flatMap((part) => [
    ...(part.label === undefined ? [] : [part]),
    ...buttonsIn(part.components ?? []),
    ...(part.accessory ? buttonsIn([part.accessory]) : []),
  ]);
}
