import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { changeNamed, type RecordChanges, type RecordRefs, type RecordValues } from '../storage/named-records.ts';
import { type RecordChange, type RecordRef, type RecordStore, StorageError } from '../storage/record-store.ts';
import type { Storage } from '../storage/storage.ts';
import { type MessageRecord, messageRecord, withAttempt } from './lifecycle/message-record.ts';
import {
  EMPTY_RECORD,
  findAttempt,
  hasSomethingOpen,
  isEmpty,
  type PersonRecord,
  personRecord,
} from './lifecycle/person-record.ts';
import { prune } from './lifecycle/prune.ts';

/** Milliseconds between tries to write what the store did not take. */
const WRITE_AGAIN_MS = 5000;

/** Whose record changes, and which of the attempts in it. */
export interface ChangeAt {
  readonly submitterId: string;
  /** The attempt that changes: the record of its message follows it. */
  readonly attemptId?: string | undefined;
  /** The escalated message, as `server/message`. */
  readonly message?: string | undefined;
  /** Somebody else whose record changes in the same commit. */
  readonly otherId?: string | undefined;
}

/** What a change is made from. */
export type Current<Refs extends RecordRefs> = RecordValues<Refs> & {
  readonly record: PersonRecord;
  /** The record of the escalated message. */
  readonly message: MessageRecord | undefined;
  /** The record of `otherId`. */
  readonly other: PersonRecord;
};

/** What a change makes of the records that it has read. */
export interface Decision<Refs extends RecordRefs, Result> {
  readonly record: PersonRecord;
  readonly other?: PersonRecord | undefined;
  readonly changes?: RecordChanges<Refs>;
  readonly result: Result;
}

/** Something that is true whether or not the store takes it: what a call came to, what a person has read. */
export interface Fact {
  readonly apply: (record: PersonRecord) => PersonRecord;
  readonly write: () => Promise<unknown>;
}

/**
 * The records of people and of escalated messages. Each change is one durable commit, with everything that belongs to it:
 * the person's record, the message's, the index of who has something open, texts and uses of limits.
 */
export class RequestRecords {
  readonly #storage: Storage;
  readonly #people: RecordStore<PersonRecord>;
  readonly #messages: RecordStore<MessageRecord>;
  /** Who has attempts that are live or not told, or a text that waits for the helpdesk: a start reads these and nobody else. */
  readonly #open: RecordStore<'open'>;
  readonly #options: { readonly lifetimeMs: number; readonly clock: Clock; readonly log: Log };
  /** What is true and the store did not take, by person, in its order. The one write-behind: it ends with the process. */
  readonly #unwritten = new Map<string, Fact[]>();
  #callOff: (() => void) | undefined;
  #isStopped = false;

  constructor(storage: Storage, options: { readonly lifetimeMs: number; readonly clock: Clock; readonly log: Log }) {
    const { lifetimeMs: longestMs } = options;
    this.#storage = storage;
    this.#people = storage.records('people', personRecord, { longestMs: 2 * longestMs });
    this.#messages = storage.records('escalated-messages', messageRecord, { longestMs });
    this.#open = storage.records('open-requests', z.literal('open'));
    this.#options = options;
  }

  /** For reading a person's record together with others. What it holds goes through `seen`. */
  person(userId: string): RecordRef<PersonRecord> {
    return this.#people.at(userId);
  }

  message(message: string): RecordRef<MessageRecord> {
    return this.#messages.at(message);
  }

  /** A record as it was read, with what the store does not know yet, and without what is too old to be known. */
  seen(userId: string, record: PersonRecord | undefined): PersonRecord {
    const known = (this.#unwritten.get(userId) ?? []).reduce(
      (current, fact) => fact.apply(current),
      record ?? EMPTY_RECORD,
    );
    return prune(known, this.#options.clock.now(), this.#options.lifetimeMs);
  }

  /** @throws {StorageError} */
  async find(userId: string): Promise<PersonRecord> {
    return this.seen(userId, await this.#people.find(userId));
  }

  /** @throws {StorageError} */
  async findMessage(message: string | undefined): Promise<MessageRecord | undefined> {
    return message === undefined ? undefined : this.#messages.find(message);
  }

  /**
   * Reads a person's record, with others, and writes what `decide` makes of all of it, or nothing. `decide` is pure, and may
   * run again.
   * @throws {StorageError} Then the change may have been made all the same.
   */
  async change<const Refs extends RecordRefs, Result>(
    at: ChangeAt,
    others: Refs,
    decide: (current: Current<Refs>) => Decision<Refs, Result>,
  ): Promise<Result> {
    await this.#catchUp(at.submitterId);
    return this.#write(at, others, decide);
  }

  #write<const Refs extends RecordRefs, Result>(
    { submitterId, attemptId, message, otherId }: ChangeAt,
    others: Refs,
    decide: (current: Current<Refs>) => Decision<Refs, Result>,
  ): Promise<Result> {
    const { clock, lifetimeMs } = this.#options;
    const own = {
      itsPerson: this.#people.at(submitterId),
      itsIndex: this.#open.at(submitterId),
      itsMessage: message === undefined ? undefined : this.#messages.at(message),
      itsOther: otherId === undefined || otherId === submitterId ? undefined : this.#people.at(otherId),
    };
    const decideAll = (values: RecordValues<Refs & typeof own>) => {
      // The names of the others are the caller's; the compiler cannot tell them from these.
      const current = values as RecordValues<typeof own>;
      const now = clock.now();
      const record = current.itsPerson ?? EMPTY_RECORD;
      const decided = decide({
        ...(values as RecordValues<Refs>),
        record,
        message: current.itsMessage,
        other: current.itsOther ?? EMPTY_RECORD,
      });
      const kept = (changed: PersonRecord) => withLifetime(prune(changed, now, lifetimeMs), now, lifetimeMs);
      const after = decided.record === record ? undefined : kept(decided.record);
      return {
        changes: {
          ...(decided.changes as RecordChanges<Refs & typeof own>),
          ...(after && {
            itsPerson: changeOfPerson(current.itsPerson, after, now),
            itsIndex: changeOfIndex(current.itsIndex, hasSomethingOpen(after)),
          }),
          ...(after &&
            attemptId !== undefined && {
              itsMessage: changeOfMessage(current.itsMessage ?? [], after, { submitterId, attemptId }, lifetimeMs),
            }),
          ...(decided.other && { itsOther: changeOfPerson(current.itsOther, kept(decided.other), now) }),
        },
        result: decided.result,
      };
    };
    return changeNamed(this.#storage, { ...others, ...own }, decideAll);
  }

  /**
   * Writes down what is true already. When the store does not take it, it is kept and written before the record is read
   * again; a process that dies before that leaves a doubt. Never rejects.
   */
  async state<const Refs extends RecordRefs>(
    at: ChangeAt,
    others: Refs,
    decide: (current: Current<Refs>) => Decision<Refs, void>,
    apply: Fact['apply'],
  ): Promise<void> {
    const { submitterId, attemptId } = at;
    const fact = { apply, write: () => this.#write(at, others, decide) };
    try {
      await this.#catchUp(submitterId);
      await fact.write();
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      this.#options.log.error({ error, attemptId }, 'what became of an attempt could not be written down yet');
      this.#unwritten.set(submitterId, [...(this.#unwritten.get(submitterId) ?? []), fact]);
      this.#writeLater();
    }
  }

  /** Takes a person out of the records of the messages that they have escalated. @throws {StorageError} */
  async leaveMessages(userId: string, record: PersonRecord): Promise<void> {
    for (const { message, attempts } of record.requests) {
      if (message === undefined) continue;
      const sending = new Set(attempts.filter(({ stage }) => stage.kind === 'sending').map(({ id }) => id));
      await changeNamed(this.#storage, { entries: this.#messages.at(message) }, ({ entries = [] }) => {
        const others = entries.filter((entry) => entry.submitterId !== userId || sending.has(entry.attemptId));
        if (others.length === entries.length) return { result: undefined };
        return { changes: { entries: others.length === 0 ? 'remove' : { save: others } }, result: undefined };
      });
    }
  }

  /** Everybody who has something open, as the index says. @throws {StorageError} */
  async *openPeople(): AsyncIterable<string> {
    for await (const [userId] of this.#open.entries()) yield userId;
  }

  /** Takes a person without a record out of the index. @throws {StorageError} */
  async leaveIndex(userId: string): Promise<void> {
    await changeNamed(
      this.#storage,
      { person: this.#people.at(userId), index: this.#open.at(userId) },
      ({ person, index }) => ({
        changes: { index: changeOfIndex(index, person !== undefined && hasSomethingOpen(person)) },
        result: undefined,
      }),
    );
  }

  /** Tries once more to write what is kept, and gives up then. Never rejects. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#callOff?.();
    await this.#writeAll();
  }

  /** @throws {StorageError} when the store still does not take it. */
  async #catchUp(userId: string): Promise<void> {
    for (;;) {
      const [fact] = this.#unwritten.get(userId) ?? [];
      if (!fact) return;
      await fact.write();
      const rest = (this.#unwritten.get(userId) ?? []).filter((other) => other !== fact);
      if (rest.length === 0) this.#unwritten.delete(userId);
      else this.#unwritten.set(userId, rest);
    }
  }

  #writeLater(): void {
    if (this.#isStopped) return;
    this.#callOff ??= this.#options.clock.after(WRITE_AGAIN_MS, () => {
      this.#callOff = undefined;
      void this.#writeAll().then(() => {
        if (this.#unwritten.size > 0) this.#writeLater();
      });
    });
  }

  async #writeAll(): Promise<void> {
    for (const userId of [...this.#unwritten.keys()]) await this.#catchUp(userId).catch(() => undefined);
  }
}

/** A record lives for its lifetime after each change, or a tenth more: a new end is written only now and then. */
function withLifetime(record: PersonRecord, now: number, lifetimeMs: number): PersonRecord {
  const isEnough = record.livesUntil >= now + lifetimeMs && record.livesUntil <= now + 2 * lifetimeMs;
  return isEnough ? record : { ...record, livesUntil: now + lifetimeMs + Math.ceil(lifetimeMs / 10) };
}

function changeOfPerson(
  before: PersonRecord | undefined,
  after: PersonRecord,
  now: number,
): RecordChange<PersonRecord> {
  if (isEmpty(after)) return before && 'remove';
  return before?.livesUntil === after.livesUntil ? { save: after } : { save: after, ttlMs: after.livesUntil - now };
}

function changeOfIndex(before: 'open' | undefined, isOpen: boolean): RecordChange<'open'> {
  if (isOpen === (before !== undefined)) return undefined;
  return isOpen ? { save: 'open' } : 'remove';
}

function changeOfMessage(
  before: MessageRecord,
  after: PersonRecord,
  at: { readonly submitterId: string; readonly attemptId: string },
  lifetimeMs: number,
): RecordChange<MessageRecord> {
  const entries = withAttempt(before, at, findAttempt(after, at.attemptId)?.attempt);
  if (entries.length === 0) return before.length === 0 ? undefined : 'remove';
  return { save: entries, ttlMs: lifetimeMs };
}
