import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { openStorage } from '../../src/storage/open-storage.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const program = fileURLToPath(new URL('./write-until-killed.ts', import.meta.url));

it('every acknowledged write is there after the process was killed', async () => {
  const url = `sqlite:${join(await temporaryFolder(), 'records.sqlite')}`;
  const acknowledged: string[] = [];
  for (let run = 0; run < 4; run += 1) {
    const child = spawn(process.execPath, ['--import', 'tsx', program, url, String(run)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    let seen = 0;
    for await (const key of createInterface({ input: child.stdout })) {
      acknowledged.push(key);
      seen += 1;
      if (seen === 100 * (run + 1)) child.kill('SIGKILL');
    }
    await exited;
    expect(child.signalCode).toBe('SIGKILL');
  }
  const storage = await openStorage({ url, keys: [] });
  const records = storage.records('writes', z.object({ key: z.string(), padding: z.string() }));
  for (const key of acknowledged) expect(await records.find(key)).toMatchObject({ key });
  expect(acknowledged.length).toBeGreaterThanOrEqual(1000);
  await storage.close();
});
