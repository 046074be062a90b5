import zlib from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { writeAnswer } from '../../sandbox/helpdesk/wire.ts';
import { failure, post, serverThatAnswers } from './helpdesk-harness.ts';

const ENVELOPE = writeAnswer('conforming', 'api_login', { kind: 'string', value: 'abc' });
const BARE = ENVELOPE.slice(ENVELOPE.indexOf('<SOAP-ENV:Envelope'));

describe('an answer that is compressed', () => {
  const CODINGS: [string, string, (bytes: Buffer) => Buffer][] = [
    ['gzip', 'gzip', zlib.gzipSync],
    ['gzip under its old name', 'X-GZip', zlib.gzipSync],
    ['gzip without a word', '', zlib.gzipSync],
    ['deflate', 'deflate', zlib.deflateSync],
    ['deflate without its header', 'deflate', zlib.deflateRawSync],
    ['deflate without its header, stored', 'deflate', (bytes) => zlib.deflateRawSync(bytes, { level: 0 })],
    ['brotli', 'br', zlib.brotliCompressSync],
    ['deflate, then gzip', 'deflate, gzip', (bytes) => zlib.gzipSync(zlib.deflateSync(bytes))],
    ['gzip twice, said once', 'gzip', (bytes) => zlib.gzipSync(zlib.gzipSync(bytes))],
    [
      'gzip in two pieces',
      'gzip',
      (b) => Buffer.concat([zlib.gzipSync(b.subarray(0, 99)), zlib.gzipSync(b.subarray(99))]),
    ],
  ];
  const answer = (coding: string, body: Buffer) => {
    const header = coding && `Content-Encoding: ${coding}\r\n`;
    const head = `HTTP/1.1 200 OK\r\n${header}Content-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
    return serverThatAnswers(Buffer.concat([Buffer.from(head), body]));
  };

  test.each(CODINGS)('with %s is read', async (_name, coding, compress) => {
    const url = await answer(coding, compress(Buffer.from(ENVELOPE)));
    await expect(post(url)).resolves.toMatchObject({ kind: 'envelope', xml: BARE, whole: true });
  });

  test.each(CODINGS)(
    'with %s and is cut, spoiled, or too large without it, leaves doubt',
    async (_n, coding, compress) => {
      const whole = compress(Buffer.from(ENVELOPE));
      const spoiled = Buffer.from(whole);
      spoiled.fill(0xff, Math.floor(whole.length / 2));
      const large = compress(Buffer.concat([Buffer.from(ENVELOPE), Buffer.alloc(4_000_000, ' ')]));
      for (const body of [whole.subarray(0, -9), spoiled, large]) {
        await expect(post(await answer(coding, body))).resolves.toEqual(failure('not-soap', true));
      }
    },
  );

  test('is read when it says so and is plain all the same', async () => {
    for (const coding of ['gzip', 'deflate', 'br', 'identity', 'none, gzip']) {
      await expect(post(await answer(coding, Buffer.from(ENVELOPE)))).resolves.toMatchObject({ xml: BARE });
    }
  });

  test('in a way that nobody knows leaves doubt', async () => {
    const body = zlib.gzipSync(ENVELOPE).subarray(2);
    await expect(post(await answer('zstd', body))).resolves.toEqual(failure('not-soap', true));
    const many = Array.from({ length: 50 }, () => 'gzip').join(', ');
    await expect(post(await answer(many, zlib.gzipSync(ENVELOPE)))).resolves.toEqual(failure('not-soap', true));
  });
});
