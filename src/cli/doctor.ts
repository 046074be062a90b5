import { examine } from './examine.ts';

/** The process of `npm run doctor`. What it opened need not be closed: the exit does that. */
process.exit(await examine(process.env, (text) => process.stdout.write(text)));
