import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Answer, Refusal } from './answers.ts';

/** The compiled scripts of the page: `npm run build:page` makes them. */
const SCRIPTS = fileURLToPath(new URL('../../dist/page/client', import.meta.url));
const CLIENT = fileURLToPath(new URL('./client', import.meta.url));
// Node gets a build of its own, in a folder beside the one for browsers.
const LIT_HTML = join(dirname(createRequire(import.meta.url).resolve('lit-html')), '..');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** One file of the page. @throws {Refusal} when there is none of this name. */
export async function assetAnswer(pathname: string): Promise<Answer> {
  const name = pathname === '/' ? '/index.html' : pathname;
  // No dot but the one before the ending, so that nothing climbs out of its folder.
  if (!/^(\/[\w-]+)+\.(html|css|js|svg)$/.test(name)) throw new Refusal(404, 'There is no such place.');
  const body = await readFile(fileOf(name), 'utf8').catch(() => {
    throw new Refusal(404, 'There is no such place.');
  });
  const answer = { status: 200, type: TYPES[extname(name)] ?? '', body };
  return extname(name) === '.html' ? { ...answer, headers: { 'content-security-policy': policyOf(body) } } : answer;
}

function fileOf(name: string): string {
  if (name.startsWith('/lit-html/')) return join(LIT_HTML, name.slice('/lit-html'.length));
  return join(extname(name) === '.js' ? SCRIPTS : CLIENT, name);
}

/** Nothing comes from anywhere else. The one script that stands in the page itself, its import map, is named by its hash. */
function policyOf(html: string): string {
  const script = /<script type="importmap">([\s\S]*?)<\/script>/.exec(html)?.[1] ?? '';
  const hash = createHash('sha256').update(script).digest('base64');
  return [
    "default-src 'none'",
    `script-src 'self' 'sha256-${hash}'`,
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
