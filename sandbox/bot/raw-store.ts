import { connectSqlite } from '../../src/storage/backends/sqlite-driver.ts';

const TEXT = 'Since this morning I cannot reach it. '.repeat(14);

/** The limit for a SQLite file: the same durable transaction as `openTimedStore` makes, with nothing around it. */
export async function openRawStore(file: string) {
  const sqlite = await connectSqlite(file);
  sqlite.all('PRAGMA journal_mode = WAL');
  sqlite.all('PRAGMA locking_mode = EXCLUSIVE');
  sqlite.exec('PRAGMA synchronous = FULL; CREATE TABLE records (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID');
  let written = 0;

  const find = (key: string) => sqlite.all('SELECT value FROM records WHERE key = ?', key);
  const save = (key: string) =>
    sqlite.run(
      'INSERT INTO records VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      key,
      // Another one each time: SQLite writes and syncs nothing where a row stays as it is.
      JSON.stringify({ text: TEXT, written }),
    );
  function change(): void {
    written += 1;
    const keys = [`a${written % 1000}`, `b${written % 1000}`];
    sqlite.exec('BEGIN IMMEDIATE');
    for (const key of keys) find(key);
    for (const key of keys) save(key);
    sqlite.exec('COMMIT');
  }
  /** Microseconds of each. */
  function times(count: number, run: (index: number) => void): number[] {
    return Array.from({ length: count }, (_, index) => {
      const startedAt = performance.now();
      run(index);
      return (performance.now() - startedAt) * 1000;
    });
  }

  return {
    changes: async (count: number) => times(count, change),
    finds: async (count: number) => times(count, (index) => void find(`a${index % 1000}`)),
    change: async () => change(),
    close: async () => sqlite.close(),
  };
}
