import type { RecordName } from './backend.ts';

/** Runs something as soon as nothing that was asked for before it, about any of these records, is still running. */
export type ChangeQueue = <R>(records: readonly RecordName[], run: () => Promise<R>) => Promise<R>;

/**
 * Lets the changes of one process that share a record run one after the other, so that races are lost to other processes
 * alone. A change stands in the queues of all its records from the same moment on: no two ever wait for each other.
 */
export function createChangeQueue(): ChangeQueue {
  /** The end of the queue of each record that has one. */
  const ends = new Map<string, Promise<unknown>>();

  return async (records, run) => {
    const names = records.map(({ namespace, key }) => `${namespace}:${key}`);
    const turn = Promise.all(names.map((name) => ends.get(name))).then(run);
    const settled = turn.then(
      () => {},
      () => {},
    );
    for (const name of names) ends.set(name, settled);
    try {
      return await turn;
    } finally {
      for (const name of names) if (ends.get(name) === settled) ends.delete(name);
    }
  };
}
