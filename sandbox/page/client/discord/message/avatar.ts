import { html, type TemplateResult } from 'lit-html';

/** Number of colours in the style sheet. */
const COLOURS = 7;

/** The picture of somebody: an initial in a colour that is theirs. A bot has the icon of its app. */
export function avatar(name: string, isBot = false): TemplateResult {
  if (isBot) return appIcon(name);
  const sum = Array.from(name).reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  return html`<span class="avatar colour-${sum % COLOURS}" aria-hidden="true">${firstLetter(name)}</span>`;
}

/** The icon of an app, as its avatar, in the list of commands and above its forms. */
export function appIcon(name: string): TemplateResult {
  return html`<span class="avatar bot" aria-hidden="true">${firstLetter(name)}</span>`;
}

/** What a reader takes for one character, an emoji with its skin tone too. */
export function firstLetter(name: string): string {
  const [first] = new Intl.Segmenter().segment(name);
  return first?.segment.toUpperCase() ?? '';
}
