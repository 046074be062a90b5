import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Benchmark } from './benchmark.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      dev: z.boolean().optional(),
      devOptional: z.boolean().optional(),
      dependencies: z.record(z.string(), z.string()).optional(),
      optionalDependencies: z.record(z.string(), z.string()).optional(),
      /** A folder of this repository, to which node_modules/ links. */
      link: z.boolean().optional(),
      resolved: z.string().optional(),
    }),
  ),
});
type Packages = z.infer<typeof lockSchema>['packages'];

/** Shows what an operator has to install, by the lock file and what stands in node_modules/. Needs no network. */
export const installBenchmark: Benchmark = {
  says: 'size and packages of a production installation, beside one of discord.js and soap alone',
  async run() {
    const lock = lockSchema.parse(JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')));
    const production = productionOf(lock.packages);
    const onlyOlder = new Set(closureOf(lock.packages, ['sqlite-for-older-node']));
    const found = {
      bot: await measure(production.filter((path) => !onlyOlder.has(path))),
      older: await measure(production),
      soap: await measure(closureOf(lock.packages, ['discord.js', 'soap'])),
    };
    const values = (of: 'megabytes' | 'packages') => ({
      soap: found.soap[of],
      bot: found.bot[of],
      // A newer Node did not install it.
      ...(found.older.packages > found.bot.packages && { older: found.older[of] }),
    });
    return [
      {
        id: 'install',
        title: 'What is installed',
        columns: [
          { id: 'soap', name: 'discord.js + `soap`' },
          { id: 'bot', name: 'the bot' },
          { id: 'older', name: 'the bot, where Node has no SQLite (before 22.13)' },
        ],
        rows: [
          { id: 'size', name: 'size', unit: 'MB', values: values('megabytes') },
          { id: 'packages', name: 'packages', unit: '', values: values('packages') },
        ],
      },
    ];
  },
};

/** The folders of what is installed without development dependencies. @param packages As they stand in the lock file. */
export function productionOf(packages: Packages): string[] {
  return Object.entries(packages).flatMap(([path, { dev, devOptional }]) =>
    path === '' || dev || devOptional || !path.startsWith('node_modules/') ? [] : [path],
  );
}

/** The folders of some packages and of everything that they need, found as Node finds them. */
export function closureOf(packages: Packages, names: readonly string[]): string[] {
  const found = new Set<string>();
  const visit = (name: string, from: string) => {
    const path = resolve(packages, name, from);
    if (path === undefined || found.has(path)) return;
    found.add(path);
    const { dependencies, optionalDependencies } = linked(packages, path) ?? {};
    for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) visit(needed, path);
  };
  for (const name of names) visit(name, '');
  return [...found];
}

function linked(packages: Packages, path: string): Packages[string] | undefined {
  const found = packages[path];
  return found?.link && found.resolved !== undefined ? packages[found.resolved] : found;
}

/** Looks in the folder of who asks, then one level higher, and so on. */
function resolve(packages: Packages, name: string, from: string): string | undefined {
  for (let folder: string | undefined = from; folder !== undefined; folder = parentOf(folder)) {
    const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (packages[path]) return path;
  }
  return undefined;
}

function parentOf(folder: string): string | undefined {
  if (folder === '') return undefined;
  return folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')));
}

/** What of it is installed here: packages for other systems are not. Sizes as `du` counts them. */
async function measure(folders: readonly string[]): Promise<{ megabytes: number; packages: number }> {
  let bytes = 0;
  let packages = 0;
  for (const folder of folders) {
    const size = await sizeOf(join(ROOT, folder), true);
    bytes += size;
    if (size > 0) packages += 1;
  }
  return { megabytes: bytes / 1024 / 1024, packages };
}

/** What stands in a nested node_modules/ is a package of its own. */
async function sizeOf(path: string, isTop: boolean): Promise<number> {
  const entry = await lstat(path).catch(() => undefined);
  if (!entry) return 0;
  const own = entry.blocks * 512;
  if (!entry.isDirectory()) return own;
  const names = (await readdir(path)).filter((name) => !(isTop && name === 'node_modules'));
  const sizes = await Promise.all(names.map((name) => sizeOf(join(path, name), false)));
  return sizes.reduce((sum, size) => sum + size, own);
}
