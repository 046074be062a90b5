import { z } from 'zod';
import { wasClockAhead } from '../../storage/clock-ahead.ts';
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
    for await (const [key, stored] of this.#blocks.entries(`${userId}/`)) {
      const block = correctedBlock(stored, this.#now());
      if (!block) continue;
      const { moderatorId: _, ...known } = block;
      blocks.push({ guildId: key.slice(userId.length + 1), ...known });
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
    return guildId === undefined ? undefined : this.#findBlock(`${userId}/${guildId}`);
  }

  async #findBlock(key: string): Promise<Block | undefined> {
    const now = this.#now();
    const stored = await this.#blocks.find(key);
    const block = stored && correctedBlock(stored, now);
    if (block === stored) return block;
    // Written down, or it would begin anew at each look and come back when the clock reaches its time.
    const lifetimeMs = block?.until === undefined ? 1 : Math.max(1, block.until - now);
    const isSame = (current: Block | undefined) => current?.at === stored?.at && current?.until === stored?.until;
    await this.#blocks.update(key, (current) => (isSame(current) ? (block ?? current) : undefined), lifetimeMs);
    return block;
  }

  /** @returns The server whose moderators have a say at a place. */
  #rulesAt(place: Place): string | undefined {
    return place.guildId ?? this.#onlyGuildId();
  }
}

/**
 * A block that was set while the clock was ahead would hold until then. It holds for as long as the moderator said, from
 * now; one from further ahead than that is over.
 * @returns The block as it holds now; the same object where nothing has to be corrected.
 */
function correctedBlock(block: Block, now: number): Block | undefined {
  const { at, until } = block;
  if (until === undefined) return block;
  if (until <= now) return undefined;
  if (!wasClockAhead(at, now)) return block;
  const lengthMs = until - at;
  return at - now > lengthMs ? undefined : { ...block, at: now, until: now + lengthMs };
}
