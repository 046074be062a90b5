import type { RecordName } from './backend.ts';

/** All keys begin with this. After it comes a namespace and a colon, or, as no namespace is empty, a colon for what is ours alone. */
export const KEY_PREFIX = 'openticket:';
/**
 * A sorted set of all records that have a lifetime, as `namespace:key`, by the time when each ends (milliseconds since 1970 on
 * the bot's clock). Only a hint where to look: what has expired is decided by the server.
 */
export const EXPIRY_INDEX = `${KEY_PREFIX}:expiry`;
const NAMESPACE_INDEX = `${KEY_PREFIX}:keys:`;
/** A pattern for the sorted sets of all namespaces. */
export const ALL_INDEXES = `${NAMESPACE_INDEX}*`;

/** The sorted set with the keys of a namespace, in the order of their bytes. */
export function indexOf(namespace: string): string {
  return NAMESPACE_INDEX + namespace;
}

export function namespaceOfIndex(index: string): string {
  return index.slice(NAMESPACE_INDEX.length);
}

/** What a record is called in the index by expiry. */
export function nameOf({ namespace, key }: RecordName): string {
  return `${namespace}:${key}`;
}

export function nameInRedis(record: RecordName): string {
  return KEY_PREFIX + nameOf(record);
}

/** A namespace has no colon; a key may have some. */
export function recordNamed(name: string): RecordName {
  const colon = name.indexOf(':');
  return { namespace: name.slice(0, colon), key: name.slice(colon + 1) };
}
