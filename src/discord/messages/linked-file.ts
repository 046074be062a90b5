import { z } from 'zod';

/** Something in a message that is not text: an upload, an image, a video. */
export interface LinkedFile {
  readonly name: string;
  readonly url: string;
  readonly sizeBytes?: number | undefined;
  /** Of a voice message. */
  readonly seconds?: number | undefined;
  /** What its sender wrote for people who do not see it. */
  readonly description?: string | undefined;
  /** It came with the preview of a link: the author chose the link and not the picture. */
  readonly isOfPreview?: boolean;
}

const optionalText = z.string().optional().catch(undefined);
const optionalNumber = z.number().nonnegative().optional().catch(undefined);

const attachment = z.object({
  filename: optionalText,
  title: optionalText,
  url: z.string().min(1),
  size: optionalNumber,
  duration_secs: optionalNumber,
  description: optionalText,
});

const media = z.object({ url: z.string().min(1) });

/** @returns undefined for what cannot be read. */
export function attachmentFile(value: unknown): LinkedFile | undefined {
  const { data } = attachment.safeParse(value);
  if (!data) return undefined;
  return {
    // A file whose name Discord had to change keeps its own as the title.
    name: oneLine(data.title ?? data.filename ?? nameInUrl(data.url) ?? 'file'),
    url: oneLine(data.url),
    sizeBytes: data.size,
    seconds: data.duration_secs,
    description: data.description,
  };
}

/** @param what What it is, where its address has no name in it. @returns undefined where there is no address. */
export function mediaFile(value: unknown, what: string, more: Partial<LinkedFile> = {}): LinkedFile | undefined {
  const { data } = media.safeParse(value);
  return data && { name: oneLine(nameInUrl(data.url) ?? what), url: oneLine(data.url), ...more };
}

/** One line of a list. A link stands at its end, whole. */
export function fileLine({ name, url, sizeBytes, seconds, description, isOfPreview }: LinkedFile): string {
  const facts = [
    name,
    ...(isOfPreview ? ["of a link preview, not the author's"] : []),
    ...(sizeBytes === undefined ? [] : [`${Math.ceil(sizeBytes / 1024)} KB`]),
    ...(seconds === undefined ? [] : [`${Math.ceil(seconds)} seconds`]),
    ...(description?.trim() ? [`“${oneLine(description)}”`] : []),
  ];
  return `- ${facts.join(', ')}: ${url}`;
}

/** The last part of the path, when it looks like the name of a file. */
function nameInUrl(url: string): string | undefined {
  const path = /^[a-z]+:\/\/([^?#]*)/i.exec(url)?.[1] ?? '';
  const name = path.split('/').at(-1) ?? '';
  if (!/^[^/]{1,80}\.\w{1,5}$/.test(name) || (!path.includes('/') && !url.startsWith('attachment:'))) return undefined;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function oneLine(text: string): string {
  return text.toWellFormed().replace(/\s+/g, ' ').trim();
}
