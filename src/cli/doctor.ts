import { examine } from './examine.ts';

const USAGE = `Examines everything that the bot needs, and changes nothing. Ends with 1 when something is wrong.

  npm run doctor                       for people
  npm run doctor --silent -- --json    one JSON object, for programs
`;

/** The process of `npm run doctor`. What it opened need not be closed: the exit does that. */
async function main(args: readonly string[]): Promise<0 | 1 | 2> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(USAGE);
    return 0;
  }
  const unknown = args.find((arg) => arg !== '--json');
  if (unknown !== undefined) {
    process.stdout.write(`The doctor has no argument ${unknown}.\n\n${USAGE}`);
    return 2;
  }
  return examine(process.env, (text) => process.stdout.write(text), { json: args.includes('--json') });
}

process.exit(await main(process.argv.slice(2)));
