import { z } from 'zod';
import { componentContent } from './component-content.ts';
import { embedContent } from './embed-content.ts';
import { attachmentFile, type LinkedFile } from './linked-file.ts';
import { type MessageJson, parseMessage } from './message-json.ts';
import { joined, readableText } from './readable-text.ts';

/** Everything that a reader sees in a message, by who wrote it. */
export interface MessageContent {
  /** What its author wrote or put there. */
  readonly own: readonly string[];
  /** What Discord shows of the pages that its links lead to: somebody else's words. */
  readonly previews: readonly string[];
  /** What it forwards. Of those Discord does not say who wrote them. */
  readonly forwarded: readonly MessageContent[];
  readonly files: readonly LinkedFile[];
}

const text = z.string().optional().catch(undefined);
const sticker = z.object({ name: z.string() });
const snapshot = z.object({ message: z.unknown().optional() });
const pollMedia = z
  .object({ text, emoji: z.object({ name: text }).optional().catch(undefined) })
  .catch({ text: undefined, emoji: undefined });
const poll = z.object({
  question: pollMedia,
  answers: z
    .array(
      z
        .object({ answer_id: z.number().optional().catch(undefined), poll_media: pollMedia })
        .optional()
        .catch(undefined),
    )
    .catch([]),
  results: z
    .object({
      answer_counts: z.array(z.object({ id: z.number(), count: z.number() }).optional().catch(undefined)).catch([]),
    })
    .optional()
    .catch(undefined),
});

export function messageContent(message: MessageJson): MessageContent {
  const components = componentContent(message.components);
  const written = [message.content, ...components.lines].join('\n');
  // Of what is forwarded nobody knows the author, so only clear signs make an embed a preview there.
  const isByPerson = message.author?.bot === false && message.webhook_id === undefined;
  const embeds = message.embeds.flatMap((one) => embedContent(one, { text: written, isByPerson }) ?? []);
  const own = [
    message.content,
    components.lines.join('\n'),
    ...embeds.filter(({ isPreview }) => !isPreview).map((embed) => embed.text),
    ...pollText(message.poll),
    ...message.sticker_items.flatMap((one) => {
      const { data } = sticker.safeParse(one);
      return data ? [`Sticker: ${data.name}`] : [];
    }),
    ...(message.activity ? [joined(': ', 'Invitation', message.application?.name)] : []),
  ];
  const forwarded = message.message_snapshots
    .map((one) => parseMessage(snapshot.safeParse(one).data?.message))
    .filter((one) => one !== undefined)
    // A forwarded message has no snapshots of its own: Discord forwards one level.
    .map((one) => messageContent({ ...one, message_snapshots: [] }));
  return {
    own: readable(own),
    previews: readable(embeds.filter(({ isPreview }) => isPreview).map((embed) => embed.text)),
    forwarded,
    files: withoutRepetition([
      ...message.attachments.flatMap((one) => attachmentFile(one) ?? []),
      ...components.files,
      ...embeds.flatMap(({ files }) => files),
      ...forwarded.flatMap(({ files }) => files),
    ]),
  };
}

function pollText(value: unknown): string[] {
  const { data } = poll.safeParse(value);
  if (!data) return [];
  const counts = new Map(data.results?.answer_counts.flatMap((one) => (one ? [[one.id, one.count] as const] : [])));
  const answers = data.answers.flatMap((answer) => {
    if (!answer) return [];
    const count = answer.answer_id === undefined ? undefined : counts.get(answer.answer_id);
    return [`- ${mediaText(answer.poll_media)}${count === undefined ? '' : ` (${count} votes)`}`];
  });
  return [[`Poll: ${mediaText(data.question)}`, ...answers].join('\n')];
}

function mediaText({ text: words, emoji }: z.infer<typeof pollMedia>): string {
  return joined(' ', emoji?.name, words);
}

function readable(texts: readonly string[]): string[] {
  return texts.map(readableText).filter((one) => one.trim() !== '');
}

/** An upload that a component or an embed shows is in both lists. */
function withoutRepetition(files: readonly LinkedFile[]): LinkedFile[] {
  const addresses = new Set<string>();
  return files.filter(({ url }) => {
    if (addresses.has(url)) return false;
    addresses.add(url);
    return true;
  });
}
