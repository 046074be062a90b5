import { createHmac } from 'node:crypto';
import type { HelpdeskPost } from '../helpdesk-ticket.ts';

/** Most characters of a post that a person can see: they read the beginning. */
const MOST_READ = 20_000;
/** Most characters of a post that are compared. A text of ours has 4,000, each of which may stand there as `&#26085;`. */
const MOST_COMPARED = 100_000;

/** Tags that mail programs write. Others are the writer's own: a piece of a configuration, say. */
const MAIL_TAGS = 'p|div|br|span|table|tbody|tr|td|blockquote|a|ul|ol|li|b|i|strong|em|font|html|body|img|hr|h[1-6]';
const IS_HTML = new RegExp(`</(?:${MAIL_TAGS})\\s*>|<br\\s*/?>`, 'i');
const OTHER_TAG = new RegExp(`<(?!/?(?:${MAIL_TAGS})\\b)`, 'gi');

/** Where a mail begins to quote the one before it. */
const QUOTE_BEGINS = /^(?:>|-{2,}.*(?:original|forwarded|weitergeleitete).*-{2,}$|_{10,}$|(?:From|Von|De|Da): .*@)/i;
/** What stands above a quote: "On Friday Sam wrote:", in whatever language. */
const QUOTE_HEAD = /:\s*$/;

/** What is done with the texts of posts, which the helpdesk gives as plain text, HTML, or text with entities. */
export interface PostTexts {
  /** The text of a post for a person to read, with its line ends. */
  readable(contents: string): string;
  /** The same of a post of theirs: what it quotes is somebody else's and stays out. */
  withoutQuotes(contents: string): string;
  /** Keyed digest of a text as it was typed. Undefined where nothing of it could be recognized again. */
  wordsOf(typed: string): string | undefined;
  /** Whether a post says what has these words. Entities, line ends and blanks make no difference. */
  says(contents: string, words: string): boolean;
  /** Keyed digest of somebody else's post, without its time. */
  digestOf(post: HelpdeskPost): string;
}

/** Loads what reads HTML. It is needed once somebody looks at a ticket. */
export async function loadPostTexts(digestKey: Buffer): Promise<PostTexts> {
  const { compile } = await import('html-to-text');
  const convert = compile({
    wordwrap: false,
    preserveNewlines: true,
    limits: { maxDepth: 30, ellipsis: '…' },
    selectors: [
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true } },
      { selector: 'img', format: 'skip' },
    ],
  });
  const decoded = (text: string) => convert(text.replaceAll('<', '&lt;'));
  // The line ends of HTML mean nothing; those of a plain text are the writer's.
  const converted = (text: string) => convert(text.replace(/\r?\n/g, ' ').replace(OTHER_TAG, '&lt;'));
  const digest = (kind: string, ...parts: readonly string[]) =>
    createHmac('sha256', digestKey)
      .update(JSON.stringify([kind, ...parts]))
      .digest('base64url');
  const wordsOf = (typed: string) => {
    const text = comparable(typed);
    return text === '' ? undefined : digest('own-post', text);
  };
  const readable = (contents: string) => {
    const text = contents.slice(0, MOST_READ);
    const read = IS_HTML.test(text) ? converted(text) : decoded(text);
    return read.replace(/\n{3,}/g, '\n\n').trim();
  };
  return {
    readable,
    withoutQuotes: (contents) => beforeQuote(readable(contents)),
    wordsOf,
    says(contents, words) {
      const text = contents.slice(0, MOST_COMPARED);
      // As it is; without what was escaped on the way in or out, or both; as a mail program shows it.
      const once = decoded(text);
      const readings = [text, once, decoded(once), ...(IS_HTML.test(text) ? [converted(text)] : [])];
      return readings.some((reading) => wordsOf(reading) === words);
    },
    digestOf: ({ email, contents }) =>
      digest('post', email.trim().toLowerCase(), comparable(contents.slice(0, MOST_COMPARED))).slice(0, 12),
  };
}

/** A text without what is lost or changed on its way: blanks, line ends, and characters that XML cannot carry. */
function comparable(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cs}\p{Cn}\uFFFD\s]+/gu, ' ')
    .trim();
}

function beforeQuote(text: string): string {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => QUOTE_BEGINS.test(line.trimStart()));
  if (at < 0) return text;
  let end = at;
  while (end > 0 && (lines[end - 1] ?? '').trim() === '') end -= 1;
  // The line that says whose words follow names them, mostly with their address. It can be broken into two.
  if (end > 0 && QUOTE_HEAD.test(lines[end - 1] ?? '')) {
    end -= 1;
    if (end > 0 && /@|^On\b/.test(lines[end - 1] ?? '')) end -= 1;
  }
  return `${lines.slice(0, end).join('\n').trimEnd()}\n[…]`.trimStart();
}
