import { randomInt } from 'node:crypto';
import type { SqliteConnection } from './sqlite-driver.ts';

/** Which commit of which start of a bot the file, or a part of its log, is as of. */
export interface CommitNumber {
  /** Drawn at each start. SQLite keeps it in the first page, as its `application_id`. */
  readonly start: number;
  /** Goes up by one with each commit. SQLite keeps it in the first page, as its `user_version`. */
  readonly number: number;
}

/** The greatest number that SQLite keeps there. */
const MAX_NUMBER = 2 ** 31 - 1;

/** Ends a transaction in a commit. */
export type Commit = (connection: SqliteConnection) => void;

/** For a database without a log. */
export const commitWithoutNumber: Commit = (connection) => connection.exec('COMMIT');

/**
 * Numbers all commits from now on, so that a log shows whether it belongs to the file beside it (sqlite-log.ts): the file gets a
 * number of this start, and each commit brings the first page with its own number into the log. Leaves the database in WAL mode.
 */
export function startNumberingCommits(connection: SqliteConnection): Commit {
  // Without a log the number stands in the file before the first commit in a log can.
  connection.all('PRAGMA journal_mode = DELETE');
  connection.exec(
    `BEGIN IMMEDIATE; PRAGMA application_id = ${randomInt(1, MAX_NUMBER)}; PRAGMA user_version = 0; COMMIT`,
  );
  connection.all('PRAGMA journal_mode = WAL');
  let number = 0;
  return (connection) => {
    const next = number < MAX_NUMBER ? number + 1 : number;
    connection.exec(`PRAGMA user_version = ${next}`);
    connection.exec('COMMIT');
    number = next;
  };
}
