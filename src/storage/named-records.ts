import type { RecordChange, RecordOf, RecordRef } from './record-store.ts';
import type { Storage } from './storage.ts';

/** Records by a name of the caller's choice. Undefined stands for none: it is read as absent, and not written. */
export type RecordRefs = Readonly<Record<string, RecordRef<unknown> | undefined>>;
/** What was found, under the same names. */
export type RecordValues<Refs> = { readonly [Name in keyof Refs]: RecordOf<Refs[Name]> | undefined };
/** What to do with each, under the same names. */
export type RecordChanges<Refs> = { readonly [Name in keyof Refs]?: RecordChange<RecordOf<Refs[Name]>> };

/** `Storage.read`, with names. @throws {StorageError} */
export async function readNamed<Refs extends RecordRefs>(
  storage: Pick<Storage, 'read'>,
  refs: Refs,
): Promise<RecordValues<Refs>> {
  const [names, list] = namedRefs(refs);
  return valuesOf(names, list.length === 0 ? [] : await storage.read(list));
}

/** `Storage.change`, with names. @throws {StorageError} */
export function changeNamed<Refs extends RecordRefs, Result>(
  storage: Pick<Storage, 'change'>,
  refs: Refs,
  decide: (current: RecordValues<Refs>) => { readonly changes?: RecordChanges<Refs>; readonly result: Result },
): Promise<Result> {
  const [names, list] = namedRefs(refs);
  const decideList = (values: readonly unknown[]) => {
    const { changes, result } = decide(valuesOf(names, values));
    return { changes: names.map((name) => changes?.[name]), result };
  };
  return storage.change(list, decideList);
}

function namedRefs(refs: RecordRefs): [names: string[], refs: RecordRef<unknown>[]] {
  const found = Object.entries(refs).flatMap(([name, ref]) => (ref ? [{ name, ref }] : []));
  return [found.map(({ name }) => name), found.map(({ ref }) => ref)];
}

/** The compiler cannot follow names through lists: each value stands under the name of its reference. */
function valuesOf<Refs extends RecordRefs>(names: readonly string[], values: readonly unknown[]): RecordValues<Refs> {
  return Object.fromEntries(names.map((name, index) => [name, values[index]])) as RecordValues<Refs>;
}
