/** What XML 1.0 forbids, even as a character reference; with the `u` flag `\p{Cs}` is a surrogate without its half. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const ILLEGAL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Cs}/gu;

/**
 * Stands before each text while `soap` handles it, as `soap` sends a text that starts with `<![CDATA[` and ends with
 * `]]>` unescaped. It is a character that XML forbids, so no text that went through `protectText` has another one.
 */
const MARK = '\u0001';

/** Makes a text safe to hand to `soap`: illegal characters become U+FFFD, and whatever it looks like it is escaped. */
export function protectText(text: string): string {
  return MARK + text.replace(ILLEGAL, '\uFFFD');
}

/** Takes the marks of `protectText` out of the finished request: what is left is the text, escaped and nothing else. */
export function removeMarks(xml: string): string {
  return xml.replaceAll(MARK, '');
}
