import type { IncomingMessage } from 'node:http';
import { refusal } from '../rules/api-error.ts';
import type { UploadedFile } from '../rules/sent-message.ts';

/** Bytes of one request; above the 10 MiB that a single file may have. */
const MAX_BODY_BYTES = 30 * 1024 * 1024;

export interface RequestBody {
  readonly json: unknown;
  readonly files: readonly UploadedFile[];
}

/**
 * Reads JSON, or a form with `payload_json` and `files[n]`.
 * @throws {ApiError} 50109 for JSON that is none.
 */
export async function readBody(request: IncomingMessage): Promise<RequestBody> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw refusal('invalidBody');
    chunks.push(chunk);
  }
  if (size === 0) return { json: undefined, files: [] };
  const bytes = Buffer.concat(chunks);
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) return { json: parseJson(bytes.toString('utf8')), files: [] };
  return readForm(bytes, type);
}

async function readForm(bytes: Buffer, type: string): Promise<RequestBody> {
  const form = await new Response(bytes, { headers: { 'content-type': type } }).formData();
  const files: UploadedFile[] = [];
  let json: unknown = {};
  for (const [name, value] of form) {
    if (typeof value === 'string') {
      if (name === 'payload_json') json = parseJson(value);
      continue;
    }
    const index = /^files\[(\d+)\]$/.exec(name)?.[1];
    if (index === undefined) continue;
    const content = Buffer.from(await value.arrayBuffer());
    files.push({ index, name: value.name, contentType: contentType(value.name, value.type), content });
  }
  return { json, files };
}

/** discord.js sends no type for a text file; Discord goes by its name. */
function contentType(name: string, sent: string): string {
  if (sent && sent !== 'application/octet-stream') return sent;
  if (/\.(txt|log|md)$/i.test(name)) return 'text/plain; charset=utf-8';
  if (/\.json$/i.test(name)) return 'application/json; charset=utf-8';
  return 'application/octet-stream';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refusal('notJson');
  }
}
