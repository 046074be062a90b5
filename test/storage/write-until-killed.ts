import { z } from 'zod';
import { openStorage } from '../../src/storage/open-storage.ts';

// A program for kill.test.ts: writes for ever, and prints each key once its write has been acknowledged.
const [url = '', run = ''] = process.argv.slice(2);
const storage = await openStorage({ url, keys: [] });
const records = storage.records('writes', z.object({ key: z.string(), padding: z.string() }));

async function write(lane: number): Promise<void> {
  for (let count = 0; ; count += 1) {
    const key = `${run}:${lane}:${count}`;
    await records.save(key, { key, padding: 'x'.repeat(500) });
    process.stdout.write(`${key}\n`);
  }
}

await Promise.all(Array.from({ length: 16 }, (_, lane) => write(lane)));
