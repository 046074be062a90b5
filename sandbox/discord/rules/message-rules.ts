import * as spec from 'discord-api-spec/zod';
import type { APIEmbed } from 'discord-api-types/v10';
import { MessageFlags } from 'discord-api-types/v10';
import { numberComponents } from '../server/wire.ts';
import type { Attachment, Message, MessageBody } from '../world/discord-world.ts';
import { BodyErrors, refusal } from './api-error.ts';
import { checkCard, shownFiles } from './card-rules.ts';
import { checkMessageComponents, type SentComponent, textsIn } from './component-rules.ts';
import { checkSchema } from './schema-check.ts';
import type { SentMessage, UploadedFile } from './sent-message.ts';

/** Where the message arrives; each has its own schema and its own set of flags that it takes. */
export type MessageKind = 'reply' | 'update' | 'follow-up' | 'edit' | 'channel-message' | 'channel-edit';

const KINDS: Record<MessageKind, { schema: typeof spec.MessageCreateRequestSchema; flags: number }> = {
  reply: { schema: spec.CreateMessageInteractionCallbackRequestSchema, flags: 64 | 4 | 4096 | 32768 },
  update: { schema: spec.UpdateMessageInteractionCallbackRequestSchema, flags: 4 | 32768 | 64 },
  'follow-up': { schema: spec.IncomingWebhookRequestPartialSchema, flags: 64 | 4 | 4096 | 32768 },
  edit: { schema: spec.IncomingWebhookUpdateRequestPartialSchema, flags: 4 | 32768 | 64 },
  'channel-message': { schema: spec.MessageCreateRequestSchema, flags: 4 | 4096 | 32768 },
  'channel-edit': { schema: spec.MessageEditRequestPartialSchema, flags: 4 | 32768 },
};

/** Characters in all embeds of one message together. */
const MAX_EMBED_CHARACTERS = 6000;

/** Discord's ordinary limit for one upload without boosts: 10 MiB. */
const MAX_FILE_BYTES = 10 * 1024 * 1024;

/**
 * Checks what the bot sent, and says what the message shows then.
 * @param body The whole request body; for a callback the message is in its `data`.
 * @param before The message that is edited.
 * @throws {ApiError} 50035 with the tree, 50006 for a message without anything to see.
 */
export function readMessage(
  kind: MessageKind,
  body: unknown,
  files: readonly UploadedFile[],
  newId: () => string,
  before?: Message,
): Partial<MessageBody> & { sent: SentMessage } {
  const isCallback = kind === 'reply' || kind === 'update';
  const at = isCallback ? ['data'] : [];
  const errors = new BodyErrors();
  checkSchema(KINDS[kind].schema, withoutLooseIds(body, isCallback), errors);
  errors.throwIfAny();
  const sent = ((isCallback ? (body as { data?: unknown }).data : body) ?? {}) as SentMessage;

  const unknownFlags = (sent.flags ?? 0) & ~KINDS[kind].flags;
  if (unknownFlags !== 0) errors.add([...at, 'flags'], 'MESSAGE_FLAGS_INVALID', `Flags ${unknownFlags} cannot be set.`);
  const isV2 = (((before?.flags ?? 0) | (sent.flags ?? 0)) & MessageFlags.IsComponentsV2) !== 0;
  const shown = {
    content: sent.content !== undefined ? (sent.content ?? '') : (before?.content ?? ''),
    embeds: sent.embeds !== undefined ? (sent.embeds ?? []) : (before?.embeds ?? []),
    components: sent.components !== undefined ? (sent.components ?? []) : (before?.components ?? []),
    attachments: readAttachments(sent, files, newId, before, errors, at),
  };
  const components = shown.components as unknown as SentComponent[];
  if (isV2) {
    const { content, embeds } = shown;
    checkCard(sent, { content, embeds, poll: sent.poll, sticker_ids: sent.sticker_ids }, before, at, errors);
    shown.attachments = shownFiles(components, shown.attachments, at, errors);
  }
  checkMessageComponents(components, isV2, [...at, 'components'], errors);
  checkEmbeds(shown.embeds, [...at, 'embeds'], errors);
  errors.throwIfAny();

  const somethingToSee = Object.values(shown).some((part) => part.length > 0);
  if (!somethingToSee) throw refusal('emptyMessage');
  const kept = (before?.flags ?? 0) & ~MessageFlags.Loading;
  // An edit never makes a message ephemeral, nor shows it to everybody.
  const flags = before ? kept | ((sent.flags ?? 0) & ~MessageFlags.Ephemeral) : (sent.flags ?? 0);
  // Edits ping nobody.
  const pings = before ? {} : { pings: pingsIn(sent) };
  return { ...shown, components: numberComponents(shown.components), flags, ...pings, sent };
}

/** Whom the mentions in a new message ping: all of them, unless the message says which may. */
function pingsIn({ content, components, allowed_mentions: allowed }: SentMessage): string[] {
  const may = (kind: 'everyone' | 'users' | 'roles', id?: string) => {
    if (!allowed) return true;
    const listed = kind === 'everyone' ? undefined : allowed[kind];
    return (allowed.parse?.includes(kind) ?? false) || (id !== undefined && (listed?.includes(id) ?? false));
  };
  const pings: string[] = [];
  // Text displays ping as `content` does.
  const text = [content ?? '', ...textsIn((components ?? []) as unknown as SentComponent[])].join('\n');
  for (const [mention, role, id] of text.matchAll(/@everyone|@here|<@(&?)!?(\d+)>/g)) {
    const kind = id === undefined ? 'everyone' : role ? 'roles' : 'users';
    if (may(kind, id)) pings.push(mention);
  }
  return pings;
}

/** Discord takes attachment numbers as numbers too; the schema only knows them as text. */
function withoutLooseIds(body: unknown, isCallback: boolean): unknown {
  const outer = body as { data?: SentMessage } & SentMessage;
  const sent = isCallback ? outer?.data : outer;
  if (!Array.isArray(sent?.attachments)) return body;
  const attachments = sent.attachments.map((file) => ({ ...file, id: String(file?.id) }));
  return isCallback ? { ...outer, data: { ...sent, attachments } } : { ...sent, attachments };
}

function readAttachments(
  sent: SentMessage,
  files: readonly UploadedFile[],
  newId: () => string,
  before: Message | undefined,
  errors: BodyErrors,
  at: string[],
): Attachment[] {
  const listed = sent.attachments ?? undefined;
  const kept = (before?.attachments ?? []).filter(
    (old) => listed === undefined || listed.some((entry) => String(entry.id) === old.id),
  );
  const uploaded = files.map((file): Attachment => {
    const entry = listed?.find(({ id }) => String(id) === file.index);
    const description = entry?.description ?? undefined;
    return {
      id: newId(),
      name: entry?.filename ?? file.name,
      contentType: file.contentType,
      content: file.content,
      ...(description !== undefined && { description }),
    };
  });
  listed?.forEach(({ id }, i) => {
    const known = kept.some((old) => old.id === String(id)) || files.some(({ index }) => index === String(id));
    if (!known) {
      errors.add([...at, 'attachments', i, 'id'], 'ATTACHMENT_NOT_FOUND', `No file was sent as files[${id}].`);
    }
  });
  files.forEach((file) => {
    if (file.content.length > MAX_FILE_BYTES) {
      errors.add([...at, 'files', file.index], 'FILE_TOO_LARGE', 'The file is larger than 10 MiB.');
    }
  });
  return [...kept, ...uploaded];
}

function checkEmbeds(embeds: APIEmbed[], at: string[], errors: BodyErrors): void {
  let characters = 0;
  embeds.forEach((embed, i) => {
    const fields = embed.fields ?? [];
    const texts = [embed.title, embed.description, embed.footer?.text, embed.author?.name];
    for (const field of fields) texts.push(field.name, field.value);
    const length = texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
    characters += length;
    if (length === 0 && !embed.image && !embed.thumbnail && !embed.url) {
      errors.add([...at, i, 'description'], 'BASE_TYPE_REQUIRED', 'This field is required');
    }
  });
  if (characters > MAX_EMBED_CHARACTERS) {
    const message = `Embed size exceeds maximum size of ${MAX_EMBED_CHARACTERS}`;
    errors.add(at, 'MAX_EMBED_SIZE_EXCEEDED', message);
  }
}
