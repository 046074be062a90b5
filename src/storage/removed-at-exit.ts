import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';

/**
 * Sees to it that a file or folder goes, at the latest when the process ends, also by Ctrl+C: it holds what a store holds.
 * @returns What removes it now.
 */
export function removedAtExit(path: string): () => Promise<void> {
  const remove = () => rmSync(path, { recursive: true, force: true });
  process.once('exit', remove);
  return async () => {
    process.off('exit', remove);
    await rm(path, { recursive: true, force: true });
  };
}
