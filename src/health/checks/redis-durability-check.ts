import type { RedisDurability } from '../../storage/backends/redis-durability.ts';
import { type Check, type Finding, fail, ok, warn } from '../check.ts';

/** Whether a Redis server keeps links and tickets over a restart, and when its memory is full. */
export function redisDurabilityCheck({ url, place }: { url: string; place: string }): Check {
  return {
    name: 'Redis',
    lookedAt: place,
    needs: ['Storage'],
    async run() {
      // Its client is not installed everywhere. By now the store was opened with it.
      const { readRedisDurability } = await import('../../storage/backends/redis-durability.ts');
      return findingOf(await readRedisDurability(url), place);
    },
  };
}

function findingOf({ hasLog, hasSnapshots, lastWriteFailed, evictionPolicy }: RedisDurability, place: string): Finding {
  if (evictionPolicy !== undefined && evictionPolicy !== 'noeviction') {
    return fail(
      `Redis at ${place} evicts records when its memory is full (${evictionPolicy}).`,
      'Set maxmemory-policy noeviction on the Redis server.',
    );
  }
  if (lastWriteFailed) {
    return fail(
      `Redis at ${place} could not write to its disk the last time.`,
      'Look at the disk and the log of the Redis server.',
    );
  }
  if (hasLog) return ok(`Redis at ${place} writes each change to its disk.`);
  if (hasSnapshots) {
    return warn(
      `Redis at ${place} saves its records only from time to time: a crash loses the last minutes, and a ticket may be opened twice.`,
      'Set appendonly yes on the Redis server.',
    );
  }
  if (hasLog === false && hasSnapshots === false) {
    return warn(
      `Redis at ${place} keeps its records in memory alone: its restart unlinks everybody.`,
      'Set appendonly yes on the Redis server.',
    );
  }
  return warn(
    `Redis at ${place} does not say whether it saves its records to a disk.`,
    'Ask whoever runs it for appendonly yes.',
  );
}
