import { SaxesParser } from 'saxes';

/** One element: its name without prefix, its attributes as written, and either children or text. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

/**
 * Reads a document as strictly as the parser of PHP does: unknown entities, characters that XML 1.0 forbids, `]]>` in a
 * text and tags that do not match are errors.
 * @throws {Error} that says where it is not well-formed.
 */
export function readXml(document: string): XmlElement {
  const open: XmlElement[] = [];
  let root: XmlElement | undefined;
  const parser = new SaxesParser();
  const addText = (text: string) => {
    const parent = open.at(-1);
    if (parent) parent.text += text;
  };
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element: XmlElement = { name: localName(name), attributes, children: [], text: '' };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on('closetag', () => void open.pop());
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(document).close();
  if (!root) throw new Error('no element found');
  return root;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
