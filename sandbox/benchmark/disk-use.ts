import { open, readFile } from 'node:fs/promises';

/** The head of SQLite's write-ahead log: 32 bytes, with the number of checkpoints in four of them, the highest first. */
const WAL_HEAD_BYTES = 32;
const WAL_CHECKPOINTS_AT = 12;
const SYNCS_OF_A_CHECKPOINT = 3;

/**
 * How often SQLite has synced for its checkpoints. A commit syncs the log once. A checkpoint, after about 1,000 pages, syncs
 * the log and the file, and the first commit after it syncs the new head of the log. The head counts the checkpoints.
 */
export async function syncsOfCheckpoints(log: string): Promise<number> {
  const file = await open(log).catch(() => undefined);
  if (!file) return 0;
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(WAL_HEAD_BYTES), 0, WAL_HEAD_BYTES, 0);
    return bytesRead === WAL_HEAD_BYTES ? SYNCS_OF_A_CHECKPOINT * buffer.readUInt32BE(WAL_CHECKPOINTS_AT) : 0;
  } finally {
    await file.close();
  }
}

/** Bytes that a process has had written to a disk; undefined where the system does not tell. */
export async function bytesWritten(pid: number | undefined): Promise<number | undefined> {
  const counters = await readFile(`/proc/${pid}/io`, 'utf8').catch(() => '');
  const found = /^write_bytes: (\d+)$/m.exec(counters)?.[1];
  return found === undefined ? undefined : Number(found);
}
