import { html, type TemplateResult } from 'lit-html';

/** Number of colours in the style sheet. */
const COLOURS = 7;

/** The picture of somebody: an initial in a colour that is theirs. */
export function avatar(name: string, isBot = false): TemplateResult {
  const sum = Array.from(name).reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  const colour = isBot ? 'bot' : `colour-${sum % COLOURS}`;
  return html`<span class="avatar ${colour}" aria-hidden="true">${firstLetter(name)}</span>`;
}

/** What a reader takes for one character, an emoji with its skin tone too. */
function firstLetter(name: string): string {
  const [first] = new Intl.Segmenter().segment(name);
  return first?.segment.toUpperCase() ?? '';
}
