import { ADDRESS_EXAMPLES, backendKindOf } from '../../src/storage/backends/backend-kinds.ts';

/** @returns What is wrong with an address of a store, for whoever typed it; undefined when the bot knows the kind of store. */
export function wrongInStoreAddress(address: string): string | undefined {
  return backendKindOf(address) ? undefined : `must be an address of a store, such as ${ADDRESS_EXAMPLES}`;
}
