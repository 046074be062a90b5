/** Commands of a document, as they stand there. */
export interface CommandBlock {
  /** The heading above it. */
  readonly section: string;
  readonly commands: string;
  /** What the document says that they print; undefined where it shows nothing. … stands for anything. */
  readonly expected: string | undefined;
}

const FENCE = /^( *)```(\w*)\n([\s\S]*?)^\1```$/gm;

/** The blocks in sh of a Markdown text, in order. A block in text that follows one directly is what it prints. */
export function commandBlocks(markdown: string): CommandBlock[] {
  const blocks: CommandBlock[] = [];
  let previous: { end: number; block: { -readonly [K in keyof CommandBlock]: CommandBlock[K] } } | undefined;
  for (const { index, 0: whole, 1: indent = '', 2: language, 3: content = '' } of markdown.matchAll(FENCE)) {
    const text = content.replace(new RegExp(`^${indent}`, 'gm'), '');
    if (language === 'sh') {
      const section = [...markdown.slice(0, index).matchAll(/^#+ (.*)$/gm)].at(-1)?.[1] ?? '';
      const block = { section, commands: text, expected: undefined };
      blocks.push(block);
      previous = { end: index + whole.length, block };
    } else if (language === 'text' && previous && markdown.slice(previous.end, index).trim() === '') {
      previous.block.expected = text.trimEnd();
    }
  }
  return blocks;
}

/** Whether a text is what a document shows: … stands for anything, also for several lines. */
export function matchesShown(said: string, shown: string): boolean {
  const parts = shown.split('…').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('[\\s\\S]*')}$`).test(said.trimEnd());
}

/** What is shown with a ✗ in it ends with a failure; everything else ends well. */
export function isShownToFail({ expected }: CommandBlock): boolean {
  return expected?.includes('✗') ?? false;
}
