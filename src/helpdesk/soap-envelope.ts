/** A SOAP envelope found in the bytes of an answer. */
export interface FoundEnvelope {
  readonly xml: string;
  /** False when the answer broke off and the missing end tags were added; its last elements may be missing. */
  readonly whole: boolean;
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
  if (end >= 0) return { xml: text.slice(start.index, end + endTag.length), whole: true };
  const xml = mend(text.slice(start.index));
  return xml === undefined ? undefined : { xml, whole: false };
}

/** The helpdesk labels UTF-8 as ISO-8859-1, so the bytes are asked and not the label. */
function decode(bytes: Uint8Array): string {
  try {
    // As a stream, so that a last character that was cut in half is left out instead of spoiling all others.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}

/**
 * Closes what is open in an envelope that broke off. Only what is certainly complete stays: an element whose text is
 * cut, such as half a ticket reference, is left out.
 * @returns undefined when what is there is no XML to close.
 */
function mend(cut: string): string | undefined {
  const open: { readonly name: string; readonly start: number; leaf: boolean }[] = [];
  let position = 0;
  while (true) {
    const tag = cut.indexOf('<', position);
    const tagEnd = tag < 0 ? -1 : cut.indexOf('>', tag);
    if (tag < 0 || tagEnd < 0) {
      const last = open.at(-1);
      if (!last) return undefined;
      if (!last.leaf) return close(cut.slice(0, position), open);
      // The text of an element is complete when its end tag has begun.
      const broken = tag < 0 ? '' : cut.slice(tag);
      if (broken.length > 1 && `</${last.name}>`.startsWith(broken)) return close(cut.slice(0, tag), open);
      return close(cut.slice(0, last.start), open.slice(0, -1));
    }
    const inside = cut.slice(tag + 1, tagEnd);
    position = tagEnd + 1;
    if (inside.startsWith('?')) continue;
    if (inside.startsWith('!')) return undefined;
    if (inside.startsWith('/')) {
      if (open.pop()?.name !== inside.slice(1).trimEnd()) return undefined;
      if (open.length === 0) return cut.slice(0, position);
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

function close(xml: string, open: readonly { readonly name: string }[]): string {
  return (
    xml +
    open
      .map(({ name }) => `</${name}>`)
      .toReversed()
      .join('')
  );
}
