import { existsSync } from 'node:fs';
import { StorageError } from '../record-store.ts';
import type { Backend, BackendOptions } from './backend.ts';
import { ADDRESS_PREFIXES, type BackendKind, backendKindOf } from './backend-kinds.ts';
import { loadClient } from './client-packages.ts';
import type { RecordSource } from './raw-records.ts';
import { createSqliteBackend } from './sqlite-backend.ts';
import { openSqliteFile, openSqliteMemory } from './sqlite-database.ts';
import { parseSqliteUrl, type SqliteLocation } from './sqlite-url.ts';

/**
 * Opens the backend that an address names, and makes its store where there is none.
 * @param onError Hears of lost connections.
 * @throws {StorageError}
 */
export async function openBackend(
  url: string,
  now: () => number,
  onError: (error: Error) => void,
  options: BackendOptions = {},
): Promise<Backend> {
  const kind = kindOf(url);
  switch (kind) {
    case 'sqlite':
      return openSqlite(url, now);
    case 'redis':
      return (await loadRedis()).openRedisBackend(url, onError, options);
    case 'postgres':
      return (await loadPostgres()).openPostgresBackend(url, now, onError);
  }
}

/** Opens the store that an address names for reading, also beside a bot that uses it. Makes none. @throws {StorageError} */
export async function openRecordSource(url: string): Promise<RecordSource> {
  const kind = kindOf(url);
  switch (kind) {
    case 'sqlite': {
      const location = locate(url);
      if (location.kind === 'memory') throw new StorageError('A store in memory is gone with its process.');
      return (await import('./sqlite-source.ts')).openSqliteSource(location.file);
    }
    case 'redis':
      return (await loadRedis()).openRedisSource(url);
    case 'postgres':
      return (await loadPostgres()).openPostgresSource(url);
  }
}

/** @returns The file of a SQLite store; undefined for other stores. @throws {StorageError} */
export function locateSqlite(url: string): string | undefined {
  const location = backendKindOf(url) === 'sqlite' ? locate(url) : undefined;
  return location?.kind === 'file' ? location.file : undefined;
}

// Whoever keeps records in a file neither loads these nor has to install what they need.
const loadRedis = () => loadClient('redis', () => import('./redis-backend.ts'));
const loadPostgres = () => loadClient('postgres', () => import('./postgres-backend.ts'));

function kindOf(url: string): BackendKind {
  const kind = backendKindOf(url);
  if (kind === undefined) throw new StorageError(`STORAGE_URL must start with ${ADDRESS_PREFIXES}.`);
  return kind;
}

async function openSqlite(url: string, now: () => number): Promise<Backend> {
  const location = locate(url);
  if (location.kind === 'memory') return createSqliteBackend(await openSqliteMemory(), 'sqlite in memory', now);
  const { file, existingFolder } = location;
  if (existingFolder !== undefined && !existsSync(existingFolder)) {
    throw new StorageError(
      `STORAGE_URL begins with three slashes, so its path begins at the root of the disk, and there is no ${existingFolder}. For a path in the working directory write sqlite:.${file}; otherwise create that folder.`,
    );
  }
  return createSqliteBackend(await openSqliteFile(file), `sqlite ${file}`, now);
}

/** @throws {StorageError} when the address can be read in several ways, or in none. */
function locate(url: string): Exclude<SqliteLocation, { kind: 'refused' }> {
  const location = parseSqliteUrl(url);
  if (location.kind === 'refused') throw new StorageError(`STORAGE_URL cannot be read. ${location.remedy}`);
  return location;
}
