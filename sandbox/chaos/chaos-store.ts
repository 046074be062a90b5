import { join } from 'node:path';
import { type Outage, programPath, startPostgres, startRedis } from '../store-servers.ts';

export const STORE_KINDS = ['sqlite', 'redis', 'postgres'] as const;
export type StoreKind = (typeof STORE_KINDS)[number];

/** Where the bots of a chaos run keep their records. */
export interface ChaosStore {
  /** STORAGE_URL. */
  readonly url: string;
  /** Lets it be away for so many milliseconds. A file is always there. */
  away(ms: number, how: Outage): Promise<void>;
  stop(): Promise<void>;
}

/** @returns Why this kind of store cannot be used here, or undefined. */
export function missingFor(kind: StoreKind): string | undefined {
  if (kind === 'redis' && !programPath('redis-server')) return 'Install redis-server: the run starts one of its own.';
  if (kind === 'postgres' && !programPath('initdb')) return 'Install postgresql: the run starts one of its own.';
  return undefined;
}

/** @param folder Where a file goes. */
export async function startChaosStore(kind: StoreKind, folder: string): Promise<ChaosStore> {
  switch (kind) {
    case 'sqlite':
      return { url: `sqlite:${join(folder, 'store.sqlite')}`, away: async () => {}, stop: async () => {} };
    case 'redis': {
      const server = await startRedis(['appendonly yes', 'appendfsync always']);
      return {
        url: `redis://127.0.0.1:${server.port}/0`,
        away: (ms, how) => server.away(ms, how),
        stop: () => server.stop(),
      };
    }
    case 'postgres': {
      const server = await startPostgres();
      return {
        url: `postgres://openticket@/postgres?host=${server.folder}&port=${server.port}`,
        away: (ms, how) => server.away(ms, how),
        stop: () => server.stop(),
      };
    }
  }
}
