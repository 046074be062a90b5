import { StorageError } from '../record-store.ts';
import { createChangeQueue } from './change-queue.ts';
import type { Backend, RecordName, TextChange } from './record-adapter.ts';
import { EXPIRY_INDEX, indexOf, KEY_PREFIX, openClient } from './redis-adapter.ts';
import type { RedisClient } from './redis-client.ts';

/** Races that a change loses to other processes before it gives up. */
const MAX_LOST_RACES = 100;

/** What ARGV has of each record. */
const WIDTH = 8;
/**
 * Compares several records with what was read, and writes all changes if nothing is different. A script is one step of the server.
 *
 * KEYS: the index by expiry, then for each record itself and the index of its namespace. ARGV, for each record: key, name,
 * whether it was there ("1" or ""), the text that it had, what to do ("save", "keep" its end of life, "remove" or ""), the new
 * text, milliseconds to live or "", and when that ends.
 */
const COMPARE_AND_WRITE = `
  local count = (#KEYS - 1) / 2
  for i = 0, count - 1 do
    local before = ARGV[${WIDTH} * i + 3] == '1' and ARGV[${WIDTH} * i + 4]
    if redis.call('GET', KEYS[2 * i + 2]) ~= before then return 0 end
  end
  for i = 0, count - 1 do
    local record, index = KEYS[2 * i + 2], KEYS[2 * i + 3]
    local key, name, _, _, action, text, lifetime, ends = unpack(ARGV, ${WIDTH} * i + 1, ${WIDTH} * i + ${WIDTH})
    if action == 'remove' then
      redis.call('DEL', record)
      redis.call('ZREM', index, key)
      redis.call('ZREM', KEYS[1], name)
    elseif action == 'keep' then
      redis.call('ZADD', index, 0, key)
      redis.call('SET', record, text, 'KEEPTTL')
    elseif action == 'save' and lifetime == '' then
      redis.call('ZADD', index, 0, key)
      redis.call('ZREM', KEYS[1], name)
      redis.call('SET', record, text)
    elseif action == 'save' then
      redis.call('ZADD', index, 0, key)
      redis.call('ZADD', KEYS[1], ends, name)
      redis.call('SET', record, text, 'PX', lifetime)
    end
  end
  return 1`;

type Texts = readonly (string | undefined)[];

/** Reads and changes several records at once. */
export function createRedisChanges(client: RedisClient): Pick<Backend, 'read' | 'change'> {
  const queue = createChangeQueue();
  return {
    read: (records) => readTexts(client, records),
    change: (records, decide, isTooLate) =>
      queue(records, async () => {
        for (let lost = 0; lost < MAX_LOST_RACES; lost += 1) {
          const current = await readTexts(client, records);
          const changes = decide(current);
          if (changes.every((one) => one === undefined)) return;
          if (isTooLate()) throw new StorageError('The storage took too long to change records.');
          if (await compareAndWrite(client, records, current, changes)) return;
        }
        throw new StorageError('Records were changed by others again and again during a change.');
      }),
  };
}

/** One command, so that they are of one moment. */
async function readTexts(client: RedisClient, records: readonly RecordName[]): Promise<(string | undefined)[]> {
  const texts = await openClient(client).mGet(records.map((record) => KEY_PREFIX + nameOf(record)));
  return texts.map((text) => text ?? undefined);
}

/** @returns false when one of the records is not as expected any more. Nothing is written then. */
export async function compareAndWrite(
  client: RedisClient,
  records: readonly RecordName[],
  expected: Texts,
  changes: readonly TextChange[],
): Promise<boolean> {
  const now = Date.now();
  const written = await openClient(client).eval(COMPARE_AND_WRITE, {
    keys: [EXPIRY_INDEX, ...records.flatMap((record) => [KEY_PREFIX + nameOf(record), indexOf(record.namespace)])],
    arguments: records.flatMap((record, index) => {
      const before = expected[index];
      const known = before === undefined ? ['', ''] : ['1', before];
      return [record.key, nameOf(record), ...known, ...actionOf(changes[index], before, now)];
    }),
  });
  return written === 1;
}

function actionOf(change: TextChange, before: string | undefined, now: number): string[] {
  if (change === undefined) return ['', '', '', ''];
  if (change === 'remove') return ['remove', '', '', ''];
  const { text, ttlMs } = change;
  if (ttlMs !== undefined) return ['save', text, String(ttlMs), String(now + ttlMs)];
  return [before === undefined ? 'save' : 'keep', text, '', ''];
}

/** What a record is called in the index by expiry. */
function nameOf({ namespace, key }: RecordName): string {
  return `${namespace}:${key}`;
}
