import { z } from 'zod';
import type { RecordStore } from '../../storage/record-store.ts';
import type { Storage } from '../../storage/storage.ts';

const notice = z.discriminatedUnion('kind', [
  /** A submission whose outcome could not be told in its own reply. */
  z.object({ kind: z.literal('submission'), submissionId: z.string() }),
  /** A moderator opened a ticket in this person's name. */
  z.object({
    kind: z.literal('opened-in-your-name'),
    reference: z.string().optional(),
    moderatorId: z.string(),
    messageUrl: z.string(),
  }),
  /** A moderator sent a ticket in this person's name, and it is not known whether it was opened. */
  z.object({ kind: z.literal('maybe-opened-in-your-name'), moderatorId: z.string(), messageUrl: z.string() }),
  /** A moderator decided about this person's request to link. */
  z.object({ kind: z.literal('link-decided'), approved: z.boolean() }),
  /** A moderator removed this person's link. */
  z.object({ kind: z.literal('unlinked'), moderatorId: z.string() }),
]);

/** Something that a person has to be told at their next command. */
export type Notice = z.infer<typeof notice>;
export type StoredNotice = Notice & { readonly id: string };

/** What people have not been told yet, under `user/notice`. */
export class Notices {
  readonly #records: RecordStore<Notice>;
  readonly #lifetimeMs: number;
  /** Those that are being told in another way at this moment. */
  readonly #beingTold = new Set<string>();

  constructor(storage: Storage, options: { lifetimeMs: number }) {
    this.#records = storage.records('notices', notice, { longestMs: options.lifetimeMs });
    this.#lifetimeMs = options.lifetimeMs;
  }

  /** Adds a notice, once for each `id`. */
  add(userId: string, id: string, notice: Notice): Promise<void> {
    return this.#records.save(`${userId}/${id}`, notice, this.#lifetimeMs);
  }

  /**
   * Tells a notice in another way than at the next command, which does not show it meanwhile. It is sent only when it has
   * not been told yet, and stays for the next command when it could not be sent. @throws What `send` throws.
   */
  async tell(userId: string, id: string, send: (notice: Notice) => Promise<unknown>): Promise<void> {
    const key = `${userId}/${id}`;
    if (this.#beingTold.has(key)) return;
    this.#beingTold.add(key);
    try {
      const notice = await this.#records.find(key);
      if (!notice) return;
      await send(notice);
      await this.#records.remove(key);
    } finally {
      this.#beingTold.delete(key);
    }
  }

  async ofUser(userId: string): Promise<StoredNotice[]> {
    const notices: StoredNotice[] = [];
    for await (const [key, notice] of this.#records.entries(`${userId}/`)) {
      if (this.#beingTold.has(key)) continue;
      notices.push({ ...notice, id: key.slice(userId.length + 1) });
    }
    return notices;
  }

  remove(userId: string, id: string): Promise<void> {
    return this.#records.remove(`${userId}/${id}`);
  }

  removeAllOf(userId: string): Promise<number> {
    return this.#records.removeAll(`${userId}/`);
  }
}
