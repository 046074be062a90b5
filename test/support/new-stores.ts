import { join } from 'node:path';
import pg from 'pg';
import { programPath, startPostgres, startRedis } from '../../sandbox/store-servers.ts';
import type { BackendKind } from '../../src/storage/backends/backend-kinds.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Whether the servers of all kinds of stores are installed on this machine. */
export const HAS_STORE_SERVERS = programPath('redis-server') !== undefined && programPath('initdb') !== undefined;

/** Servers of a test file of its own, and empty stores on them. */
export interface NewStores {
  /** Makes an empty store of a kind. @returns Its address. */
  make(kind: BackendKind): Promise<string>;
  stop(): Promise<void>;
}

/** Starts the servers that stores need. */
export async function startNewStores(): Promise<NewStores> {
  const [redis, postgres] = await Promise.all([startRedis(['databases 100']), startPostgres()]);
  let made = 0;
  const make = {
    sqlite: async () => `sqlite:${join(await temporaryFolder(), 'records.sqlite')}`,
    redis: async () => `redis://127.0.0.1:${redis.port}/${made}`,
    async postgres() {
      const name = `store_${made}`;
      const client = new pg.Client({
        host: postgres.folder,
        port: postgres.port,
        user: 'openticket',
        database: 'postgres',
      });
      await client.connect();
      await client.query(`CREATE DATABASE ${name}`);
      await client.end();
      return `postgres://openticket@${encodeURIComponent(postgres.folder)}:${postgres.port}/${name}`;
    },
  } satisfies Record<BackendKind, () => Promise<string>>;
  return {
    make(kind) {
      made += 1;
      return make[kind]();
    },
    async stop() {
      await Promise.all([redis.stop(), postgres.stop()]);
    },
  };
}
