import { z } from 'zod';
import { type LinkedFile, mediaFile } from './linked-file.ts';
import { joined, withLink } from './readable-text.ts';

export interface EmbedContent {
  readonly text: string;
  readonly files: readonly LinkedFile[];
  /** Discord made it of a page that a link leads to. */
  readonly isPreview: boolean;
}

const text = z.string().optional().catch(undefined);
const named = z.object({ name: text, url: text }).optional().catch(undefined);

const embedJson = z.object({
  type: text,
  title: text,
  url: text,
  description: text,
  timestamp: text,
  author: named,
  provider: named,
  footer: z.object({ text }).optional().catch(undefined),
  fields: z.array(z.object({ name: text, value: text }).catch({ name: undefined, value: undefined })).catch([]),
  image: z.unknown().optional(),
  thumbnail: z.unknown().optional(),
  video: z.unknown().optional(),
});

type EmbedJson = z.infer<typeof embedJson>;

/** What Discord writes itself about what the author did, with field names for programs. */
const BY_DISCORD = new Set([
  'poll_result',
  'auto_moderation_message',
  'auto_moderation_notification',
  'safety_policy_notice',
]);

/** @param message The text in which a link may stand, and whether its author is a person, who cannot send embeds. @returns undefined for what cannot be read. */
export function embedContent(
  value: unknown,
  message: { readonly text: string; readonly isByPerson: boolean },
): EmbedContent | undefined {
  const embed = embedJson.safeParse(value).data;
  if (!embed) return undefined;
  const { type, title, url, description, timestamp, author, provider, footer } = embed;
  const isPreview = isLinkPreview(embed, message);
  const isByDiscord = type !== undefined && BY_DISCORD.has(type);
  const fields = embed.fields
    .filter(({ name }) => !(isByDiscord && name?.endsWith('_id')))
    .map(({ name, value: content }) => joined(': ', isByDiscord ? name?.replaceAll('_', ' ') : name, content));
  const lines = [
    withLink(provider?.name, provider?.url),
    withLink(author?.name, author?.url),
    title,
    description,
    ...fields,
    url,
    joined(', ', footer?.text, timestamp),
  ];
  const files = [
    mediaFile(embed.image, 'image'),
    mediaFile(embed.thumbnail, 'thumbnail'),
    mediaFile(embed.video, 'video'),
  ].flatMap((file) => (file ? [{ ...file, ...(isPreview && { isOfPreview: true }) }] : []));
  const whole = joined('\n', ...lines);
  // The preview of a picture has nothing to read but the address that the author wrote.
  const isKnown = isPreview && whole === url && message.text.includes(whole);
  return { text: isKnown ? '' : whole, files, isPreview };
}

/**
 * Discord does not say which embeds it has made of links. Bots and webhooks can send `rich` ones only, without provider and
 * video; whose address stands in the message was made of it; and people send none at all.
 */
function isLinkPreview(
  { type = 'rich', url, provider, video }: EmbedJson,
  message: { readonly text: string; readonly isByPerson: boolean },
): boolean {
  if (BY_DISCORD.has(type)) return false;
  if (type !== 'rich' || provider !== undefined || (video !== undefined && video !== null)) return true;
  return url !== undefined && (message.isByPerson || message.text.includes(url));
}
