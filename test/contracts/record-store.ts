import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { StorageError, StorageInUseError } from '../../src/storage/record-store.ts';
import type { Storage } from '../../src/storage/storage.ts';

/** A backend under test, empty and open. */
export interface StorageUnderTest {
  storage: Storage;
  /** Opens the same backend once more, as another process does. */
  openAnother: (() => Promise<Storage>) | 'its records are gone with its process';
  /** Milliseconds to live, short enough for `passTime` and long enough for everything that comes before it. */
  ttlMs: number;
  /** Resolves when the backend thinks that this much time has passed. */
  passTime(ms: number): Promise<void>;
  dispose(): Promise<void>;
}

const counterSchema = z.object({ count: z.number() });

const switchSchema = z.object({ isOpen: z.boolean() });
const isStorageError = expect.any(StorageError);

/** What every storage backend must do. Call it inside a `describe`. */
export function describeRecordStore(open: () => Promise<StorageUnderTest>): void {
  let subject: StorageUnderTest;
  const counters = (namespace = 'counters') => subject.storage.records(namespace, counterSchema);

  beforeEach(async () => {
    subject = await open();
  });
  afterEach(async () => {
    await subject.dispose();
  });

  /** Opens the same backend once more. Undefined where there is nothing to open. */
  function openAgain(): Promise<Storage> | undefined {
    return typeof subject.openAnother === 'function' ? subject.openAnother() : undefined;
  }

  /** The same backend as another process has it at the same time. Undefined where a store belongs to one process. */
  async function another(): Promise<Storage | undefined> {
    return subject.storage.isShared ? openAgain() : undefined;
  }

  async function all(prefix?: string, namespace?: string): Promise<Record<string, number>> {
    const found: Record<string, number> = {};
    for await (const [key, { count }] of counters(namespace).entries(prefix)) found[key] = count;
    return found;
  }

  it('passes its own check', async () => {
    await subject.storage.check();
    expect(subject.storage.description).not.toBe('');
  });

  it('is open in one process, and refuses the next one, unless it says that several may share it', async () => {
    const opening = openAgain();
    if (!opening) return expect(subject.storage.isShared).toBe(false);
    if (subject.storage.isShared) await (await opening).close();
    else await expect(opening).rejects.toThrow(StorageInUseError);
  });

  it('keeps what it has taken until it is opened again', async () => {
    await counters().save('a', { count: 1 });
    await counters().save('b', { count: 2 });
    await counters().remove('b');
    await subject.storage.close();
    const storage = await openAgain();
    if (!storage) return;
    const reopened = storage.records('counters', counterSchema);
    expect([await reopened.find('a'), await reopened.find('b')]).toEqual([{ count: 1 }, undefined]);
    await storage.close();
  });

  it('finds what was saved, and undefined where nothing was', async () => {
    await counters().save('a', { count: 1 });
    await counters().save('a', { count: 2 });
    expect(await counters().find('a')).toEqual({ count: 2 });
    expect(await counters().find('b')).toBeUndefined();
  });

  it('gives back any text, as key and as value', async () => {
    const texts = subject.storage.records('texts', z.string());
    const key = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 40 })
      .filter((text) => !/[\0\u{10FFFF}]/u.test(text));
    await fc.assert(
      fc.asyncProperty(key, fc.string({ unit: 'binary' }), async (name, text) => {
        await texts.save(name, text);
        expect(await texts.find(name)).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['an empty key', ''],
    ['NUL', 'a\0b'],
    ['half a surrogate pair', 'a\uD800'],
    ['two thousand characters', 'k'.repeat(2000)],
    ['true', true as unknown as string],
    ['undefined', undefined as unknown as string],
  ])('refuses %s as a key', async (_, key) => {
    const records = counters();
    await expect(records.find(key)).rejects.toThrow(StorageError);
    await expect(records.save(key, { count: 1 })).rejects.toThrow(StorageError);
    await expect(records.insert(key, { count: 1 })).rejects.toThrow(StorageError);
    await expect(records.update(key, () => ({ count: 1 }))).rejects.toThrow(StorageError);
    await expect(records.take(key)).rejects.toThrow(StorageError);
    await expect(records.remove(key)).rejects.toThrow(StorageError);
  });

  it('removes a record, also one that is not there', async () => {
    await counters().save('a', { count: 1 });
    await counters().remove('a');
    await counters().remove('a');
    expect(await counters().find('a')).toBeUndefined();
  });

  it('inserts only where there is nothing', async () => {
    expect(await counters().insert('a', { count: 1 })).toBe(true);
    expect(await counters().insert('a', { count: 2 })).toBe(false);
    expect(await counters().find('a')).toEqual({ count: 1 });
  });

  it('lets one of twenty concurrent inserts win', async () => {
    const won = await Promise.all(Array.from({ length: 20 }, (_, count) => counters().insert('a', { count })));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await counters().find('a')).toEqual({ count: won.indexOf(true) });
  });

  it('gives a record to one of twenty concurrent takes', async () => {
    await counters().save('a', { count: 7 });
    const taken = await Promise.all(Array.from({ length: 20 }, () => counters().take('a')));
    expect(taken.filter((record) => record !== undefined)).toEqual([{ count: 7 }]);
    expect(await counters().find('a')).toBeUndefined();
  });

  it('counts fifty concurrent updates, also through stores that do not know of each other', async () => {
    const stores = [counters(), counters()];
    const increments = Array.from({ length: 50 }, (_, index) =>
      stores[index % 2]?.update('a', (current) => ({ count: (current?.count ?? 0) + 1 })),
    );
    await Promise.all(increments);
    expect(await counters().find('a')).toEqual({ count: 50 });
  });

  it('says what stands in the store after an update, and leaves it when the change gives undefined', async () => {
    expect(await counters().update('a', () => undefined)).toBeUndefined();
    expect(await counters().update('a', () => ({ count: 1 }))).toEqual({ count: 1 });
    expect(await counters().update('a', () => undefined)).toEqual({ count: 1 });
  });

  it('goes on after an update whose change throws', async () => {
    const boom = counters().update('a', () => {
      throw new Error('boom');
    });
    await expect(boom).rejects.toThrow(StorageError);
    expect(await counters().update('a', () => ({ count: 1 }))).toEqual({ count: 1 });
  });

  it('treats an expired record as absent everywhere', async () => {
    const { ttlMs } = subject;
    for (const key of ['found', 'inserted', 'taken', 'updated', 'listed']) {
      await counters().save(key, { count: 1 }, ttlMs);
    }
    await counters().save('kept', { count: 1 });
    expect(await counters().insert('inserted', { count: 2 })).toBe(false);
    expect(await counters().find('found')).toEqual({ count: 1 });

    await subject.passTime(ttlMs + 1);
    expect(await counters().find('found')).toBeUndefined();
    expect(await counters().take('taken')).toBeUndefined();
    expect(await all()).toEqual({ kept: 1 });
    expect(await counters().insert('inserted', { count: 2 })).toBe(true);
    expect(await counters().find('inserted')).toEqual({ count: 2 });
    expect(await counters().update('updated', (current) => ({ count: (current?.count ?? 10) + 1 }))).toEqual({
      count: 11,
    });
    expect(await counters().removeAll('')).toBe(3);
  });

  it('keeps the time to live over an update, unless the update gives another', async () => {
    const { ttlMs } = subject;
    const increment = (current: { count: number } | undefined) => ({ count: (current?.count ?? 0) + 1 });
    await counters().save('kept', { count: 1 }, ttlMs);
    await counters().save('longer', { count: 1 }, ttlMs);
    await counters().update('kept', increment);
    await counters().update('longer', increment, ttlMs * 1000);
    await subject.passTime(ttlMs + 1);
    expect(await all()).toEqual({ longer: 2 });
  });

  it('lets a save without a time to live live for ever', async () => {
    await counters().save('a', { count: 1 }, subject.ttlMs);
    await counters().save('a', { count: 2 });
    await subject.passTime(subject.ttlMs + 1);
    expect(await counters().find('a')).toEqual({ count: 2 });
  });

  it('takes a time to live that is already over for over, not for ever', async () => {
    await counters().save('zero', { count: 1 }, 0);
    await counters().save('negative', { count: 1 }, -5);
    await counters().save('fraction', { count: 1 }, 0.4);
    await subject.passTime(2);
    expect(await all()).toEqual({});
    await expect(counters().save('a', { count: 1 }, Number.NaN)).rejects.toThrow(StorageError);
  });

  it('keeps namespaces apart, also where one name begins with the other', async () => {
    for (const namespace of ['a', 'a-b', 'ab']) await counters(namespace).save('key', { count: namespace.length });
    await counters('a').save('b:key', { count: 9 });
    expect(await counters('a').removeAll('')).toBe(2);
    expect(await all('', 'a')).toEqual({});
    expect(await all('', 'a-b')).toEqual({ key: 3 });
    expect(await all('', 'ab')).toEqual({ key: 2 });
  });

  it('walks through more records than fit on a page', async () => {
    const keys = Array.from({ length: 450 }, (_, index) => `user:${index}`);
    await Promise.all(keys.map((key, count) => counters().save(key, { count })));
    await counters().save('other', { count: 0 });
    expect(Object.keys(await all('user:')).sort()).toEqual([...keys].sort());
    expect(Object.keys(await all())).toHaveLength(451);
  });

  it('reads a prefix as it is written, not as a pattern', async () => {
    const keys = ['a_b:1', 'a_b:2', 'axb:1', 'a%b:1', 'a*b:1', 'a?b', 'a[x]b', 'a\\b', 'A_B:1'];
    for (const key of keys) await counters().save(key, { count: 1 });
    for (const prefix of ['a_b:', 'a%', 'a*', 'a?', 'a[x]', 'a\\']) {
      const expected = keys.filter((key) => key.startsWith(prefix));
      expect(Object.keys(await all(prefix)).sort()).toEqual(expected);
      expect(await counters().removeAll(prefix)).toBe(expected.length);
    }
    expect(Object.keys(await all()).sort()).toEqual(['A_B:1', 'axb:1']);
  });

  it('rejects a record that does not fit the schema, and neither hands it out nor loses it', async () => {
    await subject.storage.records('counters', z.string()).save('secret-key', 'secret-value');
    const listing = async () => {
      for await (const _ of counters().entries()) expect.unreachable();
    };
    for (const attempt of [
      () => counters().find('secret-key'),
      () => counters().take('secret-key'),
      () => counters().update('secret-key', () => ({ count: 1 })),
      listing,
    ]) {
      const error = await attempt().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(StorageError);
      expect(String(error)).toContain('"counters"');
      expect(String(error)).not.toContain('secret');
    }
    expect(await subject.storage.records('counters', z.string()).find('secret-key')).toBe('secret-value');
    expect(await counters().removeAll('secret')).toBe(1);
  });

  describe('several records at once', () => {
    const switches = () => subject.storage.records('switches', switchSchema);
    const texts = () => subject.storage.records('texts', z.string());

    it('are read as one, of any kinds, in their order', async () => {
      await counters().save('a', { count: 1 });
      await texts().save('a', 'text');
      const found = await subject.storage.read([texts().at('a'), counters().at('none'), counters().at('a')]);
      const [text, none, counter] = found;
      expect(text?.toUpperCase()).toBe('TEXT');
      expect(none?.count).toBeUndefined();
      expect(counter?.count).toBe(1);
      expect(await subject.storage.read([])).toEqual([]);
    });

    it('are written, changed, removed and left alone as one', async () => {
      await counters().save('changed', { count: 1 });
      await counters().save('left', { count: 2 });
      await texts().save('removed', 'text');
      const refs = [
        counters().at('changed'),
        texts().at('removed'),
        counters().at('left'),
        switches().at('new'),
        texts().at('none'),
      ] as const;
      const result = await subject.storage.change(refs, ([changed, removed, left, created]) => ({
        changes: [{ save: { count: (changed?.count ?? 0) + 10 } }, 'remove', undefined, { save: { isOpen: true } }],
        result: { removed, left, created },
      }));
      expect(result).toEqual({ removed: 'text', left: { count: 2 }, created: undefined });
      expect(await subject.storage.read(refs)).toEqual([
        { count: 11 },
        undefined,
        { count: 2 },
        { isOpen: true },
        undefined,
      ]);
      expect(await all()).toEqual({ changed: 11, left: 2 });
    });

    it('stay as they are when nothing is to be written', async () => {
      await counters().save('a', { count: 1 });
      const refs = [counters().at('a'), texts().at('b')] as const;
      expect(await subject.storage.change(refs, ([counter]) => ({ result: counter?.count }))).toBe(1);
      expect(await subject.storage.change([], () => ({ result: 'nothing' }))).toBe('nothing');
      expect(await subject.storage.read(refs)).toEqual([{ count: 1 }, undefined]);
    });

    it('are all left alone when the decision fails, and others who write at the same time are not disturbed', async () => {
      await counters().save('a', { count: 1 });
      await texts().save('unreadable', 'text');
      const unreadable = subject.storage.records('texts', counterSchema).at('unreadable');
      const saved = () => ({ changes: [{ save: { count: 2 } }] as const, result: undefined });
      const outcomes = await Promise.allSettled([
        subject.storage.change([counters().at('a'), counters().at('b')], () => {
          throw new Error('boom');
        }),
        subject.storage.change([counters().at('a'), unreadable], saved),
        subject.storage.change([counters().at('a'), counters().at('')], saved),
        subject.storage.change([counters().at('a'), counters().at('a')], saved),
        subject.storage.change([counters().at('a')], () => ({
          changes: [{ save: { count: 2 }, ttlMs: Number.NaN }],
          result: undefined,
        })),
        subject.storage.change([counters().at('c')], saved),
        counters().save('d', { count: 4 }),
      ]);
      const failure = { status: 'rejected', reason: isStorageError };
      expect(outcomes.slice(0, 5)).toEqual([failure, failure, failure, failure, failure]);
      expect(outcomes.slice(5).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
      expect(await all()).toEqual({ a: 1, c: 2, d: 4 });
      expect(await subject.storage.change([counters().at('a')], saved)).toBeUndefined();
      expect(await all()).toEqual({ a: 2, c: 2, d: 4 });
    });

    it('end when they would have, unless they get another time to live; new ones live for ever', async () => {
      const { ttlMs, storage } = subject;
      for (const key of ['kept', 'longer']) await counters().save(key, { count: 1 }, ttlMs);
      for (const key of ['shorter', 'still for ever']) await counters().save(key, { count: 1 });
      const keys = ['kept', 'longer', 'shorter', 'still for ever', 'new', 'new and short'];
      const lives = [undefined, ttlMs * 1000, ttlMs, undefined, undefined, ttlMs];
      await storage.change(
        keys.map((key) => counters().at(key)),
        () => ({ changes: lives.map((life) => ({ save: { count: 2 }, ttlMs: life })), result: undefined }),
      );
      expect(Object.keys(await all())).toHaveLength(6);
      await subject.passTime(ttlMs + 1);
      expect(await all()).toEqual({ longer: 2, 'still for ever': 2, new: 2 });
      // One that has expired is no record that ends when it would have.
      await storage.change([counters().at('kept')], ([kept]) => ({
        changes: [kept === undefined ? { save: { count: 3 } } : 'remove'],
        result: undefined,
      }));
      await storage.sweep();
      await subject.passTime(ttlMs + 1);
      expect(await all()).toEqual({ kept: 3, longer: 2, 'still for ever': 2, new: 2 });
    });

    it('lose nothing to fifty changes at once, in either order, also from two processes', async () => {
      const other = await another();
      const storages = [subject.storage, other ?? subject.storage];
      const plusOne = (one: { count: number } | undefined) => ({ save: { count: (one?.count ?? 0) + 1 } });
      const changes = Array.from({ length: 50 }, (_, index) => {
        const storage = storages[index % 2] as Storage;
        const [a, b] = [
          storage.records('counters', counterSchema).at('a'),
          storage.records('texts', z.string()).at('b'),
        ];
        const longer = (text: string | undefined) => ({ save: `${text ?? ''}+` });
        return index % 4 < 2
          ? storage.change([a, b], ([one, text]) => ({ changes: [plusOne(one), longer(text)], result: undefined }))
          : storage.change([b, a], ([text, one]) => ({ changes: [longer(text), plusOne(one)], result: undefined }));
      });
      await Promise.all(changes);
      expect(await counters().find('a')).toEqual({ count: 50 });
      expect(await texts().find('b')).toHaveLength(50);
      await other?.close();
    });

    it('are written only while what was read beside them still stands', async () => {
      const other = await another();
      const storages = [subject.storage, other ?? subject.storage];
      await switches().save('s', { isOpen: true });
      const countIfOpen = (index: number) => {
        const storage = storages[index % 2] as Storage;
        const counter = storage.records('counters', counterSchema).at('a');
        const isOpen = storage.records('switches', switchSchema).at('s');
        return storage.change([counter, isOpen], ([one, door]) =>
          door?.isOpen ? { changes: [{ save: { count: (one?.count ?? 0) + 1 } }], result: true } : { result: false },
        );
      };
      const closing = (async () => {
        await (other ?? subject.storage).records('switches', switchSchema).save('s', { isOpen: false });
        return counters().find('a');
      })();
      const counted = await Promise.all(Array.from({ length: 50 }, (_, index) => countIfOpen(index)));
      const whenClosed = (await closing)?.count ?? 0;
      expect(counted.filter(Boolean)).toHaveLength(whenClosed);
      expect((await counters().find('a'))?.count ?? 0).toBe(whenClosed);
      await other?.close();
    });

    it('let one of two insert where both look at what the other inserts', async () => {
      const other = await another();
      for (let round = 0; round < 10; round += 1) {
        const insertUnless = (storage: Storage, mine: string, theirs: string) => {
          const records = storage.records('texts', z.string());
          return storage.change([records.at(`${mine}/${round}`), records.at(`${theirs}/${round}`)], ([, other]) =>
            other === undefined ? { changes: [{ save: 'mine' }], result: true } : { result: false },
          );
        };
        const won = await Promise.all([
          insertUnless(subject.storage, 'a', 'b'),
          insertUnless(other ?? subject.storage, 'b', 'a'),
        ]);
        expect(won.filter(Boolean)).toHaveLength(1);
      }
      await other?.close();
    });

    it('take what belongs under their references, as the compiler knows', () => {
      const refs = [counters().at('a'), texts().at('b')] as const;
      // Never called: what counts is whether it compiles.
      const wrong = () => [
        // @ts-expect-error: a text is no counter.
        subject.storage.change(refs, () => ({ changes: [{ save: 'text' }], result: 0 })),
        // @ts-expect-error: two records, three changes.
        subject.storage.change(refs, () => ({ changes: [undefined, undefined, 'remove'], result: 0 })),
        // @ts-expect-error: the second record is a text.
        subject.storage.change(refs, ([, text]) => ({ result: text?.count })),
        // @ts-expect-error: there is no such thing to do.
        subject.storage.change(refs, () => ({ changes: ['delete'], result: 0 })),
      ];
      expect(wrong).toBeTypeOf('function');
    });
  });

  it('refuses everything once it is closed', async () => {
    const records = counters();
    await subject.storage.close();
    await expect(records.find('a')).rejects.toThrow(StorageError);
    await expect(records.save('a', { count: 1 })).rejects.toThrow(StorageError);
    await expect(records.take('a')).rejects.toThrow(StorageError);
    await expect(subject.storage.read([records.at('a')])).rejects.toThrow(StorageError);
    await expect(subject.storage.change([records.at('a')], () => ({ result: 1 }))).rejects.toThrow(StorageError);
    await subject.storage.close();
  });
}
