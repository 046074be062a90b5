import { z } from 'zod';
import { wasClockAhead } from '../storage/clock-ahead.ts';
import type { RecordRef, RecordStore } from '../storage/record-store.ts';
import type { Storage } from '../storage/storage.ts';
import type { Blocked, Paused } from './ticket-outcome.ts';
import type { Place } from './ticket-request.ts';

const pause = z.object({ notice: z.string(), moderatorId: z.string(), at: z.number() });
const block = z.object({ reason: z.string(), moderatorId: z.string(), at: z.number(), until: z.number().optional() });

export type Pause = z.infer<typeof pause>;
export type Block = z.infer<typeof block>;

/**
 * What moderators have switched off: all tickets of their server, or those of one user. It holds in their server and never
 * in another one. Direct messages are no server: they follow one only when there is no other (docs/operations.md).
 */
export class DeskControls {
  readonly #storage: Storage;
  readonly #pauses: RecordStore<Pause>;
  readonly #blocks: RecordStore<Block>;
  readonly #now: () => number;
  readonly #onlyGuildId: () => string | undefined;

  /** @param options.onlyGuildId The bot's server, when it is in exactly one. */
  constructor(storage: Storage, options: { now: () => number; onlyGuildId?: () => string | undefined }) {
    this.#storage = storage;
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

  /**
   * The blocks of a server. Looks at those of all servers: they stand under the user, of whom all is removed together, and there
   * are only as many as moderators have typed.
   */
  async blocksIn(guildId: string): Promise<(Block & { userId: string })[]> {
    const blocks = [];
    for await (const [key, stored] of this.#blocks.entries()) {
      const [userId = '', place] = key.split('/');
      const block = place === guildId ? correctedBlock(stored, this.#now()) : undefined;
      if (block) blocks.push({ ...block, userId });
    }
    return blocks;
  }

  /** @returns The block of a user in one server. */
  async blockOf(guildId: string, userId: string): Promise<Block | undefined> {
    const stored = await this.#blocks.find(`${userId}/${guildId}`);
    return stored && correctedBlock(stored, this.#now());
  }

  /** @returns false when the user was not blocked. */
  async unblock(guildId: string, userId: string): Promise<boolean> {
    return (await this.#blocks.take(`${userId}/${guildId}`)) !== undefined;
  }

  /** Where the pause and the block stand that may hold for a user at a place, for reading them together with others. */
  at(place: Place, userId: string): { pause: RecordRef<Pause> | undefined; block: RecordRef<Block> | undefined } {
    const guildId = this.#rulesAt(place);
    if (guildId === undefined) return { pause: undefined, block: undefined };
    return { pause: this.#pauses.at(guildId), block: this.#blocks.at(`${userId}/${guildId}`) };
  }

  /** What keeps a user from opening tickets, as these records say. Pure. */
  closedBy({ pause, block }: { pause: Pause | undefined; block: Block | undefined }): Paused | Blocked | undefined {
    const holding = block && correctedBlock(block, this.#now());
    if (holding) return { kind: 'blocked', reason: holding.reason, until: holding.until };
    return pause && { kind: 'paused', notice: pause.notice };
  }

  /**
   * Writes a block down as it holds, when it was set while the clock was ahead: else it would begin anew at each look and
   * come back when the clock reaches its time.
   */
  async correct(place: Place, userId: string, stored: Block | undefined): Promise<void> {
    const now = this.#now();
    const block = stored && correctedBlock(stored, now);
    if (block === stored) return;
    const guildId = this.#rulesAt(place);
    const isSame = (current: Block | undefined) => current?.at === stored?.at && current?.until === stored?.until;
    await this.#storage.change([this.#blocks.at(`${userId}/${guildId}`)], ([current]) => {
      if (!isSame(current)) return { result: undefined };
      return {
        changes: [block?.until === undefined ? 'remove' : { save: block, ttlMs: Math.max(1, block.until - now) }],
        result: undefined,
      };
    });
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
