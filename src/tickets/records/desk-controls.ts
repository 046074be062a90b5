import { z } from 'zod';
import type { RecordStore } from '../../storage/record-store.ts';
import type { Storage } from '../../storage/storage.ts';
import type { Place } from '../ticket-request.ts';

const pause = z.object({ notice: z.string(), moderatorId: z.string(), at: z.number() });
const block = z.object({ reason: z.string(), moderatorId: z.string(), at: z.number(), until: z.number().optional() });

export type Pause = z.infer<typeof pause>;
export type Block = z.infer<typeof block>;

/**
 * What moderators have switched off: all tickets of their server, or those of one user. It holds in their server and never
 * in another one. Direct messages are no server: they follow one only when there is no other (docs/operations.md).
 */
export class DeskControls {
  readonly #pauses: RecordStore<Pause>;
  readonly #blocks: RecordStore<Block>;
  readonly #now: () => number;
  readonly #onlyGuildId: () => string | undefined;

  /** @param options.onlyGuildId The bot's server, when it is in exactly one. */
  constructor(storage: Storage, options: { now: () => number; onlyGuildId?: () => string | undefined }) {
    this.#pauses = storage.records('pauses', pause);
    this.#blocks = storage.records('blocks', block);
    this.#now = options.now;
    this.#onlyGuildId = options.onlyGuildId ?? (() => undefined);
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
    const guildId = this.#rulesAt(place);
    return guildId === undefined ? undefined : this.#pauses.find(guildId);
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
    const guildId = this.#rulesAt(place);
    return guildId === undefined ? undefined : this.#blocks.find(`${userId}/${guildId}`);
  }

  /** @returns The server whose moderators have a say at a place. */
  #rulesAt(place: Place): string | undefined {
    return place.guildId ?? this.#onlyGuildId();
  }
}
