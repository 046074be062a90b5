/** Most characters of a post that are looked at. A post can be of any length, and a person reads the beginning. */
const MOST_CHARACTERS = 20_000;

/** A closing tag or a line break: a plain text that speaks of `a < b` has neither. */
const IS_HTML = /<\/[a-z][a-z0-9]*\s*>|<br\s*\/?>/i;

/** Texts as a person wrote them, from what the helpdesk gives: plain text, HTML, or text with entities. */
export interface PostTexts {
  /** The text of a post for a person to read, with its line ends. */
  readable(contents: string): string;
  /** The same for comparing: two posts with one text differ in entities, line ends and blanks at most. */
  folded(contents: string): string;
}

/** Loads what reads HTML. It is needed once somebody looks at a ticket. */
export async function loadPostTexts(): Promise<PostTexts> {
  const { compile } = await import('html-to-text');
  const convert = compile({
    wordwrap: false,
    preserveNewlines: true,
    limits: { maxInputLength: MOST_CHARACTERS, maxDepth: 30, ellipsis: '…' },
    selectors: [
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true } },
      { selector: 'img', format: 'skip' },
    ],
  });
  const readable = (contents: string) => {
    const text = contents.slice(0, MOST_CHARACTERS);
    // The line ends of HTML mean nothing; those of a plain text are the writer's.
    if (IS_HTML.test(text)) return convert(text.replace(/\r?\n/g, ' ')).trim();
    return convert(text.replaceAll('<', '&lt;')).trim();
  };
  return {
    readable,
    folded(contents) {
      let text = contents;
      // What was escaped on the way in and again on the way out.
      for (let depth = 0; depth < 3; depth += 1) {
        const read = readable(text);
        if (read === text) break;
        text = read;
      }
      return text.normalize('NFC').replace(/\s+/gu, ' ').trim();
    },
  };
}
