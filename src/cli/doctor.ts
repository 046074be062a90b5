import { examine } from './examine.ts';

const USAGE = `Examines everything that the bot needs, and changes nothing. Ends with 1 when something is wrong.

  npm run doctor                       for people
  npm run doctor --silent -- --json    one JSON object, for programs
`;

/** The process of `npm run doctor`. What it opened need not be closed: the exit does that. */
async function main(args: readonly string[]): Promise<0 | 1 | 2> {
  const isHelp = args.includes('--help');
  if (isHelp || args.some((arg) => arg !== '--json')) {
    process.stdout.write(USAGE);
    return isHelp ? 0 : 2;
  }
  return examine(process.env, (text) => process.stdout.write(text), { json: args.includes('--json') });
}

process.exit(await main(process.argv.slice(2)));
