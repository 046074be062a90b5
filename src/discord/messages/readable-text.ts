/** One kind of line break, as bots may send any, and no half characters. */
export function readableText(text: string): string {
  return text.replace(/\r\n?|[\u2028\u2029]/g, '\n').toWellFormed();
}

/** What is there, joined. */
export function joined(separator: string, ...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part.trim() !== '').join(separator);
}

/** A name and where it leads. */
export function withLink(name: string | undefined, url: string | undefined): string {
  if (!name) return url ?? '';
  return url ? `${name} (${url})` : name;
}
