import { writeFileSync } from 'node:fs';
import { readResults } from '../results.ts';
import { writePage } from './page.ts';
import { plotsOf } from './plots.ts';

const DOCS = new URL('../../../docs/', import.meta.url);

const results = readResults(20);
for (const { name, draw } of plotsOf(results)) {
  for (const theme of ['light', 'dark'] as const)
    writeFileSync(new URL(`images/${name}-${theme}.svg`, DOCS), draw(theme));
}
writeFileSync(new URL('performance.md', DOCS), writePage(results, readResults(24)));
console.log('docs/performance.md was written.');
