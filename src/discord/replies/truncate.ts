/** Made at the first use: its tables take a megabyte. */
let graphemes: Intl.Segmenter | undefined;

/**
 * The beginning of a text, at most `length` UTF-16 units: Discord counts so. Ends between two graphemes, what a reader takes
 * for one character: never inside an emoji with a skin tone, a family, a flag or a letter with its accents. One that is
 * longer than all the room, such as a letter under a thousand accents, is cut between its code points.
 */
export function truncate(text: string, length: number): string {
  if (text.length <= length) return text;
  graphemes ??= new Intl.Segmenter('und', { granularity: 'grapheme' });
  const end = graphemes.segment(text).containing(Math.max(0, length))?.index ?? 0;
  if (end > 0) return text.slice(0, end);
  const cut = text.slice(0, Math.max(0, length));
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}

/** A text of at most `length` UTF-16 units, of which an ellipsis shows that there was more. */
export function truncateWithEllipsis(text: string, length: number): string {
  return text.length > length ? `${truncate(text, length - 1)}…` : text;
}
