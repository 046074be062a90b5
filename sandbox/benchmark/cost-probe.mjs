// Loaded into a bot before its own code (node --import): counts what its work costs, below everything that the bot itself
// knows of. It stands at the SQLite drivers, so that it counts the same whatever the storage above them looks like.
import { subscribe } from 'node:diagnostics_channel';

/** Looks, and milliseconds between two of them, without a statement, a new request or one under way, until the bot is at rest. */
const QUIET_LOOKS = 3;
const LOOK_MS = 20;
const READS_RECORDS = /^\s*(SELECT|WITH)\b.*\brecords\b/is;
const CALLBACK = /\/interactions\/\d+\/[^/]+\/callback/;

const counts = {
  /** Statements that read records. */
  reads: 0,
  /** Records that they returned. */
  rows: 0,
  /** Transactions that changed something, and statements that did so outside of one: each is durable when it is over. */
  commits: 0,
  /** Transactions that changed nothing: SQLite writes nothing for them. */
  emptyCommits: 0,
  /** Requests to Discord. */
  requests: 0,
  /** `commits` when the last first answer to an interaction was handed to the network. */
  commitsAtCallback: 0,
};
let statements = 0;
const requestsUnderWay = new Set();
let isInTransaction = false;
let changed = 0;

function noteChanges(count) {
  changed += count;
  if (!isInTransaction) endTransaction();
}

function endTransaction() {
  if (changed > 0) counts.commits += 1;
  else if (isInTransaction) counts.emptyCommits += 1;
  changed = 0;
  isInTransaction = false;
}

const builtIn = process.getBuiltinModule?.('node:sqlite');
const Database = builtIn?.DatabaseSync ?? (await import('libsql')).default;
const { exec, prepare } = Database.prototype;

Database.prototype.exec = function (sql) {
  statements += 1;
  const result = exec.call(this, sql);
  if (/^\s*BEGIN\b[^;]*$/i.test(sql)) isInTransaction = true;
  else if (/^\s*(COMMIT|END)\b/i.test(sql)) endTransaction();
  else if (/^\s*ROLLBACK\b/i.test(sql)) {
    changed = 0;
    isInTransaction = false;
  }
  return result;
};

Database.prototype.prepare = function (sql) {
  const statement = prepare.call(this, sql);
  const isRead = READS_RECORDS.test(sql);
  const isWrite = /^\s*(INSERT|UPDATE|DELETE|REPLACE)\b/i.test(sql);
  const { all, run } = statement;
  statement.all = (...values) => {
    statements += 1;
    const rows = all.apply(statement, values);
    if (isRead) {
      counts.reads += 1;
      counts.rows += rows.length;
    }
    // Where it returns nothing, it has written one record.
    if (isWrite) noteChanges(/\bRETURNING\b/i.test(sql) ? rows.length : 1);
    return rows;
  };
  statement.run = (...values) => {
    statements += 1;
    const result = run.apply(statement, values);
    if (isWrite) noteChanges(Number(result.changes));
    return result;
  };
  return statement;
};

// discord.js sends its requests with undici, which tells of each before it is handed to the network.
subscribe('undici:request:create', ({ request }) => {
  counts.requests += 1;
  requestsUnderWay.add(request);
  if (CALLBACK.test(request.path)) counts.commitsAtCallback = counts.commits;
});

for (const end of ['undici:request:trailers', 'undici:request:error']) {
  subscribe(end, ({ request }) => requestsUnderWay.delete(request));
}

/**
 * Tells the parent what there is, once the bot is at rest. Several looks, because a process that stood still finds the time
 * of the next one past before it goes on with its work.
 */
function tellWhenQuiet(seen = -1, quietLooks = 0) {
  const now = statements + counts.requests;
  const isQuiet = now === seen && requestsUnderWay.size === 0;
  if (isQuiet && quietLooks + 1 === QUIET_LOOKS) {
    const { user, system } = process.cpuUsage();
    process.send?.({ ...counts, cpuMs: (user + system) / 1000 });
  } else {
    setTimeout(tellWhenQuiet, LOOK_MS, now, isQuiet ? quietLooks + 1 : 0);
  }
}

process.on('message', () => tellWhenQuiet());
process.once('disconnect', () => process.exit(0));
