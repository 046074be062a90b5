import type { Backend, TextChange } from './backends/backend.ts';
import { boundedCall } from './bounded-call.ts';
import { checkKey } from './record-key.ts';
import { type RecordChange, type RecordRef, StorageError } from './record-store.ts';
import type { CurrentRecords, Decision, Storage } from './storage.ts';
import { wholeTtl } from './whole-ttl.ts';

/** Reads and changes several records of any kinds at once, over the texts that the backend keeps. */
export function createRecordTransactions(
  backend: Pick<Backend, 'read' | 'change' | 'deadlineMs'>,
): Pick<Storage, 'read' | 'change'> {
  const { deadlineMs } = backend;
  return {
    async read<const R extends readonly RecordRef<unknown>[]>(refs: R): Promise<CurrentRecords<R>> {
      return boundedCall(
        deadlineMs,
        () => `read ${kindsOf(refs)}`,
        async () => {
          for (const { key } of refs) checkKey(key);
          if (refs.length === 0) return decodeAll(refs, []);
          return decodeAll(refs, await backend.read(refs));
        },
      );
    },
    async change<const R extends readonly RecordRef<unknown>[], D>(
      refs: R,
      decide: (current: CurrentRecords<R>) => Decision<R, D>,
    ): Promise<D> {
      return boundedCall(
        deadlineMs,
        () => `change ${kindsOf(refs)}`,
        async (isTooLate) => {
          checkRefs(refs);
          let decision: Decision<R, D> | undefined;
          const decideTexts = (texts: readonly (string | undefined)[]) => {
            decision = decide(decodeAll(refs, texts));
            const changes: readonly RecordChange<unknown>[] = decision.changes ?? [];
            return refs.map((ref, index) => encodeChange(ref, changes[index]));
          };
          if (refs.length === 0) decideTexts([]);
          else await backend.change(refs, decideTexts, isTooLate);
          // The backend has called it, or has thrown.
          return (decision as Decision<R, D>).result;
        },
      );
    },
  };
}

function checkRefs(refs: readonly RecordRef<unknown>[]): void {
  const names = new Set<string>();
  for (const { namespace, key } of refs) {
    checkKey(key);
    const name = `${namespace}:${key}`;
    if (names.has(name)) throw new StorageError(`A record of "${namespace}" is named twice in one change.`);
    names.add(name);
  }
}

function decodeAll<R extends readonly RecordRef<unknown>[]>(
  refs: R,
  texts: readonly (string | undefined)[],
): CurrentRecords<R> {
  const records = refs.map(({ key, codec }, index) => {
    const text = texts[index];
    return text === undefined ? undefined : codec.decode(key, text);
  });
  return records as CurrentRecords<R>;
}

function encodeChange({ key, codec }: RecordRef<unknown>, change: RecordChange<unknown>): TextChange {
  if (change === undefined || change === 'remove') return change;
  return { text: codec.encode(key, change.save), ttlMs: wholeTtl(change.ttlMs) };
}

function kindsOf(refs: readonly RecordRef<unknown>[]): string {
  const kinds = [...new Set(refs.map(({ namespace }) => `"${namespace}"`))].join(', ');
  return refs.length === 1 ? `a record of ${kinds}` : `records of ${kinds}`;
}
