import { truncateWithEllipsis } from './replies/truncate.ts';

/** Characters of a name. Servers and channels may have 100, webhooks 80. */
const NAME_LENGTH = 100;

/** A name of Discord's on one line, however strange. @returns undefined when nothing is left of it. */
export function readableName(name: string): string | undefined {
  return truncateWithEllipsis(name.toWellFormed().replace(/\s+/g, ' ').trim(), NAME_LENGTH) || undefined;
}
