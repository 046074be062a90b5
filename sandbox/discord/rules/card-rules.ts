import { MessageFlags } from 'discord-api-types/v10';
import type { Attachment, Message } from '../world/discord-world.ts';
import type { BodyErrors } from './api-error.ts';
import type { SentComponent } from './component-rules.ts';
import type { SentMessage } from './sent-message.ts';

const V2 = MessageFlags.IsComponentsV2;

/** Fields that a message of Components V2 has no use for, with what a message shows of them after this request. */
type LegacyFields = Readonly<Record<'content' | 'embeds' | 'poll' | 'sticker_ids', unknown>>;

/** What Discord refuses of a message of Components V2, besides its components. @param before The message that is edited. */
export function checkCard(
  sent: SentMessage,
  shown: LegacyFields,
  before: Message | undefined,
  at: readonly string[],
  errors: BodyErrors,
): void {
  if (isRemoved(sent, before)) {
    const message = 'The MessageFlags.IS_COMPONENTS_V2 flag cannot be removed from a message';
    errors.add([...at, 'flags'], 'MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG', message);
    return;
  }
  for (const [field, value] of Object.entries(shown)) {
    const isEmpty = value === undefined || value === null || (value as { length?: number }).length === 0;
    if (isEmpty) continue;
    const message = `The '${field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`;
    errors.add([...at, field], 'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2', message);
  }
}

/** An edit with other flags, or with the fields of an ordinary message and no flags at all, would make it one. */
function isRemoved({ flags, content, embeds, poll }: SentMessage, before: Message | undefined): boolean {
  if (!before || (before.flags & V2) === 0) return false;
  if (flags != null) return (flags & V2) === 0;
  return Boolean(content) || (embeds?.length ?? 0) > 0 || poll != null;
}

/**
 * Of the files of such a message, those are shown that a component names. The others are nowhere to be seen.
 * @returns What can be seen.
 */
export function shownFiles(
  components: readonly SentComponent[],
  files: readonly Attachment[],
  at: readonly string[],
  errors: BodyErrors,
): Attachment[] {
  const named = new Set<string>();
  for (const { url, path } of mediaIn(components, [...at, 'components'])) {
    const name = /^attachment:\/\/(.+)$/.exec(url)?.[1];
    if (name === undefined) continue;
    named.add(name);
    if (!files.some((file) => file.name === name)) {
      const message = `The referenced attachment "${name}" was not found.`;
      errors.add([...path, 'url'], 'UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND', message);
    }
  }
  return files.filter(({ name }) => named.has(name));
}

interface MediaAt {
  readonly url: string;
  readonly path: readonly (string | number)[];
}

function mediaIn(components: readonly SentComponent[], at: readonly (string | number)[]): MediaAt[] {
  return components.flatMap((component, i) => {
    const path = [...at, i];
    const { media, file, items = [], accessory } = component;
    return [
      ...(media ? [{ url: media.url, path: [...path, 'media'] }] : []),
      ...(file ? [{ url: file.url, path: [...path, 'file'] }] : []),
      ...items.map((item, n) => ({ url: item.media.url, path: [...path, 'items', n, 'media'] })),
      ...mediaIn(component.components ?? [], [...path, 'components']),
      ...(accessory?.media ? [{ url: accessory.media.url, path: [...path, 'accessory', 'media'] }] : []),
    ];
  });
}
