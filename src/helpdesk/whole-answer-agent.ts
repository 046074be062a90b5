import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';

/** The length that an answer had announced, in place of Content-Length. */
export const ANNOUNCED_LENGTH = 'x-announced-length';

/** Bytes of a head that are looked through. Node itself takes no more than 16 KB. */
const MAX_HEAD_BYTES = 32 * 1024;

/**
 * Makes connections of which the answer is read until they end, however long it says that it is. NuSOAP counts characters in
 * place of bytes, and PHP prints warnings that nobody counts: at the announced length, the end of a ticket would be cut off
 * although it is on its way. Whoever reads the answer has to go by {@link ANNOUNCED_LENGTH} for when it is all there.
 *
 * Each call has a connection of its own. What they share is the TLS session, where the server lets it be resumed.
 * @param protocol Of the URL.
 */
export function createWholeAnswerAgent(protocol: string): http.Agent {
  return protocol === 'https:' ? new WholeAnswerHttpsAgent() : new WholeAnswerHttpAgent();
}

class WholeAnswerHttpAgent extends http.Agent {
  override createConnection(...args: Parameters<http.Agent['createConnection']>): Socket {
    return withoutLength(super.createConnection(...args) as Socket);
  }
}

class WholeAnswerHttpsAgent extends https.Agent {
  override createConnection(...args: Parameters<https.Agent['createConnection']>): Socket {
    return withoutLength(super.createConnection(...args) as Socket);
  }
}

/** Changes the head of the answer before the socket hands it to its reader. A second stream around the socket would cost more. */
function withoutLength(socket: Socket): Socket {
  const push = socket.push.bind(socket);
  /** What has come of the head; undefined when it is over. */
  let head: Buffer | undefined = Buffer.alloc(0);

  /** @returns What can be handed on: nothing before the head is there. */
  function passHead(before: Buffer, chunk: Buffer): Buffer {
    const bytes = before.length === 0 ? chunk : Buffer.concat([before, chunk]);
    const end = bytes.indexOf('\r\n\r\n');
    if (end < 0 && bytes.length < MAX_HEAD_BYTES) {
      head = bytes;
      return Buffer.alloc(0);
    }
    const text = bytes.subarray(0, Math.max(0, end)).toString('latin1');
    // Such as 100 Continue: the answer itself is still to come.
    if (/^HTTP\/1\.\d 1(?!01)\d\d/.test(text)) {
      head = Buffer.alloc(0);
      return Buffer.concat([bytes.subarray(0, end + 4), passHead(head, bytes.subarray(end + 4))]);
    }
    head = undefined;
    const lengths = text.match(/^content-length:/gim) ?? [];
    if (lengths.length !== 1 || /^transfer-encoding:/im.test(text)) return bytes;
    const changed = text.replace(/^content-length:/im, `${ANNOUNCED_LENGTH}:`);
    return Buffer.concat([Buffer.from(changed, 'latin1'), bytes.subarray(end)]);
  }

  socket.push = (chunk: Buffer | null) => {
    if (head === undefined) return push(chunk);
    if (chunk === null) {
      // The connection ended within the head.
      if (head.length > 0) push(head);
      head = undefined;
      return push(null);
    }
    const bytes = passHead(head, chunk);
    return bytes.length === 0 || push(bytes);
  };
  return socket;
}
