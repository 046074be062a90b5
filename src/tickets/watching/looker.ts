import { z } from 'zod';
import type { ProcessLease } from '../../process-lease.ts';
import type { RecordStore } from '../../storage/record-store.ts';
import type { Storage } from '../../storage/storage.ts';

const looker = z.object({ owner: z.string() });
const KEY = 'looker';

type Lease = Pick<ProcessLease, 'id' | 'isGone' | 'look' | 'mayStartCalls'>;

/** Which of the processes on a store looks at tickets: one, so that there is one budget and each ticket is looked at by one. */
export class Looker {
  readonly #records: RecordStore<z.infer<typeof looker>>;
  readonly #lease: Lease;

  constructor(storage: Storage, lease: Lease) {
    this.#records = storage.records('ticket-watcher', looker);
    this.#lease = lease;
  }

  /** Whether this process looks: it does already, or nobody does who lives. @throws {StorageError} */
  async isThis(): Promise<boolean> {
    const { id: owner, isGone, mayStartCalls } = this.#lease;
    // The others may take it for gone.
    if (!mayStartCalls) return false;
    const found = await this.#records.find(KEY);
    if (found?.owner === owner) return true;
    // One that has begun a moment ago is not gone.
    if (found) await this.#lease.look();
    const after = await this.#records.update(KEY, (current) =>
      // Another one may have begun since it was found.
      current && (current.owner !== found?.owner || !isGone(current.owner)) ? undefined : { owner },
    );
    return after?.owner === owner;
  }

  /** Lets another one look. @throws {StorageError} */
  async leave(): Promise<void> {
    const found = await this.#records.find(KEY);
    if (found?.owner === this.#lease.id) await this.#records.remove(KEY);
  }
}
