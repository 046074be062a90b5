import { z } from 'zod';
import type { RecordStore } from '../storage/record-store.ts';
import type { Storage } from '../storage/storage.ts';
import type { Place } from './ticket-request.ts';

const pause = z.object({ notice: z.string(), moderatorId: z.string(), at: z.number() });
const block = z.object({ reason: z.string(), moderatorId: z.string(), at: z.number(), until: z.number().optional() });

export type Pause = z.infer<typeof pause>;
export type Block = z.infer<typeof block>;

/**
 * What moderators have switched off: all tickets of their server, or those of one user. It holds in their server and in
 * direct messages, never in another server.
 */
export class DeskControls {
  readonly #pauses: RecordStore<Pause>;
  readonly #blocks: RecordStore<Block>;
  readonly #now: () => number;

  constructor(storage: Storage, options: { now: () => number }) {
    this.#pauses = storage.records('pauses', pause);
    this.#blocks = storage.records('blocks', block);
    this.#now = options.now;
  }

  async pause(guildId: string, moderatorId: string, notice: string): Promise<void> {
    await this.#pauses.save(guildId, { notice, moderatorId, at: this.#now() });
  }

  /** @returns false when it was not paused. */
  async resume(guildId: string): Promise<boolean> {
    return (await this.#pauses.take(guildId)) !== undefined;
  }

  /** @returns The pause that holds at a place. */
  async pausedAt(place: Place): Promise<Pause | undefined> {
    if (place.guildId) return this.#pauses.find(place.guildId);
    for await (const [, found] of this.#pauses.entries()) return found;
    return undefined;
  }

  /** @param until Milliseconds since 1970; without it until `unblock`. */
  async block(
    guildId: string,
    userId: string,
    by: { moderatorId: string; reason: string; until?: number },
  ): Promise<void> {
    const at = this.#now();
    await this.#blocks.save(`${userId}/${guildId}`, { ...by, at }, by.until && Math.max(1, by.until - at));
  }

  /** The blocks of a user, with the servers in which they hold, and without the moderators. */
  async blocksOf(userId: string): Promise<(Omit<Block, 'moderatorId'> & { guildId: string })[]> {
    const blocks = [];
    for await (const [key, { moderatorId: _, ...block }] of this.#blocks.entries(`${userId}/`)) {
      blocks.push({ guildId: key.slice(userId.length + 1), ...block });
    }
    return blocks;
  }

  /** @returns false when the user was not blocked. */
  async unblock(guildId: string, userId: string): Promise<boolean> {
    return (await this.#blocks.take(`${userId}/${guildId}`)) !== undefined;
  }

  /** @returns The block that holds for a user at a place. */
  async blockedAt(place: Place, userId: string): Promise<Block | undefined> {
    if (place.guildId) return this.#blocks.find(`${userId}/${place.guildId}`);
    for await (const [, found] of this.#blocks.entries(`${userId}/`)) return found;
    return undefined;
  }
}
