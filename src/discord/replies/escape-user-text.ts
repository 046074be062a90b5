import { truncateWithEllipsis } from './truncate.ts';

/** An address shows where it leads, and markdown in it does nothing: it stays one that can be pressed. */
const ADDRESS = /https?:\/\/[^\s<>*|`\\[\]]+/;
/** What Discord reads as markdown, mentions or dates anywhere in a line. */
const ANYWHERE = /[\\*_~|`[\]<]/;
/** What it reads as headings, small print, quotes or lists at the start of a line. */
const AT_START = /(?<=^[^\S\n]*)(?:[-+>#]|\d+(?=\.))/;

const MARKDOWN = new RegExp(`(${ADDRESS.source})|${AT_START.source}|${ANYWHERE.source}|@`, 'gm');

/**
 * Text of others, to be shown as text: markdown escaped, mentions taken apart, cut to a length. discord.js's own
 * escapeMarkdown leaves quotes, small print and all but one masked link of a line.
 * @param maxLength UTF-16 units before escaping, which at most doubles them.
 */
export function escapeUserText(text: string, maxLength: number): string {
  const cut = truncateWithEllipsis(text, maxLength);
  return cut.toWellFormed().replaceAll(MARKDOWN, (found, address: string | undefined) => {
    if (address !== undefined) return address;
    if (found === '@') return '@\u200b';
    return /\d/.test(found) ? `${found}\\` : `\\${found}`;
  });
}

/** What Discord reads as a mention of people. Other @ stay: a notice may name an email address. */
const MENTION_OF_PEOPLE = /(?<=<)@|@(?=everyone|here)/g;

/**
 * A moderator's own words to members, with their formatting: only mentions of people are taken apart.
 * @param maxLength UTF-16 units before that.
 */
export function withoutMentions(text: string, maxLength: number): string {
  return truncateWithEllipsis(text, maxLength).toWellFormed().replaceAll(MENTION_OF_PEOPLE, '@\u200b');
}
