import { writeFileSync } from 'node:fs';
import { messagesDocument } from './document.ts';
import { readSourceWords } from './source-words.ts';

// npm run messages: writes every word that people meet into one file.
writeFileSync(new URL('../../docs/messages.md', import.meta.url), messagesDocument(readSourceWords()));
