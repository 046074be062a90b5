import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const packageFile = z.object({ name: z.literal('discord-openticket'), version: z.string() });

/**
 * The version in the nearest package.json above this file: one folder up in src/, two in dist/src/.
 * @returns 'unknown' where the program was copied somewhere without it.
 */
export function readVersion(folder = import.meta.dirname): string {
  const path = join(folder, 'package.json');
  if (existsSync(path)) return packageFile.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data?.version ?? 'unknown';
  const parent = dirname(folder);
  return parent === folder ? 'unknown' : readVersion(parent);
}
