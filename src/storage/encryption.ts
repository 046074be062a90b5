import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { ShortMemory } from '../short-memory.ts';
import { StorageError } from './record-store.ts';

const PLAIN_MARKER = 'plain1:';
const SEALED_MARKER = 'aes1:';
/** Bytes, as AES-256 wants them. */
const KEY_BYTES = 32;
/** Bytes, as GCM wants them. */
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Turns texts into what is stored and back. */
export interface Seal {
  /** @param context Where the text belongs. A sealed text opens in the same context only. */
  seal(text: string, context: string): string;
  /** @throws {StorageError} when the text was changed, moved to another context, or sealed with an unknown key. */
  open(stored: string, context: string): string;
  /** How a text is sealed, by its marker alone: with the first key, with another one of the ring, not at all though there are keys, or unknown. */
  stateOf(stored: string): SealState;
}

export type SealState = 'current' | 'old-key' | 'plain' | 'unknown';

/**
 * Makes a seal: AES-256-GCM with a random IV; marker, key ID and context are authenticated too.
 *
 * The first key seals and every key opens, so that a key is rotated by putting the new one in front. Without keys,
 * texts are stored readable behind a marker. Such texts also open when there are keys: encryption can be turned on for
 * a store that is in use, and a record becomes sealed with its next write. The price: whoever can write to the
 * backend can plant readable records, though never read or change the sealed ones.
 *
 * The steps of a ticket read what the step before has written or read. What was sealed or opened a moment ago, letter for letter
 * and in the same context, is not decrypted again.
 */
export function createSeal(keys: readonly Buffer[]): Seal {
  const ring = keys.map((key) => {
    if (key.length !== KEY_BYTES) throw new StorageError(`A storage key must have ${KEY_BYTES} bytes.`);
    // Made once: Node makes one of the bytes for each record otherwise.
    return { id: keyId(key), key: createSecretKey(key) };
  });
  const [current] = ring;
  const known = new ShortMemory<Known>();
  return {
    seal(text, context) {
      if (current === undefined) return PLAIN_MARKER + text;
      const header = `${SEALED_MARKER}${current.id}:`;
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', current.key, iv).setAAD(Buffer.from(header + context));
      const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      const stored = header + sealed.toString('base64');
      known.set(endOf(stored), { stored, context, text });
      return stored;
    },
    stateOf(stored) {
      if (stored.startsWith(PLAIN_MARKER)) return current === undefined ? 'current' : 'plain';
      const [, id] = /^aes1:([0-9a-f]{8}):/.exec(stored) ?? [];
      if (id === undefined || !ring.some((candidate) => candidate.id === id)) return 'unknown';
      return id === current?.id ? 'current' : 'old-key';
    },
    open(stored, context) {
      if (stored.startsWith(PLAIN_MARKER)) return stored.slice(PLAIN_MARKER.length);
      const remembered = known.get(endOf(stored));
      if (remembered?.stored === stored && remembered.context === context) return remembered.text;
      const [, header, id, body] = /^(aes1:([0-9a-f]{8}):)([A-Za-z0-9+/]+={0,2})$/.exec(stored) ?? [];
      if (header === undefined || body === undefined) throw new StorageError('A stored record has an unknown format.');
      const candidate = ring.find((one) => one.id === id);
      if (candidate === undefined) {
        throw new StorageError('A stored record is encrypted with a key that STORAGE_KEY does not list. Add that key.');
      }
      const text = decrypt(candidate.key, Buffer.from(body, 'base64'), Buffer.from(header + context));
      known.set(endOf(stored), { stored, context, text });
      return text;
    },
  };
}

/** A text that was sealed or opened, and what it is without its encryption. */
interface Known {
  readonly stored: string;
  readonly context: string;
  readonly text: string;
}

/** Most of the tag, by which two sealed texts differ. A whole one would make a long key. */
function endOf(stored: string): string {
  return stored.slice(-TAG_BYTES);
}

function decrypt(key: KeyObject, sealed: Buffer, associated: Buffer): string {
  if (sealed.length < IV_BYTES + TAG_BYTES) throw new StorageError('A stored record is too short to be whole.');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(associated).setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    const text = decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new StorageError('A stored record was changed outside the bot, or its key is another.', { cause });
  }
}

/** Tells keys of the ring apart without giving anything of them away. */
function keyId(key: Buffer): string {
  return createHmac('sha256', key).update('openticket storage key').digest('hex').slice(0, 8);
}

/**
 * Reads a setting with 32-byte keys, each as 64 hexadecimal digits or as base64, separated by commas.
 * @returns The keys, first the one that encrypts; none for an empty text; undefined when a part is no such key.
 */
export function parseStorageKeys(text: string): Buffer[] | undefined {
  if (text.trim() === '') return [];
  const keys: Buffer[] = [];
  for (const part of text.split(',').map((candidate) => candidate.trim())) {
    const isHex = /^[0-9a-fA-F]{64}$/.test(part);
    if (!isHex && !/^[A-Za-z0-9+/_-]{43}=?$/.test(part)) return undefined;
    // Node reads both alphabets of base64 under one name.
    const key = Buffer.from(part, isHex ? 'hex' : 'base64');
    if (key.length !== KEY_BYTES) return undefined;
    keys.push(key);
  }
  return keys;
}
