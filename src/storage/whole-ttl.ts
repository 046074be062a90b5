import { StorageError } from './record-store.ts';

/**
 * A time to live as every backend takes it: whole milliseconds. keyv takes 0 for "for ever" and stores fractions as they are;
 * a time that is over must still be over. @throws {StorageError}
 */
export function wholeTtl(ttlMs: number | undefined): number | undefined {
  if (ttlMs === undefined) return undefined;
  if (!Number.isFinite(ttlMs)) throw new StorageError('A time to live must be a number of milliseconds.');
  return Math.max(1, Math.ceil(ttlMs));
}
