import { readPackage } from '../../version.ts';
import { StorageError } from '../record-store.ts';
import type { BackendKind } from './backend-kinds.ts';

/** What talks to each kind of store, and how one gets it where it is not installed for everybody. */
const CLIENTS: Record<BackendKind, { readonly records: string; readonly name: string; remedy(name: string): string }> =
  {
    sqlite: {
      records: 'Records in a file',
      name: 'libsql',
      remedy: () =>
        'Node.js has SQLite itself from 22.13 on: use a newer one, or run npm ci without --omit=optional, and start again.',
    },
    redis: { records: 'Records in Redis', name: '@keyv/redis', remedy: installCommand },
    postgres: { records: 'Records in PostgreSQL', name: 'pg', remedy: installCommand },
  };

/** The package that a STORAGE_URL needs is not installed. Nothing was opened. */
export class MissingClientError extends StorageError {
  override name = 'MissingClientError';
  readonly problem: string;
  readonly remedy: string;

  constructor(kind: BackendKind, cause: unknown) {
    const { records, name, remedy } = CLIENTS[kind];
    const problem = `${records} need the package ${name}, which is not installed. Nothing was opened or changed.`;
    super(`STORAGE_URL: ${problem} ${remedy(name)}`, { cause });
    this.problem = problem;
    this.remedy = remedy(name);
  }
}

/** Loads what talks to a kind of store. @throws {MissingClientError} when its package is not installed. */
export async function loadClient<T>(kind: BackendKind, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw isMissingPackage(cause) ? new MissingClientError(kind, cause) : cause;
  }
}

/** A package, or a part of one such as the binary of libsql for this system. A file of ours is named by its path. */
function isMissingPackage(cause: unknown): boolean {
  if (!(cause instanceof Error && 'code' in cause)) return false;
  if (cause.code !== 'ERR_MODULE_NOT_FOUND' && cause.code !== 'MODULE_NOT_FOUND') return false;
  return /^Cannot find (package|module) '[^./'][^:\\']*'/.test(cause.message);
}

/** package.json pins the version. --save-prod, as npm would otherwise leave out what it knows as a tool of development. */
function installCommand(name: string): string {
  const version = readPackage()?.peerDependencies?.[name];
  const named = version === undefined ? name : `${name}@${version}`;
  return `Run npm install --no-save --save-prod --omit=dev ${named} in the folder of the bot, and start again.`;
}
