import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const packageFile = z.object({
  name: z.literal('discord-openticket'),
  version: z.string(),
  peerDependencies: z.record(z.string(), z.string()).optional(),
});

/**
 * What is read of the nearest package.json above this file: one folder up in src/, two in dist/src/.
 * @returns undefined where the program was copied somewhere without it.
 */
export function readPackage(folder = import.meta.dirname): z.infer<typeof packageFile> | undefined {
  const path = join(folder, 'package.json');
  if (existsSync(path)) return packageFile.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  const parent = dirname(folder);
  return parent === folder ? undefined : readPackage(parent);
}

/** @returns 'unknown' where the program was copied somewhere without its package.json. */
export function readVersion(): string {
  return readPackage()?.version ?? 'unknown';
}
