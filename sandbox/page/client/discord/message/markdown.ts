/** A piece of a line. */
export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'bold' | 'italic' | 'underline' | 'strike' | 'spoiler'; readonly children: readonly Inline[] }
  | { readonly kind: 'link'; readonly url: string; readonly children: readonly Inline[] }
  | { readonly kind: 'mention' | 'channel'; readonly id: string }
  /** @see https://discord.com/developers/docs/reference#message-formatting — seconds since 1970 and one letter. */
  | { readonly kind: 'time'; readonly at: number; readonly style: string };

/** Lines that belong together. */
export type Block =
  | { readonly kind: 'paragraph'; readonly children: readonly Inline[] }
  | { readonly kind: 'heading'; readonly level: number; readonly children: readonly Inline[] }
  | { readonly kind: 'small'; readonly children: readonly Inline[] }
  | { readonly kind: 'item'; readonly mark: string; readonly children: readonly Inline[] }
  | { readonly kind: 'quote'; readonly children: readonly Block[] }
  | { readonly kind: 'code'; readonly text: string };

/** Reads Discord's markdown, as far as messages of bots use it. Never throws; what is no markup is text. */
export function parseMarkdown(source: string): Block[] {
  const blocks: Block[] = [];
  let rest = source.replaceAll('\r\n', '\n');
  while (rest !== '') {
    const code = /^```(?:[\w+-]*\n)?([\s\S]*?)\n?```\n?/.exec(rest);
    if (code?.[1]) {
      blocks.push({ kind: 'code', text: code[1] });
      rest = rest.slice(code[0].length);
      continue;
    }
    const quote = /^(?:> ?.*(?:\n|$))+/.exec(rest);
    if (quote?.[0].startsWith('> ')) {
      blocks.push({ kind: 'quote', children: parseMarkdown(quote[0].replace(/^> ?/gm, '').replace(/\n$/, '')) });
      rest = rest.slice(quote[0].length);
      continue;
    }
    const end = rest.indexOf('\n');
    const line = end < 0 ? rest : rest.slice(0, end);
    rest = end < 0 ? '' : rest.slice(end + 1);
    // A fence may begin in the middle of a line.
    const fence = line.indexOf('```');
    if (fence > 0 && rest.includes('```')) {
      rest = `${line.slice(fence)}\n${rest}`;
      addLine(blocks, line.slice(0, fence));
    } else addLine(blocks, line);
  }
  return blocks;
}

function addLine(blocks: Block[], line: string): void {
  const heading = /^(#{1,3}) +(.+)$/.exec(line);
  const small = /^-# +(.+)$/.exec(line);
  const item = /^( *)([-*]|\d{1,9}\.) +(.+)$/.exec(line);
  if (heading?.[1] && heading[2]) {
    blocks.push({ kind: 'heading', level: heading[1].length, children: parseInline(heading[2]) });
  } else if (small?.[1]) {
    blocks.push({ kind: 'small', children: parseInline(small[1]) });
  } else if (item?.[2] && item[3]) {
    blocks.push({ kind: 'item', mark: /\d/.test(item[2]) ? item[2] : '•', children: parseInline(item[3]) });
  } else {
    const before = blocks.at(-1);
    const children = parseInline(line);
    // Lines of one paragraph stay together, so that a blank line is seen as one.
    if (before?.kind === 'paragraph') {
      blocks.splice(-1, 1, {
        kind: 'paragraph',
        children: [...before.children, { kind: 'text', text: '\n' }, ...children],
      });
    } else blocks.push({ kind: 'paragraph', children });
  }
}

/** What can begin at a place in a line; the first that fits is taken. */
const RULES: readonly { readonly pattern: RegExp; read(match: RegExpExecArray): Inline }[] = [
  { pattern: /^\\([!-/:-@[-`{-~])/, read: ([, character = '']) => ({ kind: 'text', text: character }) },
  { pattern: /^``(.+?)``(?!`)/s, read: ([, text = '']) => ({ kind: 'code', text }) },
  { pattern: /^`([^`]+)`/, read: ([, text = '']) => ({ kind: 'code', text }) },
  { pattern: /^<@!?(\d{5,20})>/, read: ([, id = '']) => ({ kind: 'mention', id }) },
  { pattern: /^<#(\d{5,20})>/, read: ([, id = '']) => ({ kind: 'channel', id }) },
  {
    pattern: /^<t:(-?\d{1,13})(?::([tTdDfFR]))?>/,
    read: ([, at = '', style = 'f']) => ({ kind: 'time', at: Number(at), style }),
  },
  {
    pattern: /^\[([^\]\n]+)\]\(<?(https?:\/\/[^\s<>)]+)>?\)/,
    read: ([, label = '', url = '']) => ({ kind: 'link', url, children: parseInline(label) }),
  },
  {
    pattern: /^<?(https?:\/\/[^\s<>]*[^\s<>.,:;"'\]\\)])>?/,
    read: ([, url = '']) => ({ kind: 'link', url, children: [{ kind: 'text', text: url }] }),
  },
  { pattern: /^\*\*((?:\\.|[^\\])+?)\*\*(?!\*)/s, read: ([, text = '']) => spanned('bold', text) },
  { pattern: /^__((?:\\.|[^\\])+?)__(?!_)/s, read: ([, text = '']) => spanned('underline', text) },
  {
    pattern: /^\*((?:\\.|[^\\*\s])(?:(?:\\.|[^\\*])*?(?:\\.|[^\\*\s]))?)\*(?!\*)/s,
    read: ([, text = '']) => spanned('italic', text),
  },
  { pattern: /^_((?:\\.|[^\\_])+?)_(?![\w_])/s, read: ([, text = '']) => spanned('italic', text) },
  { pattern: /^~~((?:\\.|[^\\])+?)~~/s, read: ([, text = '']) => spanned('strike', text) },
  { pattern: /^\|\|((?:\\.|[^\\])+?)\|\|/s, read: ([, text = '']) => spanned('spoiler', text) },
];

function spanned(kind: 'bold' | 'italic' | 'underline' | 'strike' | 'spoiler', text: string): Inline {
  return { kind, children: parseInline(text) };
}

function parseInline(source: string): Inline[] {
  const parts: Inline[] = [];
  let plain = '';
  let rest = source;
  while (rest !== '') {
    const found = firstRule(rest);
    // An underscore within a word is none.
    const isWord = rest[0] === '_' && /\w$/.test(plain);
    if (found && !isWord) {
      if (found.part.kind === 'text') plain += found.part.text;
      else {
        if (plain !== '') parts.push({ kind: 'text', text: plain });
        plain = '';
        parts.push(found.part);
      }
      rest = rest.slice(found.length);
    } else {
      // Up to the next character with which anything could begin.
      const length = /^[^\\`<[*_~|h]+/.exec(rest)?.[0].length ?? 1;
      plain += rest.slice(0, length);
      rest = rest.slice(length);
    }
  }
  if (plain !== '') parts.push({ kind: 'text', text: plain });
  return parts;
}

function firstRule(text: string): { part: Inline; length: number } | undefined {
  for (const { pattern, read } of RULES) {
    const match = pattern.exec(text);
    if (match) return { part: read(match), length: match[0].length };
  }
  return undefined;
}
