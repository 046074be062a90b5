import { systemClock, TIMED_OUT, waitAtMost } from '../clock.ts';
import { StorageError } from './record-store.ts';

/**
 * Runs one call of the storage. Every failure becomes a {@link StorageError}, and so does an answer that is too late.
 * @param deadlineMs Milliseconds until the call counts as failed. Undefined where calls cannot hang.
 * @param what What the call does, for the message of a failure: `find a record of "links"`.
 * @param run Gets a function that says whether the caller has been told meanwhile that the call failed.
 */
export async function boundedCall<R>(
  deadlineMs: number | undefined,
  what: () => string,
  run: (isTooLate: () => boolean) => Promise<R>,
): Promise<R> {
  let isTooLate = false;
  try {
    const running = run(() => isTooLate);
    if (deadlineMs === undefined) return await running;
    const result = await waitAtMost(systemClock, deadlineMs, running);
    if (result !== TIMED_OUT) return result;
    isTooLate = true;
    throw new StorageError(`The storage took over ${deadlineMs} ms to ${what()}.`);
  } catch (cause) {
    if (cause instanceof StorageError) throw cause;
    throw new StorageError(`The storage could not ${what()}.`, { cause });
  }
}
