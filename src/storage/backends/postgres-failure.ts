import {
  codeOf,
  connectionFailure,
  ENCODING_REMEDY,
  type ServerFailure,
  StorageServerError,
} from './server-failure.ts';

const TLS_ON = 'If the server wants TLS, add ?sslmode=verify-full to STORAGE_URL.';
const TLS_OFF = 'If the server speaks no TLS, take sslmode out of STORAGE_URL.';

/** Says why PostgreSQL cannot be used. A failure that already says so stays as it is. */
export function postgresError(cause: unknown, { isTls }: { isTls: boolean }): StorageServerError {
  if (cause instanceof StorageServerError) return cause;
  return new StorageServerError(
    connectionFailure('PostgreSQL', cause, isTls ? TLS_OFF : TLS_ON) ?? reportedFailure(cause),
    { cause },
  );
}

/** What the server, a pooler in front of it, or the client library reports. */
function reportedFailure(cause: unknown): ServerFailure {
  const code = codeOf(cause);
  const text = cause instanceof Error ? cause.message : '';
  switch (code) {
    case '28P01':
      return wrongPassword(code);
    case '28000':
      return notAdmitted(text);
    case '3D000':
      return noDatabase(code);
    case '08P01':
      return refusedByPooler(text);
    case '42501':
      return {
        problem: 'The role of STORAGE_URL lacks a right that the bot needs (42501).',
        remedy:
          'Let an administrator run: GRANT USAGE, CREATE ON SCHEMA public TO <role>; and, where the table exists, GRANT SELECT, INSERT, UPDATE, DELETE ON openticket_records TO <role>;',
      };
    case '25006':
      return {
        problem: 'PostgreSQL is read-only: a standby, or default_transaction_read_only is on (25006).',
        remedy: 'Name the primary server in STORAGE_URL, or turn that setting off for the role and the database.',
      };
    case '3F000':
      return {
        problem: 'PostgreSQL knows no schema for the table: search_path names none that exists (3F000).',
        remedy: 'Let an administrator create it, or run: ALTER ROLE <role> SET search_path = public;',
      };
    case '53300':
      return {
        problem: 'PostgreSQL has too many connections (53300).',
        remedy:
          'Raise max_connections or the limit of the role or database, or close other connections. The bot takes up to 10.',
      };
    case '53100':
      return { problem: 'The disk of PostgreSQL is full (53100).', remedy: 'Free it.' };
    case '57P01':
    case '57P02':
    case '57P03':
      return {
        problem: `PostgreSQL is starting or stopping (${code}).`,
        remedy: 'Start the bot again when it is ready.',
      };
    case '57014':
    case '55P03':
      return {
        problem: `PostgreSQL takes too long: somebody else may hold a lock on openticket_records (${code}).`,
        remedy: 'Look at pg_stat_activity, and start the bot again.',
      };
    case '42P01':
    case '42703':
    case '42804':
    case '42P10':
    case '42809':
      return {
        problem: `The table openticket_records is not as the bot makes it (${code}).`,
        remedy: 'Name a database or a schema of its own, or compare the table with docs/storage.md.',
      };
    case '22P05':
    case '22021':
      return {
        problem: `The database cannot keep every character (${code}).`,
        remedy: "Use a database in UTF-8: CREATE DATABASE openticket ENCODING 'UTF8' TEMPLATE template0;",
      };
    case '42601':
    case '42704':
      return {
        problem: `PostgreSQL does not know a statement or a setting of the bot (${code}).`,
        remedy: 'Use PostgreSQL 9.6 or newer.',
      };
    case undefined:
      return reportedByLibrary(text);
    default:
      return {
        problem: `PostgreSQL cannot be used (${/^[\w-]{1,40}$/.test(code) ? code : 'an unknown code'}).`,
        remedy: 'Look at STORAGE_URL, and at the log of the PostgreSQL server.',
      };
  }
}

function reportedByLibrary(text: string): ServerFailure {
  if (/does not support SSL/i.test(text)) {
    return { problem: 'STORAGE_URL asks for TLS, and PostgreSQL does not offer it.', remedy: TLS_OFF };
  }
  if (/password must be a (non-empty )?string/i.test(text)) {
    return {
      problem: 'PostgreSQL asks for a password, and STORAGE_URL has none.',
      remedy: `Write postgres://user:password@host/database. ${ENCODING_REMEDY}`,
    };
  }
  return {
    problem: 'PostgreSQL cannot be used.',
    remedy: 'Look at STORAGE_URL, and at the log of the PostgreSQL server.',
  };
}

function wrongPassword(code: string): ServerFailure {
  return {
    problem: `PostgreSQL does not accept the user or the password of STORAGE_URL (${code}).`,
    remedy: `Correct them. ${ENCODING_REMEDY}`,
  };
}

function noDatabase(code: string): ServerFailure {
  return {
    problem: `The database that STORAGE_URL names does not exist (${code}).`,
    remedy:
      'Look at the end of STORAGE_URL, postgres://user:password@host/database, or let an administrator run: CREATE DATABASE <database> OWNER <role>;',
  };
}

/** Before the password is even asked for. */
function notAdmitted(text: string): ServerFailure {
  if (/pg_hba\.conf/.test(text)) {
    const isWithoutTls = /no encryption|SSL off/i.test(text);
    return {
      problem: `PostgreSQL admits nobody with this role, database and address${isWithoutTls ? ' without TLS' : ''} (28000).`,
      remedy: `${isWithoutTls ? `${TLS_ON} ` : ''}Otherwise let an administrator add a line to pg_hba.conf.`,
    };
  }
  return {
    problem: 'The role that STORAGE_URL names does not exist, or may not log in (28000).',
    remedy: "Look at the user in STORAGE_URL, or let an administrator run: CREATE ROLE <role> LOGIN PASSWORD '…';",
  };
}

/** PgBouncer gives one code for nearly everything. */
function refusedByPooler(text: string): ServerFailure {
  const parameter = /unsupported startup parameter(?: in options)?: (\w+)/.exec(text)?.[1];
  if (parameter !== undefined) {
    return {
      problem: `A pooler such as PgBouncer refuses the parameter ${parameter} of the connection (08P01).`,
      remedy: `Take it out of STORAGE_URL (and PGOPTIONS), or add it to ignore_startup_parameters of the pooler.`,
    };
  }
  if (/statement pooling/i.test(text)) {
    return {
      problem: 'A pooler such as PgBouncer allows no transactions, as it pools statements (08P01).',
      remedy: 'Set pool_mode = transaction for this database in the pooler.',
    };
  }
  if (/no such database|database .* (does not exist|is disabled)/i.test(text)) return noDatabase('08P01');
  if (/no such user|password|authentication|auth failed/i.test(text)) return wrongPassword('08P01');
  return {
    problem: 'PostgreSQL, or a pooler such as PgBouncer in front of it, ends the connection (08P01).',
    remedy: 'Look at the log of the pooler, and whether it reaches its PostgreSQL server.',
  };
}
