/**
 * What the bot keeps of one ticket, with bare SQLite: the same reads and the same four durable commits, of records of the same
 * size. It parses what it reads and checks none of it. So it shows what the promises cost on this machine at the very least.
 */
const { STORAGE_URL = '' } = process.env;
const Database = process.getBuiltinModule?.('node:sqlite')?.DatabaseSync ?? (await import('libsql')).default;

const DAY_MS = 24 * 3_600_000;
const READS_AT_COMMAND = [['people'], ['links', 'pauses', 'blocks', 'person-uses', 'server-uses'], ['drafts']];
const READS_BEFORE_CALL = ['links', 'pauses', 'blocks'];

export function createKeptTickets() {
  const database = new Database(STORAGE_URL.replace('sqlite:', ''));
  // As the bot's own file: nothing that was deleted stays readable.
  for (const pragma of ['journal_mode = WAL', 'locking_mode = EXCLUSIVE', 'secure_delete = ON'])
    database.prepare(`PRAGMA ${pragma}`).all();
  database.exec(`
    PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS records (
      namespace TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, expires INTEGER, PRIMARY KEY (namespace, key)
    );
    CREATE INDEX IF NOT EXISTS records_by_expiry ON records (expires) WHERE expires IS NOT NULL;
  `);
  const selects = new Map();
  const save = database.prepare(
    'INSERT INTO records VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value, expires = excluded.expires',
  );
  const change = database.prepare('UPDATE records SET value = ? WHERE namespace = ? AND key = ?');
  const remove = database.prepare('DELETE FROM records WHERE namespace = ? AND key = ?');

  function read(namespaces, key) {
    const sql = `SELECT value FROM records WHERE ${namespaces.map(() => 'namespace = ? AND key = ?').join(' OR ')}`;
    const select = selects.get(sql) ?? database.prepare(sql);
    selects.set(sql, select);
    return select.all(...namespaces.flatMap((namespace) => [namespace, key])).map(({ value }) => JSON.parse(value));
  }
  function commit(namespaces, key, write) {
    database.exec('BEGIN IMMEDIATE');
    read(namespaces, key);
    write();
    database.exec('COMMIT');
  }

  return {
    atCommand: (userId) => READS_AT_COMMAND.map((namespaces) => read(namespaces, userId)),
    /** A text has arrived. */
    received(userId, text) {
      commit(['drafts', 'people', 'open'], userId, () => {
        save.run('drafts', userId, JSON.stringify({ userId, text, place: 'x'.repeat(500) }), Date.now() + DAY_MS);
        save.run('people', userId, person('received'), Date.now() + 30 * DAY_MS);
        save.run('open', userId, JSON.stringify({ userId, open: true }), null);
      });
    },
    /** It is about to be sent. */
    sending(userId) {
      read(READS_BEFORE_CALL, userId);
      commit(['links', 'pauses', 'blocks', 'person-uses', 'server-uses', 'people', 'open'], userId, () => {
        save.run('person-uses', userId, JSON.stringify({ userId, uses: [Date.now()] }), Date.now() + DAY_MS);
        save.run('server-uses', 'all', JSON.stringify({ uses: [Date.now(), 1] }), Date.now() + DAY_MS);
        change.run(person('sending'), 'people', userId);
      });
    },
    /** The helpdesk has answered. */
    opened(userId, reference) {
      commit(['drafts', 'links', 'person-uses', 'server-uses', 'tickets', 'watched', 'people', 'open'], userId, () => {
        remove.run('drafts', userId);
        const ticket = JSON.stringify({ userId, reference, subject: 'x'.repeat(150) });
        save.run('tickets', userId, ticket, Date.now() + 30 * DAY_MS);
        change.run(person(reference), 'people', userId);
      });
    },
    /** Its person has read so. */
    told(userId) {
      commit(['people', 'open'], userId, () => {
        change.run(person('told'), 'people', userId);
        remove.run('open', userId);
      });
    },
  };
}

/** As long as the bot's record of a person with one ticket. */
const person = (stage) => JSON.stringify({ stage, at: Date.now(), more: 'x'.repeat(580) });
