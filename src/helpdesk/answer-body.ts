import { promisify } from 'node:util';
import zlib from 'node:zlib';

const gunzip = promisify(zlib.gunzip);
const inflate = promisify(zlib.inflate);
const inflateRaw = promisify(zlib.inflateRaw);
const brotliDecompress = promisify(zlib.brotliDecompress);

/** Codings one over the other that are taken off. Two happen, where both PHP and the web server compress. */
const MAX_CODINGS = 3;

/**
 * The bytes of an answer's body without their compression. Servers and proxies compress although `identity` was asked for,
 * and some leave out the header that says so, or keep it for a text that is plain.
 * @param contentEncoding The header, as it came.
 * @param maxBytes How large it may get: a few kilobytes can grow to gigabytes.
 * @returns undefined when the compression is broken, cut off, unknown, or hides more than `maxBytes`.
 */
export async function decodeBody(
  body: Buffer,
  contentEncoding: string | undefined,
  maxBytes: number,
): Promise<Buffer | undefined> {
  const codings = (contentEncoding ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  if (codings.length > MAX_CODINGS) return undefined;
  let bytes = body;
  try {
    for (const coding of codings.toReversed()) {
      if (isPlain(bytes)) return bytes;
      bytes = await decode(bytes, coding, maxBytes);
    }
    for (let i = codings.length; isGzip(bytes) && i < MAX_CODINGS; i += 1)
      bytes = await decode(bytes, 'gzip', maxBytes);
    return bytes;
  } catch {
    return undefined;
  }
}

/** @throws {Error} when the bytes are no such thing, end too early, or get too large. */
async function decode(bytes: Buffer, coding: string, maxOutputLength: number): Promise<Buffer> {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return gunzip(bytes, { maxOutputLength });
    case 'deflate':
      // The name means zlib's format, and many servers send the bare one under it.
      return hasZlibHeader(bytes)
        ? inflate(bytes, { maxOutputLength }).catch(() => inflateRaw(bytes, { maxOutputLength }))
        : inflateRaw(bytes, { maxOutputLength });
    case 'br':
      return brotliDecompress(bytes, { maxOutputLength });
    default:
      throw new Error('an unknown content coding');
  }
}

/** An answer in XML or HTML, or with nothing in it. No compression begins with "<". */
function isPlain(bytes: Buffer): boolean {
  return /^\s*(?:<|$)/.test(bytes.subarray(0, 1024).toString('latin1'));
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** RFC 1950: the method is deflate, and the two bytes are a multiple of 31. */
function hasZlibHeader(bytes: Buffer): boolean {
  return bytes.length >= 2 && ((bytes[0] ?? 0) & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0;
}
