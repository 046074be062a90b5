/**
 * The beginning of a text, at most `length` UTF-16 units: Discord counts so. Never ends with half of a character that
 * takes two of them, such as an emoji.
 */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, Math.max(0, length));
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}
