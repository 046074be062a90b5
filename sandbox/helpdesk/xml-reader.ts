/** One element: its name without prefix, its attributes as written, and either children or text. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

/** The document is not well-formed; `message` says where, in the manner of PHP's parser. */
class XmlError extends Error {
  override name = 'XmlError';
}

const NAME = /[A-Za-z_][\w.:-]*/y;
const ATTRIBUTE = /\s+([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const TAG_END = /\s*(\/?)>/y;
const REFERENCE = /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));/y;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * Reads a document as strictly as the parser of PHP does: unknown entities, characters that XML 1.0 forbids, `]]>` in a
 * text and tags that do not match are errors. It knows no DOCTYPE.
 * @throws {XmlError}
 */
export function readXml(document: string): XmlElement {
  // A parser hands on every line end as \n, unless it is written as a reference.
  const xml = document.replace(/\r\n?/g, '\n');
  let at = 0;
  const open: XmlElement[] = [];
  let root: XmlElement | undefined;

  function fail(message: string): never {
    throw new XmlError(`${message} at line ${xml.slice(0, at).split('\n').length}`);
  }
  function match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = at;
    const found = pattern.exec(xml) ?? undefined;
    if (found) at = pattern.lastIndex;
    return found;
  }
  function skipTo(end: string): string {
    const found = xml.indexOf(end, at);
    if (found < 0) fail(`no ${end}`);
    const inside = xml.slice(at, found);
    at = found + end.length;
    return inside;
  }
  function resolve(raw: string): string {
    if (!raw.includes('&')) return legal(raw);
    return raw.replace(/&[^;]{0,12};?/g, (reference) => {
      REFERENCE.lastIndex = 0;
      const [whole, named, decimal, hex] = REFERENCE.exec(reference) ?? [];
      if (whole !== reference) fail('undefined entity');
      if (named) return NAMED[named] ?? '';
      const point = decimal ? Number.parseInt(decimal, 10) : Number.parseInt(hex ?? '', 16);
      if (point > 0x10ffff) fail('reference to invalid character number');
      return legal(String.fromCodePoint(point));
    });
  }
  function legal(text: string): string {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
    if (/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Cs}/u.test(text)) fail('invalid character');
    return text;
  }
  function add(text: string): void {
    const parent = open.at(-1);
    if (parent) parent.text += text;
    else if (text.trim() !== '') fail('text outside of the root element');
  }

  while (at < xml.length) {
    if (xml[at] !== '<') {
      const next = xml.indexOf('<', at);
      const raw = xml.slice(at, next < 0 ? undefined : next);
      if (raw.includes(']]>')) fail('not well-formed (]]> in text)');
      add(resolve(raw));
      at += raw.length;
    } else if (xml.startsWith('<![CDATA[', at)) {
      at += 9;
      add(legal(skipTo(']]>')));
    } else if (xml.startsWith('<!--', at)) {
      at += 4;
      skipTo('-->');
    } else if (xml.startsWith('<?', at)) {
      if (xml.startsWith('<?xml ', at) && at > 0) fail('XML declaration not at the start');
      at += 2;
      skipTo('?>');
    } else if (xml.startsWith('</', at)) {
      at += 2;
      const name = match(NAME)?.[0];
      if (!name || !match(TAG_END)) fail('not well-formed');
      if (open.pop()?.name !== localName(name)) fail('mismatched tag');
    } else {
      at += 1;
      const name = match(NAME)?.[0] ?? fail('not well-formed');
      const attributes: Record<string, string> = {};
      for (let found = match(ATTRIBUTE); found; found = match(ATTRIBUTE)) {
        const [, key = '', double, single] = found;
        if (key in attributes) fail('duplicate attribute');
        attributes[key] = resolve(double ?? single ?? '');
      }
      const tagEnd = match(TAG_END) ?? fail('not well-formed');
      const element: XmlElement = { name: localName(name), attributes, children: [], text: '' };
      const parent = open.at(-1);
      if (parent) parent.children.push(element);
      else if (root) fail('junk after document element');
      else root = element;
      if (tagEnd[1] !== '/') open.push(element);
    }
  }
  if (open.length > 0) fail('no element end');
  return root ?? fail('no element found');
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
