import { isUtf8 } from 'node:buffer';

/** A SOAP envelope found in the bytes of an answer. */
export interface FoundEnvelope {
  readonly xml: string;
  /** False when the answer broke off and the missing end tags were added; its last elements may be missing. */
  readonly whole: boolean;
  /** The names, without prefix, of the elements whose end did not arrive, outermost first. What they hold may be incomplete. */
  readonly unfinished: readonly string[];
}

/** A prefix of an ordinary length keeps the search linear. */
const ENVELOPE_START = /<((?:[A-Za-z_][\w.-]{0,63}:)?Envelope)(?=[\s>])/;

/**
 * Finds the SOAP envelope in an answer, whatever stands around it: PHP prints its warnings before, and the announced
 * length can cut the end off. Takes time in proportion to the length, unlike the search in `soap`.
 * @returns undefined when there is none.
 */
export function findEnvelope(answer: Uint8Array): FoundEnvelope | undefined {
  const text = decode(answer);
  const start = ENVELOPE_START.exec(text);
  const name = start?.[1];
  if (!start || !name) return undefined;
  const endTag = `</${name}>`;
  const end = text.indexOf(endTag, start.index);
  if (end >= 0) return { xml: text.slice(start.index, end + endTag.length), whole: true, unfinished: [] };
  const mended = mend(text.slice(start.index));
  return mended && { ...mended, whole: false };
}

/** The helpdesk labels UTF-8 as ISO-8859-1, so the bytes are asked and not the label. */
function decode(bytes: Uint8Array): string {
  // All but always. Making a decoder takes longer than the rest.
  if (isUtf8(bytes)) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  try {
    // As a stream, so that a last character that was cut in half is left out instead of spoiling all others.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return textsOf(Buffer.from(bytes))
      .map((text) => text.toString(isUtf8(text) ? 'utf8' : 'latin1'))
      .join('');
  }
}

/** Of many posts one may have been stored in another encoding. That must not spoil the others, so each text is asked by itself. */
function textsOf(bytes: Buffer): Buffer[] {
  const texts: Buffer[] = [];
  let start = 0;
  while (start < bytes.length) {
    const tag = bytes.indexOf('<', start + 1);
    const end = tag < 0 ? bytes.length : tag;
    texts.push(bytes.subarray(start, end));
    start = end;
  }
  return texts;
}

/**
 * Closes what is open in an envelope that broke off. Only what is certainly complete stays: an element whose text is
 * cut, such as half a ticket reference, is left out.
 * @returns undefined when what is there is no XML to close.
 */
function mend(cut: string): Pick<FoundEnvelope, 'xml' | 'unfinished'> | undefined {
  const open: { readonly name: string; readonly start: number; leaf: boolean }[] = [];
  let position = 0;
  while (true) {
    const tag = cut.indexOf('<', position);
    const tagEnd = tag < 0 ? -1 : cut.indexOf('>', tag);
    if (tag < 0 || tagEnd < 0) {
      const last = open.at(-1);
      if (!last) return undefined;
      // The content of an element is complete when its end tag has begun.
      const broken = tag < 0 ? '' : cut.slice(tag);
      const isComplete = broken.length > 1 && `</${last.name}>`.startsWith(broken);
      const kept = last.leaf && !isComplete ? open.slice(0, -1) : open;
      const end = kept === open ? (last.leaf ? tag : position) : last.start;
      return {
        xml: close(cut.slice(0, end), kept),
        unfinished: (isComplete ? open.slice(0, -1) : open).map(localName),
      };
    }
    const inside = cut.slice(tag + 1, tagEnd);
    position = tagEnd + 1;
    if (inside.startsWith('?')) continue;
    if (inside.startsWith('!')) return undefined;
    if (inside.startsWith('/')) {
      if (open.pop()?.name !== inside.slice(1).trimEnd()) return undefined;
      if (open.length === 0) return { xml: cut.slice(0, position), unfinished: [] };
      continue;
    }
    const parent = open.at(-1);
    if (parent) parent.leaf = false;
    if (inside.endsWith('/')) continue;
    const name = /^[^\s/]+/.exec(inside)?.[0];
    if (!name) return undefined;
    open.push({ name, start: tag, leaf: true });
  }
}

function localName({ name }: { readonly name: string }): string {
  return name.slice(name.indexOf(':') + 1);
}

function close(xml: string, open: readonly { readonly name: string }[]): string {
  return (
    xml +
    open
      .map(({ name }) => `</${name}>`)
      .toReversed()
      .join('')
  );
}
