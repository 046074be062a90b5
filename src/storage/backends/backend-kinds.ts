/**
 * The kinds of stores, each with what its addresses begin with. Whoever adds one is led by the compiler to the functions that
 * have to know it, and by test/storage/backend-kinds.test.ts to its tests.
 */
export const BACKENDS = {
  sqlite: { address: /^sqlite:./i, prefixes: ['sqlite:'], example: 'sqlite:./folder/file.sqlite' },
  redis: { address: /^rediss?:\/\/./, prefixes: ['redis://', 'rediss://'], example: 'redis://host:6379' },
  postgres: {
    address: /^postgres(ql)?:\/\/./,
    prefixes: ['postgres://', 'postgresql://'],
    example: 'postgres://user:password@host/database',
  },
} as const;

export type BackendKind = keyof typeof BACKENDS;

/** @returns The kind of store that an address names; undefined for what is no address of a store. */
export function backendKindOf(url: string): BackendKind | undefined {
  const kinds = Object.keys(BACKENDS) as BackendKind[];
  return kinds.find((kind) => BACKENDS[kind].address.test(url));
}

/** What an address of a store begins with, for people. */
export const ADDRESS_PREFIXES = listed(Object.values(BACKENDS).flatMap(({ prefixes }) => [...prefixes]));
/** An address of each kind, for people. */
export const ADDRESS_EXAMPLES = listed(Object.values(BACKENDS).map(({ example }) => example));

function listed(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
