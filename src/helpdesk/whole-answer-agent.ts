import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** The length that an answer had announced, in place of Content-Length. */
export const ANNOUNCED_LENGTH = 'x-announced-length';

/** Bytes of a head that are looked through. Node itself takes no more than 16 KB. */
const MAX_HEAD_BYTES = 32 * 1024;

/**
 * Makes connections of which the answer is read until they end, however long it says that it is. NuSOAP counts characters in
 * place of bytes, and PHP prints warnings that nobody counts: at the announced length, the end of a ticket would be cut off
 * although it is on its way. Whoever reads the answer has to go by {@link ANNOUNCED_LENGTH} for when it is all there.
 * @param protocol Of the URL.
 */
export function createWholeAnswerAgent(protocol: string): http.Agent {
  return protocol === 'https:' ? new WholeAnswerHttpsAgent() : new WholeAnswerHttpAgent();
}

class WholeAnswerHttpAgent extends http.Agent {
  override createConnection(...args: Parameters<http.Agent['createConnection']>): Duplex {
    return new WholeAnswerConnection(super.createConnection(...args) as Socket);
  }
}

class WholeAnswerHttpsAgent extends https.Agent {
  override createConnection(...args: Parameters<https.Agent['createConnection']>): Duplex {
    return new WholeAnswerConnection(super.createConnection(...args) as Socket);
  }
}

/** A socket of which the head of the answer is changed on its way. Tells `connect` and `secureConnect` as a socket does. */
class WholeAnswerConnection extends Duplex {
  readonly #socket: Socket;
  /** What has come of the head; undefined when it is over. */
  #head: Buffer | undefined = Buffer.alloc(0);

  constructor(socket: Socket) {
    super({ allowHalfOpen: false });
    this.#socket = socket;
    for (const event of ['connect', 'secureConnect']) socket.once(event, () => this.emit(event));
    socket.on('data', (chunk: Buffer) => {
      const bytes = this.#head ? this.#passHead(this.#head, chunk) : chunk;
      if (bytes.length > 0 && !this.push(bytes)) socket.pause();
    });
    socket.on('end', () => this.#end());
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  /** @returns What can be handed on: nothing before the head is there. */
  #passHead(before: Buffer, chunk: Buffer): Buffer {
    const bytes = Buffer.concat([before, chunk]);
    const end = bytes.indexOf('\r\n\r\n');
    if (end < 0 && bytes.length < MAX_HEAD_BYTES) {
      this.#head = bytes;
      return Buffer.alloc(0);
    }
    const head = bytes.subarray(0, Math.max(0, end)).toString('latin1');
    // Such as 100 Continue: the answer itself is still to come.
    if (/^HTTP\/1\.\d 1(?!01)\d\d/.test(head)) {
      this.#head = Buffer.alloc(0);
      return Buffer.concat([bytes.subarray(0, end + 4), this.#passHead(this.#head, bytes.subarray(end + 4))]);
    }
    this.#head = undefined;
    const lengths = head.match(/^content-length:/gim) ?? [];
    if (lengths.length !== 1 || /^transfer-encoding:/im.test(head)) return bytes;
    const changed = head.replace(/^content-length:/im, `${ANNOUNCED_LENGTH}:`);
    return Buffer.concat([Buffer.from(changed, 'latin1'), bytes.subarray(end)]);
  }

  #end(): void {
    if (this.#head?.length) this.push(this.#head);
    this.push(null);
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#socket.write(chunk, encoding, callback);
  }

  override _final(callback: () => void): void {
    this.#socket.end(callback);
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#socket.destroy();
    callback(error);
  }
}
