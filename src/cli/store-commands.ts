import type { Clock } from '../clock.ts';
import { parseStorageConfig } from '../config.ts';
import { ADDRESS_PREFIXES, backendKindOf } from '../storage/backends/backend-kinds.ts';
import { openBackend, openRecordSource } from '../storage/backends/open-backend.ts';
import { createSeal } from '../storage/encryption.ts';
import { openBackup, writeBackup } from '../storage/maintenance/backup-file.ts';
import { checkRecords } from '../storage/maintenance/check-records.ts';
import { counted, lastingRecords } from '../storage/maintenance/lasting-records.ts';
import { openRecordTarget } from '../storage/maintenance/record-target.ts';
import { rekeyRecords } from '../storage/maintenance/rekey-records.ts';
import { StorageError } from '../storage/record-store.ts';

interface CommandInput {
  readonly operands: readonly string[];
  /** Whether `--replace` was given. */
  readonly replaces: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly write: (line: string) => void;
  readonly clock: Clock;
}

/** @returns Whether all is well. @throws {StorageError} {ConfigError} when nothing could be done. */
export type StoreCommand = (input: CommandInput) => Promise<boolean>;

/** What an environment variable is called; no address looks like it. */
const VARIABLE_NAME = /^[A-Z][A-Z0-9_]*$/;
/** Records between two lines about how far it is. */
const REPORT_EVERY = 10_000;

export const backUp: StoreCommand = async ({ operands: [file = ''], env, write, clock }) => {
  const source = await openRecordSource(parseStorageConfig(env).url);
  try {
    const pages = counted(lastingRecords(source.pages(), clock.now), progress(write, 'written'));
    const records = await writeBackup(file, pages, clock.now());
    write(`✓ ${amount(records)} of ${source.description} written to ${file}, which only you can read.`);
    write(
      source.isOneMoment
        ? '  They are as they stood at one moment.'
        : '  They are as they stood within the last moments: what the bot wrote meanwhile may be there in part. For one moment, stop it first.',
    );
    write(
      parseStorageConfig(env).keys.length > 0
        ? '  Encrypted records are encrypted there, too: keep STORAGE_KEY, and apart from the file.'
        : '  Addresses and texts stand in it readable, as STORAGE_KEY is not set.',
    );
    return true;
  } finally {
    await source.close();
  }
};

export const restore: StoreCommand = async ({ operands: [file = ''], replaces, env, write, clock }) => {
  const { url } = parseStorageConfig(env);
  const backup = await openBackup(file);
  const target = await openRecordTarget(url, { clock, replaces, onWait: write });
  try {
    let records = 0;
    const report = progress(write, 'restored');
    const pages = counted(lastingRecords(backup.pages(), clock.now), (count) => {
      records = count;
      report(count);
    });
    await target.replaceAll(pages);
    write(`✓ ${amount(records)} of ${backup.madeAt} restored into ${target.description}.`);
    if (records < backup.records)
      write(`  ${amount(backup.records - records)} had expired since then and were left out.`);
    write('  Next: npm run store -- check, then start the bot with the STORAGE_KEY of that time.');
    return true;
  } finally {
    await target.close();
  }
};

export const copy: StoreCommand = async ({ operands, replaces, env, write, clock }) => {
  const [fromOperand = '', toOperand = ''] = operands;
  const from = addressIn('FROM', fromOperand, env);
  const to = addressIn('TO', toOperand, env);
  if (from === to) throw new StorageError('FROM and TO are the same store. Nothing was changed.');
  const source = await calledBy(fromOperand, 'FROM', openRecordSource(from));
  try {
    const target = await calledBy(toOperand, 'TO', openRecordTarget(to, { clock, replaces, onWait: write }));
    try {
      let records = 0;
      const report = progress(write, 'copied');
      await target.replaceAll(
        counted(lastingRecords(source.pages(), clock.now), (count) => {
          records = count;
          report(count);
        }),
      );
      write(
        `✓ ${amount(records)} of ${source.description} copied into ${target.description}, with what each has left to live.`,
      );
      write(
        '  What a bot wrote to the old store after that is not. Next: set STORAGE_URL to the new one, keep STORAGE_KEY, start the bot.',
      );
      return true;
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
};

export const rekey: StoreCommand = async ({ env, write, clock }) => {
  const { url, keys } = parseStorageConfig(env);
  if (keys.length === 0) {
    throw new StorageError('STORAGE_KEY is not set, so there is no key to encrypt with. Nothing was changed.');
  }
  await refuseToMake(url);
  const backend = await openBackend(url, clock.now, () => {});
  try {
    const result = await rekeyRecords(backend, createSeal(keys), clock.now, progress(write, 'looked at'));
    write(
      `✓ ${amount(result.written)} of ${backend.description} are encrypted anew; ${result.fine} had the first key already.`,
    );
    if (result.changedMeanwhile > 0) {
      write(`! ${amount(result.changedMeanwhile)} were changed by the bot meanwhile. Run this again.`);
    }
    if (result.unreadable > 0) {
      write(`✗ ${amount(result.unreadable)} cannot be read and were left. npm run store -- check names their kinds.`);
    }
    const isDone = result.unreadable + result.changedMeanwhile === 0;
    if (isDone)
      write('  The other keys of STORAGE_KEY can go, except where a backup still needs them. Then start the bot anew.');
    return isDone;
  } finally {
    await backend.close();
  }
};

export const check: StoreCommand = async ({ env, write, clock }) => {
  const { url, keys } = parseStorageConfig(env);
  const source = await openRecordSource(url);
  try {
    const pages = counted(source.pages(), progress(write, 'read'));
    const { counts, unreadable } = await checkRecords(pages, createSeal(keys), clock.now);
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    write(`${counts.unreadable === 0 ? '✓' : '✗'} ${amount(total)} in ${source.description}`);
    write(`  ${counts.fine} fine`);
    write(`  ${counts['old-key']} encrypted with a key that is not the first`);
    write(
      keys.length > 0
        ? `  ${counts.plain} not encrypted, although STORAGE_KEY is set`
        : '  STORAGE_KEY is not set: what is fine is not encrypted',
    );
    write(`  ${counts.unreadable} that cannot be read`);
    write(`  ${counts.expired} expired, which the next sweep removes`);
    for (const [namespace, count] of unreadable) write(`✗ ${amount(count)} of "${namespace}" cannot be read.`);
    if (counts.unreadable > 0) {
      write('  Is a key missing in STORAGE_KEY? If not, they were changed or damaged: restore a backup.');
    }
    if (counts['old-key'] + counts.plain > 0) write('  npm run store -- rekey encrypts them with the first key.');
    return counts.unreadable === 0;
  } finally {
    await source.close();
  }
};

/** A mistyped address must not become an empty store. */
async function refuseToMake(url: string): Promise<void> {
  await (await openRecordSource(url)).close();
}

/** An address, or the name of a variable that holds one: what stands on a command line is seen by everybody on the machine. */
function addressIn(
  argument: 'FROM' | 'TO',
  operand: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  if (operand === 'STORAGE_URL') return parseStorageConfig(env).url;
  const isName = VARIABLE_NAME.test(operand);
  const address = isName ? env[operand] : operand;
  if (address === undefined || (isName && address === ''))
    throw new StorageError(`There is no environment variable ${operand}. Nothing was changed.`);
  if (backendKindOf(address) !== undefined) return address;
  throw new StorageError(
    `${isName ? operand : argument} is no address of a store: it must begin with ${ADDRESS_PREFIXES}${isName ? '' : ', or be the name of an environment variable that holds one'}. Nothing was changed.`,
  );
}

/** What goes wrong with a store is told of STORAGE_URL, which is not where the address of this one stands. */
async function calledBy<T>(operand: string, argument: 'FROM' | 'TO', opening: Promise<T>): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    if (!(error instanceof StorageError) || operand === 'STORAGE_URL') throw error;
    const name = VARIABLE_NAME.test(operand) ? operand : argument;
    throw new StorageError(error.message.replaceAll('STORAGE_URL', name), { cause: error.cause });
  }
}

/** Says from time to time how far it is. */
function progress(write: (line: string) => void, what: string): (records: number) => void {
  let next = REPORT_EVERY;
  return (records) => {
    if (records < next) return;
    write(`  ${amount(records)} ${what} …`);
    next = (Math.floor(records / REPORT_EVERY) + 1) * REPORT_EVERY;
  };
}

function amount(records: number): string {
  return `${records} ${records === 1 ? 'record' : 'records'}`;
}
