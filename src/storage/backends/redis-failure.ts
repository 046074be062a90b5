import { connectionFailure, ENCODING_REMEDY, type ServerFailure, StorageServerError } from './server-failure.ts';

const TLS_ON = 'If the server wants TLS, STORAGE_URL begins with rediss://.';
const TLS_OFF = 'If the server speaks no TLS, STORAGE_URL begins with redis://.';

const CLUSTER: Pick<ServerFailure, 'remedy'> = {
  remedy: 'Redis Cluster is not supported: name a server without cluster mode in STORAGE_URL.',
};
const LATER = 'Start the bot again when it is ready.';

/** Says why Redis cannot be used. A failure that already says so stays as it is. */
export function redisError(cause: unknown, { isTls }: { isTls: boolean }): StorageServerError {
  if (cause instanceof StorageServerError) return cause;
  return new StorageServerError(connectionFailure('Redis', cause, isTls ? TLS_OFF : TLS_ON) ?? replyFailure(cause), {
    cause,
  });
}

/** The first word of an error reply, by which Redis tells errors apart. */
export function replyCode(cause: unknown): string | undefined {
  return cause instanceof Error ? /^[A-Z][A-Z]+(?= )/.exec(cause.message)?.[0] : undefined;
}

function replyFailure(cause: unknown): ServerFailure {
  const code = replyCode(cause);
  const text = cause instanceof Error ? cause.message : '';
  switch (code) {
    case 'NOAUTH':
      return {
        problem: 'Redis asks for a password (NOAUTH).',
        remedy: `Put it into STORAGE_URL: redis://:password@host:6379/0, or redis://user:password@host:6379/0. ${ENCODING_REMEDY}`,
      };
    case 'WRONGPASS':
      return wrongPassword('WRONGPASS');
    case 'NOPERM':
      return refusedCommands([{ command: commandIn(text), cause }]);
    case 'READONLY':
      return {
        problem: 'Redis is a read-only replica (READONLY).',
        remedy: 'Name the primary server in STORAGE_URL.',
      };
    case 'LOADING':
      return { problem: 'Redis is still loading its data (LOADING).', remedy: LATER };
    case 'MASTERDOWN':
      return {
        problem: 'Redis is a replica that has lost its primary (MASTERDOWN).',
        remedy: 'Name the primary server in STORAGE_URL.',
      };
    case 'BUSY':
      return { problem: 'Redis is busy with a script of somebody else (BUSY).', remedy: LATER };
    case 'MOVED':
    case 'ASK':
    case 'CROSSSLOT':
    case 'CLUSTERDOWN':
      return { problem: `Redis runs in cluster mode (${code}).`, ...CLUSTER };
    case 'MISCONF':
      return {
        problem: 'Redis takes no writes, as it cannot save its data to disk (MISCONF).',
        remedy: 'Look at the disk and the log of the Redis server.',
      };
    case 'OOM':
      return {
        problem: 'Redis takes no writes, as its memory is full (OOM).',
        remedy: 'Raise maxmemory of the Redis server, or remove what is not needed.',
      };
    case 'NOREPLICAS':
      return {
        problem: 'Redis takes no writes, as too few replicas are connected (NOREPLICAS).',
        remedy: 'Look at the replicas of the Redis server, and at its min-replicas-to-write.',
      };
    case 'DENIED':
      return {
        problem: 'Redis takes no connections from other machines, as it is in protected mode (DENIED).',
        remedy: 'Set a password on the Redis server (requirepass) and write it into STORAGE_URL.',
      };
    case 'ERR':
      return otherReply(text);
    default:
      return { problem: 'Redis cannot be used.', remedy: 'Look at STORAGE_URL, and at the log of the Redis server.' };
  }
}

/** Replies that Redis tells apart by their words alone. */
function otherReply(text: string): ServerFailure {
  if (/invalid password/i.test(text)) return wrongPassword('ERR invalid password');
  if (/without any password configured|no password is set/i.test(text)) {
    return {
      problem: 'STORAGE_URL has a password, and Redis has none (ERR AUTH called without any password configured).',
      remedy: 'Take it out of STORAGE_URL, or set one on the Redis server (requirepass).',
    };
  }
  if (/wrong number of arguments for 'auth'/i.test(text)) {
    return {
      problem:
        'STORAGE_URL names a user, and this Redis knows none, as it is older than 6.0 (ERR wrong number of arguments).',
      remedy: 'Use Redis 6.0 or newer.',
    };
  }
  if (/DB index is out of range|invalid DB index/i.test(text)) {
    return {
      problem: 'The Redis server has no database of that number (ERR DB index is out of range).',
      remedy: 'Look at the end of STORAGE_URL: redis://host:6379/0 is the first database.',
    };
  }
  if (/SELECT is not allowed in cluster mode/i.test(text)) {
    return { problem: 'Redis runs in cluster mode (ERR SELECT is not allowed).', ...CLUSTER };
  }
  if (/max number of clients/i.test(text)) {
    return {
      problem: 'Redis has too many connections (ERR max number of clients reached).',
      remedy: 'Raise maxclients of the Redis server, or close other connections.',
    };
  }
  if (/unknown command/i.test(text)) return refusedCommands([{ command: commandIn(text), cause: new Error(text) }]);
  return { problem: 'Redis refuses what the bot does (ERR).', remedy: 'Look at the log of the Redis server.' };
}

function wrongPassword(code: string): ServerFailure {
  return {
    problem: `Redis does not accept the user or the password of STORAGE_URL (${code}).`,
    remedy: `Correct them; a password without a user is redis://:password@host:6379/0. ${ENCODING_REMEDY}`,
  };
}

/** A command of the bot that the server does not carry out. */
export interface RefusedCommand {
  /** As the bot names it: "GET", "SET … KEEPTTL". */
  readonly command: string;
  /** The version of Redis that brought it, where that is not a very old one. */
  readonly since?: string | undefined;
  readonly cause: unknown;
}

/** Names all commands that are refused, each with its code, and what to do about them together. */
export function refusedCommands(refused: readonly RefusedCommand[]): ServerFailure {
  const named = refused.map(({ command, since, cause }) => {
    const reason = isUnknown(cause) ? 'unknown to it' : (replyCode(cause) ?? 'no code');
    return `${command} (${[reason, ...(since && isUnknown(cause) ? [`Redis has it since ${since}`] : [])].join('; ')})`;
  });
  const remedies: string[] = [];
  if (refused.some(({ cause }) => isUnknown(cause))) {
    remedies.push('Use Redis 6.0 or newer, and do not rename or disable these commands (rename-command).');
  }
  const forbidden = refused.filter(({ cause }) => replyCode(cause) === 'NOPERM');
  if (forbidden.length > 0) {
    const rights = new Set(forbidden.map(({ command }) => `+${command.split(' ')[0]?.toLowerCase()}`));
    const isAboutKeys = forbidden.some(({ cause }) => /key/i.test(String(cause)));
    const rule = isAboutKeys ? '~openticket:*' : [...rights].join(' ');
    remedies.push(`Let the user of STORAGE_URL do so: ACL SETUSER <user> ${rule}.`);
  }
  if (remedies.length === 0) remedies.push('Look at the log of the Redis server.');
  return { problem: `Redis refuses commands that the bot needs: ${named.join(', ')}.`, remedy: remedies.join(' ') };
}

/** Also the reply to an argument that came with a later version than the command. */
export function isUnknown(cause: unknown): boolean {
  return cause instanceof Error && /^ERR (unknown command|syntax error|unknown subcommand)/i.test(cause.message);
}

/** The command that an error reply names; nothing else of its text, which can hold keys and users. */
function commandIn(text: string): string {
  return /'([a-z]+)(\|[a-z]+)?'/i.exec(text)?.[1]?.toUpperCase() ?? 'a command';
}
