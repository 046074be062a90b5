import { ComponentType } from 'discord.js';
import { z } from 'zod';
import { type LinkedFile, mediaFile } from './linked-file.ts';
import { joined, withLink } from './readable-text.ts';

/** What a reader finds in components: lines in their order, and what is not text. */
export interface ComponentContent {
  readonly lines: readonly string[];
  readonly files: readonly LinkedFile[];
}

/** Discord allows 40 components, nested four deep. More is cut off, so that no message can exhaust the bot. */
const MAX_NODES = 2000;
const MAX_DEPTH = 30;
const REST = '(There is more in this message, which could not be read.)';

/** In components that nobody knows yet, what is text that people see. */
const TEXT_KEYS = new Set(['title', 'name', 'label', 'content', 'text', 'description']);
/** And what is none, however it looks. */
const SKIPPED_KEYS = new Set(['emoji', 'proxy_url', 'default_values']);

const text = z.string().optional().catch(undefined);
const list = z.array(z.unknown()).catch([]);

/** One component, not looked into deeper than this: each of its children is read by itself. */
const component = z.looseObject({ type: z.number() });
const button = z.object({ label: text, url: text, emoji: z.object({ name: text }).optional().catch(undefined) });
const select = z.object({ placeholder: text, options: list });
const option = z.object({ label: text, description: text });
const described = z.object({ description: text, media: z.unknown().optional() });
const file = z.object({
  file: z.unknown().optional(),
  name: text,
  size: z.number().nonnegative().optional().catch(undefined),
});

/** Reads components of any generation, also those that Discord has yet to invent: what people see in them is looked for in all their parts. */
export function componentContent(components: readonly unknown[]): ComponentContent {
  const reader = new ComponentReader();
  for (const one of components) reader.read(one, 0);
  return reader;
}

class ComponentReader implements ComponentContent {
  readonly lines: string[] = [];
  readonly files: LinkedFile[] = [];
  #nodes = 0;
  #isCut = false;

  read(value: unknown, depth: number): void {
    const { data } = component.safeParse(value);
    if (!data) {
      this.#readUnknown(value, depth);
      return;
    }
    if (!this.#mayRead(depth)) return;
    switch (data.type) {
      case ComponentType.Button: {
        const { label, url, emoji } = button.parse(data);
        this.#say(joined(' ', 'Button:', withLink(joined(' ', emoji?.name, label), url)));
        return;
      }
      case ComponentType.StringSelect:
      case ComponentType.UserSelect:
      case ComponentType.RoleSelect:
      case ComponentType.MentionableSelect:
      case ComponentType.ChannelSelect: {
        const { placeholder, options } = select.parse(data);
        this.#say(joined(' ', 'Menu:', placeholder));
        for (const one of options.slice(0, MAX_NODES)) {
          const { label, description } = option.safeParse(one).data ?? {};
          if (label) this.#say(`- ${joined(': ', label, description)}`);
        }
        return;
      }
      case ComponentType.Thumbnail:
        this.#readMedia(data);
        return;
      case ComponentType.MediaGallery:
        for (const item of list.parse(data.items)) {
          if (this.#mayRead(depth + 1)) this.#readMedia(item);
        }
        return;
      case ComponentType.File: {
        const { file: media, name, size } = file.parse(data);
        this.#add(mediaFile(media, 'file', { ...(name && { name }), sizeBytes: size }));
        return;
      }
      case ComponentType.Separator:
        return;
      default:
        this.#readParts(data, depth);
    }
  }

  /** Rows, sections, containers, and what is not known: whatever in it is seen, in the order in which Discord sends it. */
  #readParts(parts: Readonly<Record<string, unknown>>, depth: number): void {
    // Discord sends the accessory of a section, which stands at its side, before or after its texts.
    const { accessory, ...others } = parts;
    for (const [key, part] of Object.entries({ ...others, accessory })) {
      if (SKIPPED_KEYS.has(key)) continue;
      if (typeof part === 'string') {
        if (TEXT_KEYS.has(key)) this.#say(part);
        else if (key === 'url') this.#add(mediaFile({ url: part }, 'link'));
      } else if (typeof part === 'object' && part !== null) this.#readUnknown(part, depth + 1);
    }
  }

  #readUnknown(value: unknown, depth: number): void {
    if (Array.isArray(value)) {
      if (!this.#mayRead(depth)) return;
      for (const one of value) {
        if (this.#isCut) return;
        this.read(one, depth + 1);
      }
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    if (component.safeParse(value).success) this.read(value, depth);
    else if (this.#mayRead(depth)) this.#readParts(value as Record<string, unknown>, depth);
  }

  #readMedia(value: unknown): void {
    const { description, media } = described.safeParse(value).data ?? { description: undefined, media: undefined };
    this.#add(mediaFile(media, 'image', { description }));
  }

  #mayRead(depth: number): boolean {
    this.#nodes += 1;
    if (this.#nodes <= MAX_NODES && depth <= MAX_DEPTH) return true;
    if (!this.#isCut) this.lines.push(REST);
    this.#isCut = true;
    return false;
  }

  #say(line: string): void {
    if (line.trim() !== '') this.lines.push(line);
  }

  #add(found: LinkedFile | undefined): void {
    if (found) this.files.push(found);
  }
}
