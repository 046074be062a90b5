import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from './figures.ts';

/** What the machine was, and how busy while something was measured: figures of a busy one are rough. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /**
   * Percent of the time in which something was ready to run and had no CPU, in the minute before, and meanwhile. What is
   * measured is part of the latter. Undefined where the system does not tell.
   */
  readonly waitingBefore: number | undefined;
  readonly waitingMeanwhile: number | undefined;
  /** Milliseconds for one sync of the disk in the temporary folder, where the stores are. */
  readonly diskSyncMs: number;
}

const SYNCS = 25;

/** Looks at the machine now. @returns What looks at it again and tells what there was. */
export async function watchMachine(): Promise<() => Promise<Machine>> {
  const before = await pressure();
  const startedAt = performance.now();
  const diskSyncMs = await measureSync();
  return async () => {
    const after = await pressure();
    const tookMs = performance.now() - startedAt;
    const [first] = cpus();
    return {
      cpu: first?.model.trim() ?? 'unknown',
      cores: cpus().length,
      waitingBefore: before?.lastMinute,
      waitingMeanwhile: before && after && Math.min(100, (after.totalMs - before.totalMs) / tookMs / 0.01),
      diskSyncMs,
    };
  };
}

async function pressure(): Promise<{ lastMinute: number; totalMs: number } | undefined> {
  const text = await readFile('/proc/pressure/cpu', 'utf8').catch(() => '');
  const found = /^some avg10=\S+ avg60=(\S+) avg300=\S+ total=(\d+)/.exec(text);
  return found ? { lastMinute: Number(found[1]), totalMs: Number(found[2]) / 1000 } : undefined;
}

async function measureSync(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'openticket-benchmark-'));
  try {
    const file = await open(join(folder, 'sync'), 'w');
    const times: number[] = [];
    for (let i = 0; i < SYNCS; i += 1) {
      await file.write(Buffer.alloc(4096, i), 0, 4096, i * 4096);
      const startedAt = performance.now();
      await file.datasync();
      times.push(performance.now() - startedAt);
    }
    await file.close();
    return median(times);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
