import { escapeMarkdown } from 'discord.js';
import { cutText } from './cut-text.ts';

/**
 * Text of others, to be shown as text: markdown escaped, mentions and links taken apart, cut to a length.
 * @param maxLength UTF-16 units before escaping.
 */
export function foreignText(text: string, maxLength: number): string {
  const cut = text.length > maxLength ? `${cutText(text, maxLength - 1)}…` : text;
  return escapeMarkdown(cut.toWellFormed(), {
    heading: true,
    bulletedList: true,
    numberedList: true,
    maskedLink: true,
  })
    .replaceAll('<', '\\<')
    .replaceAll('@', '@\u200b');
}
